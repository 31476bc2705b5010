"""Several articles, several accounts: an updated figure, or sources that differ."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from assistant.corrections import SCALES, SMALL, asks_for_the_earlier, corrections
from assistant.reading import Span
from index.article import Article
from index.dates_shown import day_in_words
from index.embedding import Embedder
from index.terms import terms

_SAME_MATTER = 0.7
"""Least cosine of two sentences that tell of one matter. On the tune split 0.7 mends two answers and spoils none, 0.6
mends three and spoils two."""
_CORRECTS = 0.5
"""Least cosine of a sentence and one of a newer article that corrects its figure; the figure ties them too."""
_AS_SURE = 0.5
"""An account is another one only if its confidence is at least this share of the best one's."""
_WORDS = {word: str(value) for value, word in enumerate(SMALL.split())}
_FIGURE = re.compile(rf"\d+(?:[.,:]\d+)*|\b(?:{'|'.join(_WORDS)})\b", re.IGNORECASE)
_SCALES = frozenset(terms(SCALES))
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


def weigh(question: str, spans: Sequence[Span], embedder: Embedder) -> Accounts | None:
    """Choose among different figures for one matter: the one that a sentence says is right now, else the newest.

    Two figures are of one matter if they have one unit (or one of them none), and their sentences are near in meaning.

    Args:
        question: What is asked.
        spans: What a reader found, best first.
        embedder: Compares the sentences.

    Returns:
        The answer and the best other account; None where nothing was found. The answer is as sure as the surest span.
    """
    if not spans:
        return None
    best = spans[0]
    figure = _figure(best.words)
    if figure is None:
        return Accounts(best)
    corrected = None if asks_for_the_earlier(question) else _corrected(best, figure, spans, embedder)
    if corrected:
        told_apart = corrected.article.id != best.article.id
        return Accounts(corrected, best, Relation.EARLIER) if told_apart else Accounts(corrected)
    rivals = [span for span in spans[1:] if _rivals(best, figure, span)]
    other = next((span for span in rivals if _cosine(span, best, embedder) >= _SAME_MATTER), None)
    return _in_order(best, other) if other else Accounts(best)


def _in_order(best: Span, other: Span) -> Accounts:
    """The newer of two accounts, with the other beside it."""
    days = best.article.published_day, other.article.published_day
    if days[0] is None or days[1] is None or days[0] == days[1]:
        return Accounts(best, other, Relation.DIFFERENT)
    if days[0] > days[1]:
        return Accounts(best, other, Relation.EARLIER)
    return Accounts(replace(other, confidence=best.confidence), best, Relation.EARLIER)


def _corrected(best: Span, figure: _Figure, spans: Sequence[Span], embedder: Embedder) -> Span | None:
    """The figure that took the place of the best span's, where its own sentence or one of a newer article says so."""
    for span in spans:
        if span.quote != best.quote and not _is_newer(span.article, best.article):
            continue
        for correction in corrections(span.quote):
            if _same_number(correction.old, figure) and _cosine(span, best, embedder) >= _CORRECTS:
                start, end = span.quote_start + correction.start, span.quote_start + correction.end
                return replace(span, start=start, end=end, confidence=best.confidence)
    return None


def _cosine(one: Span, other: Span, embedder: Embedder) -> float:
    """Between the two sentences."""
    if one.quote == other.quote:
        return 1.0
    vectors = embedder.encode_passages([one.quote, other.quote])
    return float(vectors[0] @ vectors[1])


def _is_newer(article: Article, than: Article) -> bool:
    days = article.published_day, than.published_day
    return days[0] is not None and days[1] is not None and days[0] > days[1]


def _same_number(written: str, figure: _Figure) -> bool:
    other = _figure(written)
    return other is not None and other.value == figure.value


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
