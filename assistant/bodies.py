"""What an answer, an article and a search look like as JSON: the same object from the API and from `--json`."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

from assistant.answer import Answer, Citation, Usage
from assistant.copies import is_same_publisher
from index.article import Article
from index.catalog import ArticleSummary
from index.passage import Hit


@dataclass(frozen=True)
class PassageBody:
    """A passage that was looked at: `start` and `end` are offsets in the article's text; `score` is 0 to 1."""

    passage_id: str
    article_id: str
    title: str
    text: str
    start: int
    end: int
    score: float


@dataclass(frozen=True)
class AnswerBody:
    """An answer or an abstention; see `assistant.answer.Answer`."""

    question: str
    answer: str
    abstained: bool
    confidence: float
    citations: list[Citation]
    note: str
    notice: str
    passages: list[PassageBody]
    answered_by: str
    index_id: str
    prompt_sha256: str | None
    standalone_question: str
    struck: list[str]
    usage: Usage | None
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class CopyBody:
    """An article that prints the text of another: a `copy` by another publisher, or a `version` by the same one."""

    relation: Literal["copy", "version"]
    id: str
    title: str
    source: str | None
    url: str | None
    published: str | None


@dataclass(frozen=True)
class ArticleBody:
    """An article with the text that every offset refers to, and its copies, the one published first first."""

    id: str
    title: str
    text: str
    source: str | None
    url: str | None
    author: str | None
    published: str | None
    updated: str | None
    place: str | None
    language: str | None
    language_detected: bool
    section: str | None
    pages: tuple[int, ...]
    content_hash: str
    copies: list[CopyBody]


def answer_body(answer: Answer) -> AnswerBody:
    """The answer as JSON shows it."""
    return AnswerBody(
        question=answer.question,
        answer=answer.text,
        abstained=answer.abstained,
        confidence=round(answer.confidence, 4),
        citations=list(answer.citations),
        note=answer.note,
        notice=answer.notice,
        passages=[passage_body(hit, answer.titles.get(hit.passage.article_id, "")) for hit in answer.hits],
        answered_by=answer.answered_by,
        index_id=answer.index_id,
        prompt_sha256=answer.prompt_sha256,
        standalone_question=answer.standalone_question,
        struck=list(answer.struck),
        usage=answer.usage,
        timings_ms=answer.timings_ms,
    )


def passage_body(hit: Hit, title: str) -> PassageBody:
    """A hit as JSON shows it."""
    passage = hit.passage
    return PassageBody(
        passage.id, passage.article_id, title, passage.text, passage.start, passage.end, round(hit.score, 4)
    )


def article_body(article: Article, copies: Sequence[ArticleSummary] = ()) -> ArticleBody:
    """An article as JSON shows it; where it lies on this machine (its origin) is left out."""
    known: dict[str, Any] = {key: value for key, value in asdict(article).items() if key != "origin"}
    bodies = [copy_body(article, copy) for copy in copies]
    return ArticleBody(id=article.id, content_hash=article.content_hash, copies=bodies, **known)


def copy_body(article: Article, copy: ArticleSummary) -> CopyBody:
    """A copy of an article as JSON shows it."""
    relation: Literal["copy", "version"] = "version" if is_same_publisher(article.source, copy.source) else "copy"
    return CopyBody(relation, copy.id, copy.title, copy.source, copy.url, copy.published)
