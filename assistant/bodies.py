"""What an answer, an article and a search look like as JSON: the same object from the API and from `--json`."""

from dataclasses import asdict, dataclass, field
from typing import Any

from assistant.answer import Answer, Citation
from index.article import Article
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
    passages: list[PassageBody]
    answered_by: str
    index_id: str
    prompt_sha256: str | None
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class ArticleBody:
    """An article with the text that every offset refers to."""

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


def answer_body(answer: Answer) -> AnswerBody:
    """The answer as JSON shows it."""
    return AnswerBody(
        question=answer.question,
        answer=answer.text,
        abstained=answer.abstained,
        confidence=round(answer.confidence, 4),
        citations=list(answer.citations),
        note=answer.note,
        passages=[passage_body(hit, answer.titles.get(hit.passage.article_id, "")) for hit in answer.hits],
        answered_by=answer.answered_by,
        index_id=answer.index_id,
        prompt_sha256=answer.prompt_sha256,
        timings_ms=answer.timings_ms,
    )


def passage_body(hit: Hit, title: str) -> PassageBody:
    """A hit as JSON shows it."""
    passage = hit.passage
    return PassageBody(
        passage.id, passage.article_id, title, passage.text, passage.start, passage.end, round(hit.score, 4)
    )


def article_body(article: Article) -> ArticleBody:
    """An article as JSON shows it; where it lies on this machine (its origin) is left out."""
    known: dict[str, Any] = {key: value for key, value in asdict(article).items() if key != "origin"}
    return ArticleBody(id=article.id, content_hash=article.content_hash, **known)
