"""Text that is not written for readers: stuffed with search terms, or giving orders to the machine that reads it."""

import re
from functools import lru_cache

from assistant.orders import gives_orders
from index.sentences import sentences
from index.terms import analyzer

_LEAST_TERMS = 30
"""Shorter texts repeat themselves by chance."""
_LEAST_DISTINCT = 0.45
"""Share of different terms among all: a passage of news has 0.72 and more, 99% of Wikipedia's 0.49 and more."""
_MOST_REPEATED = 0.34
"""Share of sentences that stand there more than once."""
_MANY_QUESTIONS, _MOST_ASKED = 5, 0.4
"""A passage with so many questions, and more than this share of its sentences, is a list of them."""
_LEAST_ECHO = 4
"""Words of the shortest question that counts as repeated."""
_ANSWERS_ITSELF = re.compile(
    r"\?[\s”\"']+(?:the |our )?(?:best |right |correct |short )?answer(?: is\b|:)", re.IGNORECASE
)
"""None of 5,666 paragraphs of Wikipedia, posts and reviews has it."""


def echoes(question: str, text: str) -> bool:
    """Whether a text asks the question itself, word for word, as bait for searches does; short ones chance to."""
    asked = re.findall(r"\w+", question)
    if len(asked) < _LEAST_ECHO:
        return False
    return re.search(r"\b" + r"\W+".join(asked) + r"\W*\?", text, re.IGNORECASE) is not None


@lru_cache(maxsize=4096)
def is_stuffed(text: str) -> bool:
    """Whether a passage is no report but is made to be found, or to be obeyed.

    It is, if it orders a machine about (in the words that such orders use), asks a question and names "the answer",
    repeats whole sentences, is a list of questions, or has the same few terms over and over. A story about such orders
    that quotes one is taken for one too: it is read last, not lost.

    Args:
        text: A passage.
    """
    if gives_orders(text) or _ANSWERS_ITSELF.search(text):
        return True
    spans = sentences(text)
    asked = sum(text[start:end].rstrip().endswith("?") for start, end in spans)
    if asked >= _MANY_QUESTIONS and asked / len(spans) > _MOST_ASKED:
        return True
    said = [" ".join(analyzer().analyze(text[start:end])) for start, end in spans]
    if len(said) > 3 and 1 - len(set(said)) / len(said) > _MOST_REPEATED:
        return True
    found = analyzer().analyze(text)
    return len(found) >= _LEAST_TERMS and len(set(found)) / len(found) < _LEAST_DISTINCT
