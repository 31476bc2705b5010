"""Feedback: thumbs and comments on answers, kept in the library's folder, and candidates for gold questions in them."""

import json
import secrets
from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from index.database import Database
from index.library import Library

Rating = Literal["up", "down"]

_SCHEMA = """
CREATE TABLE feedback (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, given TEXT NOT NULL, rating TEXT NOT NULL,
    question TEXT NOT NULL, content TEXT NOT NULL
)
"""


@dataclass(frozen=True)
class Feedback:
    """What somebody thought of an answer.

    Attributes:
        question: What was asked.
        rating: Thumbs up or down.
        answer: What was answered.
        abstained: Whether that was an abstention.
        comment: In their own words.
        expected: The answer they would have expected.
        article_id: The article of the first citation.
        quote: Its quote.
        index_id: The state of the library that was asked.
        answered_by: What answered.
        id: Given when it is kept.
        given: When (ISO 8601).
    """

    question: str
    rating: Rating
    answer: str = ""
    abstained: bool = False
    comment: str = ""
    expected: str = ""
    article_id: str | None = None
    quote: str | None = None
    index_id: str | None = None
    answered_by: str | None = None
    id: str = field(default_factory=lambda: secrets.token_hex(8))
    given: str = field(default_factory=lambda: datetime.now(UTC).isoformat(timespec="seconds"))


class FeedbackStore:
    """What was thought of answers from a library.

    Args:
        folder: The library's folder.
    """

    def __init__(self, folder: Path) -> None:
        self._file = folder / "feedback.sqlite"
        self._database = Database(self._file, _SCHEMA, 1)

    def keep(self, feedback: Feedback) -> None:
        """Keep feedback.

        Raises:
            ReadOnlyError: The folder cannot be written.
        """
        known = asdict(feedback)
        columns = {name: known.pop(name) for name in ("id", "given", "rating", "question")}
        with self._database.changing() as db:
            db.execute(
                "INSERT INTO feedback (id, given, rating, question, content) VALUES (?, ?, ?, ?, ?)",
                (*columns.values(), json.dumps(known)),
            )

    def all(self) -> list[Feedback]:
        """All of it, the newest first."""
        rows = self._database.connection.execute(
            "SELECT id, given, rating, question, content FROM feedback ORDER BY number DESC"
        )
        return [
            Feedback(row["question"], row["rating"], id=row["id"], given=row["given"], **json.loads(row["content"]))
            for row in rows
        ]

    def page(self, offset: int, limit: int) -> tuple[int, list[Feedback]]:
        """How much there is, and a part of it, the newest first."""
        everything = self.all()
        return len(everything), everything[offset : offset + limit]

    def purge(self, library: Library) -> int:
        """Forget what was said of articles that are gone, so that no word of them is left; returns how much.

        Raises:
            ReadOnlyError: The folder cannot be written.
        """
        if not self._file.exists():
            return 0
        gone = [item.id for item in self.all() if item.article_id and not library.find(item.article_id)]
        if gone:
            with self._database.changing() as db:
                db.executemany("DELETE FROM feedback WHERE id = ?", [(identity,) for identity in gone])
            self._database.wipe()
        return len(gone)

    def close(self) -> None:
        """Close the file."""
        self._database.close()


def candidates(feedback: Iterable[Feedback], library: Library, *, with_down: bool = False) -> Iterator[dict[str, Any]]:
    """Feedback as lines of a gold file (see the README's evaluation), for a person to look through.

    Args:
        feedback: What was given.
        library: Where the articles are.
        with_down: Whether to take in answers that were thought wrong. Where nobody said what is right, `answers` is
            null: `dateline eval` refuses the line until somebody has filled it in.

    Yields:
        An object for each question; of several votes on a question, the first one given here counts.
    """
    seen: set[str] = set()
    for item in feedback:
        if item.question in seen or (item.rating == "down" and not with_down):
            continue
        seen.add(item.question)
        article = library.find(item.article_id) if item.article_id else None
        line: dict[str, Any] = {
            "id": f"feedback-{item.id}",
            "question": item.question,
            "answers": _answers(item),
            "kind": "feedback",
        }
        if article:
            line["article"] = article.title
        if article and item.rating == "up" and item.quote and item.quote in article.text:
            line["quote"] = item.quote
        if item.comment:
            line["comment"] = item.comment
        if line["answers"] and not article:  # the gold file needs the article that answers
            line["answers"] = None
        yield line


def _answers(item: Feedback) -> list[str] | None:
    """The accepted answers: none where it was right to abstain, null where nobody knows."""
    if item.rating == "up":
        return [] if item.abstained else [item.answer]
    return [item.expected] if item.expected else None
