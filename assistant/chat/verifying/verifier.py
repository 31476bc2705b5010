"""Verifying a sentence that a chat model wrote: tied to the quotes that bear it out, or found unsupported."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.chat.verifying.closeness import Closeness, Signs
from assistant.chat.verifying.cloze import Network, lead
from assistant.chat.verifying.denial import disagrees
from assistant.chat.verifying.facts import lacking
from assistant.chat.verifying.nli import Entailment
from assistant.chat.verifying.ordering import Ordering
from assistant.chat.verifying.tying import Pool, Quote
from assistant.orders import is_order
from assistant.reading import Evidence, Span, Statement
from index.embedding import Embedder
from index.terms import terms

HOLDS_ADDRESS, GIVES_ORDER = "it holds an address", "it gives an order"
"""Reasons for which a sentence is not even shown as unsupported."""
_OTHERS = 3
"""Passages that a sentence is tried on where those it cites do not bear it out."""
_ENTAILED = 0.5
"""Least probability of an entailment model."""
_ADDRESS = re.compile(r"https?://|www\.|\]\(|<[a-zA-Z/!]|\b[\w-]+\.(?:com|net|org|example|io)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Judgement:
    """What became of a sentence.

    Attributes:
        quotes: The sentences that bear it out; none where nothing does.
        probability: That they do, 0 to 1.
        reason: Why they do not, in a few words; empty where they do.
    """

    quotes: tuple[Quote, ...]
    probability: float
    reason: str = ""


class Verifier:
    """Judges sentences without asking a language model.

    A sentence is borne out where every name, number, date and quotation of it stands in its quotes, they do not say the
    opposite, the reader, asked for each of its names, does not find another one in its place, and they are close
    enough to what it says: by shared terms and by meaning.

    Args:
        embedder: Compares meanings.
        network: The reader's network.
        entailment: Judges closeness in place of the fitted model.
        closeness: The fitted model.
    """

    def __init__(
        self,
        embedder: Embedder,
        network: Network,
        entailment: Entailment | None = None,
        closeness: Closeness | None = None,
    ) -> None:
        self._embedder = embedder
        self._network = network
        self._entailment = entailment
        self._closeness = closeness or Closeness.load()
        self._ordering = Ordering.load()

    def pool(self, evidence: Sequence[Evidence], question: str = "") -> Pool:
        """The sentences of passages, for all calls of `statement` about one answer to this question."""
        return Pool(evidence, self._embedder, self._ordering, question)

    def statement(self, claim: str, cited: Sequence[int], pool: Pool) -> Statement | str:
        """Tie a sentence to its quotes.

        Args:
            claim: The sentence, without marks.
            cited: The passages that it cites, by their places in the pool's evidence; others are ignored.
            pool: The sentences of all passages that the model was given.

        Returns:
            The statement; or, where neither the cited passages nor another bears it out, why not.
        """
        if _ADDRESS.search(claim):
            return HOLDS_ADDRESS
        if is_order(claim):
            return GIVES_ORDER
        if not terms(claim):
            return "it says nothing"
        meaning, reason = pool.encode(claim), ""
        for passages in _tries(cited, pool.nearest(meaning), pool.related):
            judgement = self.judge(claim, pool.tie(claim, meaning, passages))
            if not judgement.reason:
                return _statement(claim, judgement)
            reason = reason or judgement.reason
        return reason or "no passage says so"

    def judge(self, claim: str, quotes: Sequence[Quote]) -> Judgement:
        """Whether quotes bear a sentence out."""
        if not quotes:
            return Judgement((), 0.0, "no passage says so")
        article, said = quotes[0].article, " ".join(quote.text for quote in quotes)
        if lack := lacking(claim, [quote.text for quote in quotes], article):
            return Judgement((), 0.0, f"the passage does not have the {lack[0].kind} {lack[0].written}")
        if disagrees(claim, said):
            return Judgement((), 0.0, "the passage says the opposite")
        if self._entailment:
            probability, least = self._entailment.probability(said, claim), _ENTAILED
        elif self.lead(claim, quotes) < self._closeness.least_lead:
            return Judgement((), 0.0, "the passage says this of another")
        else:
            probability, least = self._closeness.probability(self.signs(claim, quotes)), self._closeness.threshold
        if probability < least:
            return Judgement((), probability, "the passage does not say this")
        return Judgement(tuple(quotes), probability)

    def lead(self, claim: str, quotes: Sequence[Quote]) -> float:
        """By how much quotes give a sentence's names before others; see `cloze.lead`."""
        said = " ".join(quote.text for quote in quotes)
        return lead(claim, said, quotes[0].article.context, self._network)

    def signs(self, claim: str, quotes: Sequence[Quote]) -> Signs:
        """What the closeness of a sentence and its quotes is judged by."""
        article, said = quotes[0].article, " ".join(quote.text for quote in quotes)
        wanted = set(terms(claim))
        mine, theirs = self._embedder.encode_passages([claim, said])
        near = self._nearness(claim, f"{said} {article.title}")
        return Signs(
            covered=len(wanted & set(terms(f"{said} {article.title}"))) / max(len(wanted), 1),
            cosine=float(mine @ theirs),
            loosest=min(near),
            loose=sum(near) / len(near),
        )

    def _nearness(self, claim: str, said: str) -> list[float]:
        """How near each word of a sentence that a text has not is to any of the text's; [1] where it has all."""
        known = set(terms(said))
        new = [word for word in _words(claim) if not known & set(terms(word))]
        if not new:
            return [1.0]
        vectors = self._embedder.encode_passages([*new, *_words(said)])
        found: list[float] = (vectors[: len(new)] @ vectors[len(new) :].T).max(axis=1, initial=-1.0).tolist()
        return found


def _words(text: str) -> list[str]:
    """The words of a text that carry meaning, each once."""
    return [word for word in dict.fromkeys(re.findall(r"[^\W\d_]{3,}", text.casefold())) if terms(word)]


def _tries(cited: Sequence[int], nearest: Sequence[int], related: frozenset[int]) -> Iterator[tuple[int, ...]]:
    """The passages to try: each that is cited, all that are, then the nearest of the others that are related."""
    known = [n for n in dict.fromkeys(cited) if n in nearest]
    yield from ((n,) for n in known)
    if len(known) > 1:
        yield tuple(known)
    yield from ((n,) for n in [n for n in nearest if n in related and n not in known][:_OTHERS])


def _statement(claim: str, judgement: Judgement) -> Statement:
    """The statement with a span for each run of its quotes."""
    spans: list[Span] = []
    for quote in judgement.quotes:
        start = quote.start
        if spans and spans[-1].article.id == quote.article.id:
            between = quote.article.text[spans[-1].end : start]
            if start >= spans[-1].end and not between.strip():
                start = spans.pop().start
        spans.append(Span(quote.article, start, quote.end, start, quote.end, judgement.probability))
    return Statement(claim, spans[0], tuple(spans[1:]))
