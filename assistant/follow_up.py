"""Follow-up questions: what a question that leans on the last one is searched with."""

import re
from collections.abc import Sequence

from assistant.answer import ABSTENTION, Turn

_LEANS = re.compile(
    r"^(and|but|so|what about|how about|or)\b"
    r"|\b(he|him|his|she|her|hers|they|them|their|theirs|it|its|this|that|these|those|there|then|here|"
    r"the former|the latter|the same)\b",
    re.IGNORECASE,
)
_SHORT = 4
"""A question of at most this many words leans on the last one even without a pronoun ("When exactly?")."""


def leans(question: str, history: Sequence[Turn]) -> bool:
    """Whether a question leans on the conversation: it has a pronoun, begins with "and", or is very short."""
    asked_before = any(turn.role == "user" for turn in history)
    return asked_before and bool(_LEANS.search(question) or len(question.split()) <= _SHORT)


def standalone(question: str, history: Sequence[Turn]) -> str:
    """The question together with what it leans on.

    A question that stands alone is returned as it is. One that leans on it is followed by the last question, with what
    that one leant on if it did, and by the last answer: it is about their names and places. It comes first, because a
    reader sees only the first fifty or so words of a question.

    Args:
        question: What is asked now.
        history: The turns before, oldest first.

    Returns:
        A text to search and read with.
    """
    if not leans(question, history):
        return question
    last = max(place for place, turn in enumerate(history) if turn.role == "user")
    answers = [turn.content for turn in history[last + 1 :] if turn.content != ABSTENTION]
    asked = standalone(history[last].content, history[max(0, last - 2) : last])
    return " ".join([question, asked, *answers[-1:]])
