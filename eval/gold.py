"""Gold questions: reading them from our own JSONL format.

One question a line:

    {"id": "q1", "question": "…", "answers": ["…"], "article": "file", "quote": "…", "kind": "who", "split": "tune"}

Required are `id`, `question`, `answers` (empty where the articles do not answer it) and, where there is an answer,
`article`. Unknown fields are ignored.
"""

import gzip
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Turn
from index.errors import DatelineError

NO_KIND = "other"
"""The kind of a question that names none."""

_PROBLEMS_SHOWN = 5


class GoldError(DatelineError):
    """A gold file that cannot be read, or that does not fit the articles."""


@dataclass(frozen=True)
class Support:
    """A further article that answers a question, and its words."""

    article: str
    quote: str | None = None


@dataclass(frozen=True)
class GoldQuestion:
    """A question with everything needed to score an answer to it.

    Attributes:
        id: Unique in its file.
        question: What is asked.
        answers: The accepted answers; none where the articles do not say.
        article: The file (or title, or address) of the article that answers it.
        quote: The words there that say so.
        kind: What sort of question it is, e.g. `who`.
        split: `tune` or `test`; None where the set is not split.
        story: Position of the article in a file of several stories, from 0; None for any of them.
        also: Second articles, of questions that take two: citing these is right as well.
        also_in: Wire copies that state the same: right as well.
        also_asked: Other wordings of it, asked for consistency only.
        history: The turns of the conversation before it, oldest first.
        superseded: Earlier figures, no longer right.
        near: For an unanswerable question, the article that comes close.
        retrieval_only: Whether the articles answer it, but nobody wrote down how: only the search is scored.
        right_articles: Ids of the loaded articles that answer it (see `eval.right_articles`).
    """

    id: str
    question: str
    answers: tuple[str, ...]
    article: str | None = None
    quote: str | None = None
    kind: str = NO_KIND
    split: str | None = None
    story: int | None = None
    also: tuple[Support, ...] = ()
    also_in: tuple[str, ...] = ()
    also_asked: tuple[str, ...] = ()
    history: tuple[Turn, ...] = ()
    superseded: tuple[str, ...] = ()
    near: str | None = None
    retrieval_only: bool = False
    right_articles: tuple[str, ...] = ()

    @property
    def answerable(self) -> bool:
        """Whether the articles answer it."""
        return bool(self.answers) or self.retrieval_only

    @property
    def about(self) -> str:
        """What it is about: the article that answers it or comes close, else itself. Such questions come out alike."""
        name = self.article or self.near
        if name is None:
            return self.id
        return name if self.story is None else f"{name}#{self.story}"


def load_native(path: Path) -> list[GoldQuestion]:
    """Read a gold file of our own format (plain or `.gz`), in its order.

    Raises:
        GoldError: The file is missing, empty or holds bad lines; the message names the file and the lines.
    """
    questions, problems = read_native(path)
    if problems:
        raise GoldError(listed([f"{path}:{problem}" for problem in problems]))
    if not questions:
        raise GoldError(f"{path} holds no questions: it should hold one JSON object a line")
    return questions


def read_native(path: Path) -> tuple[list[GoldQuestion], list[str]]:
    """Read a gold file of our own format, and tell which lines are broken, as `LINE: why`.

    Raises:
        GoldError: The file is missing or no text.
    """
    questions: list[GoldQuestion] = []
    first_lines: dict[str, int] = {}
    problems: list[str] = []
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            question = _question(line)
            if question.id in first_lines:
                raise ValueError(f'the id "{question.id}" is already that of line {first_lines[question.id]}')
        except ValueError as error:
            problems.append(f"{number}: {error}")
        else:
            first_lines[question.id] = number
            questions.append(question)
    return questions, problems


