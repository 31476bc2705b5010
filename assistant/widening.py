"""Questions that want what many articles say put together, and finding for them."""

import re
from collections import Counter
from dataclasses import replace

from assistant.answer import Question
from assistant.finding import find
from assistant.reading import Evidence
from index.library import Library

_DEEPER, _DEEPEST = 4, 50
"""How many times more passages are searched, and how many at the most."""
_GIVEN = 2
"""How many times as many passages the model is given as for another question, where its context has room for them."""
_OF_ONE_ARTICLE = 3
"""Passages of one article at the most, so that it does not crowd out the others."""
_WANTS_MANY = re.compile(
    r"\b(?:summar(?:y|ise|ize|ising|izing)|overview|round-?up|timeline|chronolog|recap|compare|contrast"
    r"|list (?:all|the|every)|each side|both sides|all (?:sides|parties)|different (?:views|accounts|papers|sources)"
    r"|various (?:reports|papers)|what do we know|what is known|everything (?:about|on)|tell me (?:about|all)"
    r"|what (?:has |have |had )?happened (?:between|since|during|from|after|over|in the)"
    r"|how (?:did|has|have) .{3,60}\b(?:develop|unfold|evolve|change|come about))",
    re.IGNORECASE,
)


def wants_many(question: str) -> bool:
    """Whether a question wants several articles put together: a summary, a course of events, several sides."""
    return _WANTS_MANY.search(question) is not None


def find_widely(library: Library, question: Question, text: str) -> tuple[Evidence, ...]:
    """Passages of many articles, the best first; of equally good ones, those of the newest article.

    Args:
        library: What is searched.
        question: As asked.
        text: The question that stands alone.
    """
    chosen, of_article = [], Counter[str]()
    for item in find(library, replace(question, k=min(question.k * _DEEPER, _DEEPEST)), text):
        of_article[item.article.id] += 1
        if of_article[item.article.id] <= _OF_ONE_ARTICLE:
            chosen.append(item)
    chosen.sort(key=lambda e: (round(e.hit.score, 2), e.article.published or ""), reverse=True)
    given = chosen[: question.k * _GIVEN]
    return tuple(replace(e, hit=replace(e.hit, rank=rank)) for rank, e in enumerate(given, start=1))
