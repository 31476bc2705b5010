"""The passage and the hit: what is searched, and what a search finds."""

from dataclasses import dataclass, field


@dataclass(frozen=True)
class Passage:
    """A run of whole sentences of an article: `article.text[start:end] == text`, to the letter.

    Attributes:
        id: 16 hexadecimal digits of SHA-256 over article id, start and end.
        article_id: The article it is cut from.
        text: The exact words.
        start: Offset of the first character in the article's text.
        end: Offset behind the last.
    """

    id: str
    article_id: str
    text: str
    start: int
    end: int


@dataclass(frozen=True)
class Hit:
    """A passage that a search found.

    Attributes:
        passage: What was found.
        score: The fused score, 0 to 1, comparable between questions (see `index.fusion`).
        rank: 1 for the best; ties of score are broken by passage id.
        scores: The scores of the retrievers that found it: `vectors` (cosine, -1 to 1) and `words` (BM25, 0 and up).
    """

    passage: Passage
    score: float
    rank: int
    scores: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Filters:
    """What a search is limited to; an empty filter lets everything through.

    Attributes:
        since: First day of publication, `YYYY-MM-DD`, inclusive. Articles without a date are left out.
        until: Last day of publication, inclusive.
        sources: Publishers, as written in the articles.
        article_ids: Ids of articles.
    """

    since: str | None = None
    until: str | None = None
    sources: tuple[str, ...] = ()
    article_ids: tuple[str, ...] = ()
