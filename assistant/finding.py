"""Finding the passages to read: search, copies taken together, and what is made to be found put last."""

from dataclasses import replace

from assistant.answer import Question
from assistant.copies import read_once
from assistant.reading import Evidence
from assistant.stuffing import echoes, is_stuffed
from index.library import Library

_DEEPER = (1, 10, 100)
"""How much deeper is searched, and again, where copies or stuffed passages push others out."""


def find(library: Library, question: Question, text: str) -> tuple[Evidence, ...]:
    """The best passages for a question, best first.

    What copies of an article say too is left out (`assistant.copies`). Passages that are made to be found
    (`assistant.stuffing`) come last, so that they are answered from only where little else was found. In both cases
    the search goes deeper, for what they had pushed out.

    Args:
        library: What is searched.
        question: As asked.
        text: The question that stands alone.
    """
    for depth in (question.k * deeper for deeper in _DEEPER):
        # An article may be removed by another process between the search and this.
        hits = library.search(text, depth, question.filters)
        found = [Evidence(hit, article) for hit in hits if (article := library.find(hit.passage.article_id))]
        once = read_once(found, library)
        bait = [is_stuffed(e.hit.passage.text) or echoes(question.text, e.hit.passage.text) for e in once]
        if bait.count(False) >= question.k or len(hits) < depth:
            break
    sound = [e for e, is_bait in zip(once, bait, strict=True) if not is_bait]
    last = [e for e, is_bait in zip(once, bait, strict=True) if is_bait]
    # Its score was got by bait, so it is worth no more than what it comes behind.
    most = sound[-1].hit.score if sound else 1.0
    ordered = [*sound, *(replace(e, hit=replace(e.hit, score=min(e.hit.score, most))) for e in last)][: question.k]
    return tuple(replace(e, hit=replace(e.hit, rank=rank)) for rank, e in enumerate(ordered, start=1))
