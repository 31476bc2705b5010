"""Several articles, several accounts: an updated figure, or sources that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.reading import Span
from index.dates_shown import day_in_words
from index.embedding import Embedder
from index.terms import terms

_SAME_MATTER = 0.7
"""Least cosine of two sentences that tell of one matter. On the tune split 0.7 mends two answers and spoils none, 0.6
mends three and spoils two."""
_AS_SURE = 0.5
"""An account is another one only if its confidence is at least this share of the best one's."""
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
_WORDS = {word: str(value) for value, word in enumerate(_SMALL.split())}
_FIGURE = re.compile(rf"\d+(?:[.,:]\d+)*|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_SCALES = frozenset(terms("hundred thousand million billion trillion dozen"))
_VAGUE = frozenset(terms("about around nearly almost over under more less than least most some up roughly only just"))


class Relation(StrEnum):
    """How another account stands to the one given."""

    EARLIER = "earlier"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Accounts:
    """The answer to give, and another one that the articles have.

    Attributes:
        best: What to answer.
        other: The same matter with another figure; None where the articles agree.
        relation: How `other` stands to `best`: from an earlier article, or from one that cannot be put in order.
    """

    best: Span
    other: Span | None = None
    relation: Relation | None = None

    @property
    def note(self) -> str:
        """What to say of the other account, in one sentence; empty where there is none."""
        if self.other is None:
            return ""
        if self.relation is Relation.EARLIER:
            return f"An earlier article, of {day_in_words(self.other.article.published)}, says: {self.other.words}."
        return f"Another article says: {self.other.words}."


@dataclass(frozen=True)
class _Figure:
    """A number with its unit: `41.5 million korins` is `(41.5, million)` of `korins`."""

    value: tuple[str, ...]
    unit: frozenset[str]


def weigh(spans: Sequence[Span], embedder: Embedder) -> Accounts | None:
    """Choose among spans of different articles that give different figures for one matter: the newest.

    Two figures are of one matter if they have one unit (or one of them none), and their sentences are near in meaning.

    Args:
        spans: What a reader found, best first.
        embedder: Compares the sentences.

    Returns:
        The answer and the best other account; None where nothing was found. The answer is as sure as the surest span.
    """
    if not spans:
        return None
    best = spans[0]
    figure = _figure(best.words)
    rivals = [span for span in spans[1:] if figure and _rivals(best, figure, span)]
    if rivals:
        quotes = [span.article.text[span.quote_start : span.quote_end] for span in (best, *rivals)]
        vectors = embedder.encode_passages(quotes)
        near = [float(vector @ vectors[0]) >= _SAME_MATTER for vector in vectors[1:]]
        rivals = [span for span, is_near in zip(rivals, near, strict=True) if is_near]
    if not rivals:
        return Accounts(best)
    other = rivals[0]
    days = best.article.published_day, other.article.published_day
    if days[0] is None or days[1] is None or days[0] == days[1]:
        return Accounts(best, other, Relation.DIFFERENT)
    if days[0] > days[1]:
        return Accounts(best, other, Relation.EARLIER)
    return Accounts(replace(other, confidence=best.confidence), best, Relation.EARLIER)


def _rivals(best: Span, figure: _Figure, span: Span) -> bool:
    """Whether a span of another article gives another figure of the same unit, about as surely."""
    other = _figure(span.words)
    return (
        other is not None
        and span.article.id != best.article.id
        and span.confidence >= _AS_SURE * best.confidence
        and other.value != figure.value
        and (other.unit <= figure.unit or figure.unit <= other.unit)
    )


def _figure(words: str) -> _Figure | None:
    """The one number in a few words; None where there is none or more than one."""
    numbers = [_WORDS.get(number.casefold(), number.replace(",", "")) for number in _FIGURE.findall(words)]
    if len(numbers) != 1:
        return None
    rest = terms(_FIGURE.sub(" ", words))
    scales = tuple(term for term in rest if term in _SCALES)
    return _Figure((*numbers, *scales), frozenset(rest) - _SCALES - _VAGUE)
