"""Finding the passages to read: search, and what is made to be found put last."""

from dataclasses import replace

from assistant.answer import Question
from assistant.reading import Evidence
from assistant.stuffing import echoes, is_stuffed
from index.library import Library

_DEEPER = 10
"""How much deeper is searched where stuffed passages push others out."""


def find(library: Library, question: Question, text: str) -> tuple[Evidence, ...]:
    """The best passages for a question, best first.

    Passages that are made to be found (`assistant.stuffing`) come last, so that they are answered from only where
    little else was found; then the search goes deeper, for what they had pushed out.

    Args:
        library: What is searched.
        question: As asked.
        text: The question that stands alone.
    """
    for depth in (question.k, _DEEPER * question.k):
        # An article may be removed by another process between the search and this.
        hits = library.search(text, depth, question.filters)
        found = [Evidence(hit, article) for hit in hits if (article := library.find(hit.passage.article_id))]
        bait = [is_stuffed(e.hit.passage.text) or echoes(question.text, e.hit.passage.text) for e in found]
        if not any(bait):
            break
    sound = [e for e, is_bait in zip(found, bait, strict=True) if not is_bait]
    last = [e for e, is_bait in zip(found, bait, strict=True) if is_bait]
    ordered = [*sound, *last][: question.k]
    return tuple(Evidence(replace(e.hit, rank=rank), e.article) for rank, e in enumerate(ordered, start=1))
