"""Which sentences of the passages a written sentence rests on."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from assistant.chat.verifying.facts import Lack, lacking
from assistant.chat.verifying.names import has, is_title, names, vocabulary
from assistant.chat.verifying.ordering import Ordering
from assistant.orders import is_order
from assistant.reading import Evidence
from index.article import Article
from index.embedding import Embedder
from index.sentences import sentences
from index.terms import terms

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST = 3
"""Sentences that one written sentence may rest on."""
_NEW = 2
"""Terms of the written sentence, beside what was missing, that another quote must add."""
_NEAR, _NEXT = 500, 4
"""Characters."""
_QUESTION = re.compile(r"\?[\"”’')»\]]*$")
_PRONOUN = re.compile(r"\b(?:he|she|they|it|his|her|hers|their|its|him|them|who)\b", re.IGNORECASE)
_WORTH = 0.2
"""Share of the written sentence's terms that another quote must add, where it adds no fact."""


@dataclass(frozen=True)
class Quote:
    """A sentence of an article: `article.text[start:end] == text`."""

    article: Article
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.article.text[self.start : self.end]


class Pool:
    """The sentences of the passages found, with their meanings, encoded once for all sentences of an answer.

    Args:
        evidence: The passages.
        embedder: Encodes meanings.
        ordering: Tells orders by their meaning.
        question: What was asked.
    """

    def __init__(
        self, evidence: Sequence[Evidence], embedder: Embedder, ordering: Ordering, question: str = ""
    ) -> None:
        self._evidence = evidence
        self._question = question
        self._embedder = embedder
        self._ordering = ordering

    @cached_property
    def _vectors(self) -> "dict[Quote, NDArray[np.float32]]":
        """The meanings of the sentences that may bear something out."""
        every = list(dict.fromkeys(quote for item in self._evidence for quote in quotes_in(item)))
        titles = list(dict.fromkeys(item.article.title for item in self._evidence))
        vectors = self._embedder.encode_passages([*titles, *(quote.text for quote in every)])
        orders = self._ordering.are_orders(vectors, self._embedder.identity)
        named = {title for title, is_order in zip(titles, orders[: len(titles)], strict=True) if is_order}
        meant = zip(every, vectors[len(titles) :], orders[len(titles) :], strict=True)
        return {quote: v for quote, v, is_order in meant if not is_order and quote.article.title not in named}

    @cached_property
    def _quotes(self) -> list[list[Quote]]:
        """The same sentences by passage."""
        return [[quote for quote in quotes_in(item) if quote in self._vectors] for item in self._evidence]

    @cached_property
    def related(self) -> frozenset[int]:
        """The passages, by their place in the evidence, that have a name of the question; all where it has none.

        Only these bear out a sentence that does not cite them: what is said of somebody else is no answer.
        """
        asked = [name for name in names(self._question) if not is_title(name)]
        known = [vocabulary(f"{item.article.title} {item.hit.passage.text}") for item in self._evidence]
        return frozenset(n for n, words in enumerate(known) if not asked or any(has(name, words) for name in asked))

    def encode(self, text: str) -> "NDArray[np.float32]":
        """The meaning of a text, `[width]`, of length 1."""
        vector: NDArray[np.float32] = self._embedder.encode_passages([text])[0]
        return vector

    def nearest(self, meaning: "NDArray[np.float32]") -> list[int]:
        """The passages, by their place in the evidence, the one with the sentence nearest in meaning first."""
        best = [max((float(self._vectors[q] @ meaning) for q in quotes), default=-1.0) for quotes in self._quotes]
        return sorted(range(len(best)), key=lambda n: (-best[n], n))

    def tie(self, claim: str, meaning: "NDArray[np.float32]", passages: Sequence[int]) -> list[Quote]:
        """The sentences of some of the passages that say what a written one does; see `tie`.

        Args:
            claim: The written sentence.
            meaning: Of the claim.
            passages: Their places in the evidence.
        """
        quotes = list(dict.fromkeys(quote for n in passages for quote in self._quotes[n]))
        return tie(claim, quotes, [float(self._vectors[quote] @ meaning) for quote in quotes])


def quotes_in(item: Evidence) -> list[Quote]:
    """The sentences of a passage that can bear something out, in order: questions and orders cannot."""
    passage = item.hit.passage
    found = [Quote(item.article, passage.start + start, passage.start + end) for start, end in sentences(passage.text)]
    return [quote for quote in found if not _QUESTION.search(quote.text) and not is_order(quote.text)]


def tie(claim: str, pool: Sequence[Quote], cosines: Sequence[float]) -> list[Quote]:
    """The sentences that say what a written one does, as far as any do.

    First the one with most of its terms and nearest in meaning; then, up to three in all, those that add most of the
    facts still lacking, or many of the terms.

    Args:
        claim: The written sentence.
        pool: The sentences that it may rest on.
        cosines: Of each with the claim, -1 to 1.

    Returns:
        Quotes in the order of the articles' text, the best one's article first; empty only where the pool is.
    """
    if not pool:
        return []
    wanted = set(terms(claim))
    said = [wanted & set(terms(quote.text)) for quote in pool]
    order = sorted(
        range(len(pool)),
        key=lambda n: (-cosines[n] - len(said[n]) / max(len(wanted), 1), len(_lack(claim, [pool[n]])), n),
    )
    chosen = [order[0]]
    while len(chosen) < _MOST and (more := _next(claim, pool, order, chosen, said)) is not None:
        chosen.append(more)
    first = pool[order[0]].article.id
    return sorted((pool[n] for n in chosen), key=lambda q: (q.article.id != first, q.article.id, q.start))


def _next(
    claim: str, pool: Sequence[Quote], order: Sequence[int], chosen: Sequence[int], said: Sequence[set[str]]
) -> int | None:
    """The sentence that adds most: it must say more of what is claimed than a name or number that is missing.

    Else any other person's name would be found in some sentence nearby. Only where the best sentence names nobody else
    may one near it say who "he" is.
    """
    lack = _lack(claim, [pool[n] for n in chosen])
    have = set().union(*(said[n] for n in chosen))
    best, best_gain = None, (0, 0)
    for n in order:
        if n in chosen:
            continue
        still = _lack(claim, [*(pool[m] for m in chosen), pool[n]])
        found = {term for item in lack - still for term in terms(item.written)}
        new = len(said[n] - have - found)
        names_who = _may_name(claim, pool[chosen[0]], pool[n]) and {item.kind for item in lack - still} == {"name"}
        gain = (len(lack - still) if new >= _NEW or names_who else 0, new)
        if gain > best_gain and (gain[0] or new >= max(_WORTH * len(terms(claim)), _NEW)):
            best, best_gain = n, gain
    return best


def _may_name(claim: str, main: Quote, other: Quote) -> bool:
    """Whether a sentence stands near the best one, and that one has no name which the claim has not."""
    near = other.article.id == main.article.id and abs(other.start - main.start) < _NEAR
    near = near and bool(_PRONOUN.search(main.text) or 0 <= main.start - other.end < _NEXT)
    known = vocabulary(claim)
    return near and all(name.isupper() or has(name, known) for name in names(main.text))  # capitals are a dateline's


def _lack(claim: str, quotes: Sequence[Quote]) -> set[Lack]:
    return set(lacking(claim, [quote.text for quote in quotes], quotes[0].article))