def read_text(path: Path) -> str:
    """Read a UTF-8 file, unpacking `.gz`.

    Raises:
        GoldError: It is missing, unreadable or not UTF-8.
    """
    try:
        content = path.read_bytes()
        return (gzip.decompress(content) if path.suffix == ".gz" else content).decode("utf-8-sig")
    except FileNotFoundError:
        raise GoldError(f"{path} does not exist") from None
    except UnicodeDecodeError as error:
        raise GoldError(f"{path} is not UTF-8 text: {error.reason} at byte {error.start}") from None
    except (OSError, EOFError) as error:
        raise GoldError(f"{path} cannot be read: {error}") from None


def listed(problems: list[str]) -> str:
    """Join the first few problems, a line each, and say how many more there are."""
    more = len(problems) - _PROBLEMS_SHOWN
    return "\n".join([*problems[:_PROBLEMS_SHOWN], *([f"… and {more} more"] if more > 0 else [])])


def _question(line: str) -> GoldQuestion:
    try:
        fields = json.loads(line)
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error.msg} at column {error.colno}") from None
    if not isinstance(fields, dict):
        raise ValueError("not a JSON object")
    answers = tuple(_texts(fields, "answers", required=True))
    article = _text(fields, "article")
    retrieval_only = fields.get("retrieval_only", False)
    if not isinstance(retrieval_only, bool):
        raise ValueError('"retrieval_only" must be true or false')
    if (answers or retrieval_only) and article is None:
        raise ValueError('"article" is missing: a question with answers needs the article that answers it')
    return GoldQuestion(
        id=_text(fields, "id", required=True) or "",
        question=_text(fields, "question", required=True) or "",
        answers=answers,
        article=article,
        quote=_text(fields, "quote"),
        kind=_text(fields, "kind") or NO_KIND,
        split=_text(fields, "split"),
        story=_story(fields),
        also=tuple(_supports(fields)),
        also_in=tuple(_texts(fields, "also_in")),
        also_asked=tuple(_texts(fields, "also_asked")),
        history=tuple(_history(fields)),
        superseded=tuple(_texts(fields, "superseded")),
        near=_text(fields, "near"),
        retrieval_only=retrieval_only,
    )


def _text(fields: Mapping[str, object], name: str, *, required: bool = False) -> str | None:
    value = fields.get(name)
    if value is None or value == "":
        if required:
            raise ValueError(f'"{name}" is missing')
        return None
    if name == "id" and isinstance(value, int) and not isinstance(value, bool):
        return str(value)
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f'"{name}" must be a text, not {json.dumps(value)[:40]}')
    return value


def _texts(fields: Mapping[str, object], name: str, *, required: bool = False) -> Iterator[str]:
    if required and name not in fields:
        raise ValueError(f'"{name}" is missing (an empty list where the articles do not answer the question)')
    values = fields.get(name)
    if values is None and not required:
        return
    if not isinstance(values, list) or not all(isinstance(value, str) and value.strip() for value in values):
        raise ValueError(f'"{name}" must be a list of texts, not {json.dumps(values)[:40]}')
    yield from values


def _objects(fields: Mapping[str, object], name: str) -> Iterator[Mapping[str, object]]:
    values = fields.get(name)
    if values is None:
        return
    if not isinstance(values, list) or not all(isinstance(value, dict) for value in values):
        raise ValueError(f'"{name}" must be a list of objects, not {json.dumps(values)[:40]}')
    yield from values


def _supports(fields: Mapping[str, object]) -> Iterator[Support]:
    for support in _objects(fields, "also"):
        yield Support(_text(support, "article", required=True) or "", _text(support, "quote"))


def _history(fields: Mapping[str, object]) -> Iterator[Turn]:
    for turn in _objects(fields, "history"):
        role = _text(turn, "role", required=True) or ""
        if role not in {"user", "assistant"}:
            raise ValueError(f'"role" in "history" must be user or assistant, not {role}')
        yield Turn(role, _text(turn, "content", required=True) or "")


def _story(fields: Mapping[str, object]) -> int | None:
    story = fields.get("story")
    if story is None:
        return None
    if not isinstance(story, int) or isinstance(story, bool) or story < 0:
        raise ValueError(f'"story" must be a position from 0, not {json.dumps(story)[:40]}')
    return story
