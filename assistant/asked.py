"""What may be asked: a question in any of its forms, checked."""

from collections.abc import Mapping
from typing import Any

from assistant.answer import Question, Turn
from index.errors import QuestionError
from index.passage import Filters

LONGEST_QUESTION = 1_000
"""Characters."""

Asked = str | Mapping[str, Any] | Question
"""What the chain takes: a question's text, a mapping of `Question`'s fields as in the API, or a `Question`."""


def as_question(asked: Asked) -> Question:
    """Check a question and bring it into its type.

    Raises:
        QuestionError: It is empty or too long, or a field is unknown.
    """
    question = (
        asked
        if isinstance(asked, Question)
        else _from_mapping({"question": asked} if isinstance(asked, str) else asked)
    )
    if not question.text.strip():
        raise QuestionError("The question is empty. Ask something, for example: who met Natalie Baker?")
    if len(question.text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question.text):,} characters; it may have {LONGEST_QUESTION:,}. Shorten it."
        )
    return question


def _from_mapping(asked: Mapping[str, Any]) -> Question:
    unknown = sorted(set(asked) - {"question", "history", "filters", "k"})
    if unknown:
        raise QuestionError(f"Unknown fields: {', '.join(unknown)}. There are question, history, filters and k.")
    filters = dict(asked.get("filters") or {})
    return Question(
        str(asked.get("question") or ""),
        tuple(turn if isinstance(turn, Turn) else Turn(**turn) for turn in asked.get("history") or ()),
        Filters(
            filters.get("since"),
            filters.get("until"),
            tuple(filters.get("sources") or ()),
            tuple(filters.get("article_ids") or ()),
        ),
        int(asked.get("k") or Question.k),
    )
