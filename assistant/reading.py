"""The protocol of a reader: question and passages in, answer spans with scores out."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from index.article import Article
from index.passage import Hit


@dataclass(frozen=True)
class Evidence:
    """A hit, with the article that it stands in.

    Attributes:
        hit: The passage found, with its scores.
        article: Its article.
        copies: Ids of the articles, of those found, that are copies of it.
    """

    hit: Hit
    article: Article
    copies: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Span:
    """A run of words that answers, and the words that show that it does.

    Offsets are into the article's text; the quote holds the answer.

    Attributes:
        article: The article it stands in.
        start: Offset of the answer's first character.
        end: Offset behind its last.
        quote_start: Offset of the quote's first character, at most `start`.
        quote_end: Offset behind its last, at least `end`.
        confidence: The calibrated probability that this span answers the question, 0 to 1.
    """

    article: Article
    start: int
    end: int
    quote_start: int
    quote_end: int
    confidence: float

    @property
    def words(self) -> str:
        """The words that answer."""
        return self.article.text[self.start : self.end]

    @property
    def quote(self) -> str:
        """The words around them that show it."""
        return self.article.text[self.quote_start : self.quote_end]


@dataclass(frozen=True)
class Statement:
    """A part of an answer: what it says, and the span that bears it out.

    Attributes:
        text: One sentence or a few words, without citation marks.
        span: Where the articles say so; a reader's statement is the span's own words.
        more: Further spans that it rests on.
    """

    text: str
    span: Span
    more: tuple[Span, ...] = ()

    @property
    def is_verbatim(self) -> bool:
        """Whether the statement is the article's own words."""
        return not self.more and self.text == self.span.words


class Reader(Protocol):
    """Finds the answer in passages, without a language model."""

    @property
    def name(self) -> str:
        """What it is called in `answered_by`."""

    @property
    def threshold(self) -> float:
        """The least confidence at which its best span is an answer; chosen on data."""

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Span]:
        """Find answers.

        Args:
            question: A question that stands alone.
            evidence: The passages found, best first.

        Returns:
            Spans, best first; empty where there is nothing to read.
        """
