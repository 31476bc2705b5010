"""The scores of one answer to one question."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answer import Answer
from eval.gold import GoldQuestion
from eval.metrics.abstention import crag
from eval.metrics.answers import consistency, contained, date_exact, exact_match, number_exact, token_f1
from eval.metrics.citations import Entails, attribution, joint, resolves, says_so, supports
from eval.metrics.retrieval import ArticleText, Passages, all_evidence, ranking, relevant
from index.passage import Hit

_NEEDS_ALL_RELEVANT = ("recall@5", "recall@20", "ndcg@10")


@dataclass(frozen=True)
class Observation:
    """What came of asking a question.

    Attributes:
        answer: What was answered; None after an error.
        error: The error's kind and message; None where there was none.
        latency_ms: How long it took in milliseconds; None where it was not asked for (a baseline).
        deeper: The first twenty passages, where the answer looked at fewer.
        reworded: The answers to the question's other wordings; None is an error.
        tokens: How many a chat model read and wrote; None where none was asked.
    """

    answer: Answer | None
    error: str | None = None
    latency_ms: float | None = None
    deeper: tuple[Hit, ...] = ()
    reworded: tuple[Answer | None, ...] = ()
    tokens: tuple[int, int] | None = None


@dataclass(frozen=True)
class Reference:
    """What answers are judged by, beside the gold question.

    Attributes:
        article_text: Gives an article's stored text.
        passages: Gives the passages it was cut into; without it, no metric that needs all relevant ones.
        entails: Whether quotes bear out a statement.
        price: Of a million tokens read and a million written; None where it is not told.
    """

    article_text: ArticleText
    passages: Passages | None = None
    entails: Entails = says_so
    price: tuple[float, float] | None = None


@dataclass(frozen=True)
class Scores:
    """How one answer did.

    Attributes:
        answerable: Whether the articles answer the question.
        abstained: Whether it was refused; False after an error.
        failed: Whether asking ended in an error.
        right: Jointly right if answerable (a relevant passage among the first five where no answer is known); if not,
            refused.
        confidence: How sure the answer was, 0 to 1; NaN after an error.
        latency_ms: How long the answer took in milliseconds; None where it was not asked for (a baseline).
        values: By metric name, or None where the question is not eligible.
        relevant: For each hit, whether its passage is relevant.
        resolved: For each citation, whether it resolves.
        supporting: For each citation, whether it is right.
    """

    answerable: bool
    abstained: bool
    failed: bool
    right: bool
    confidence: float
    latency_ms: float | None
    values: Mapping[str, float | None]
    relevant: tuple[bool, ...] = ()
    resolved: tuple[bool, ...] = ()
    supporting: tuple[bool, ...] = ()


def score(question: GoldQuestion, observed: Observation, reference: Reference) -> Scores:
    """Score an answer; an error counts as wrong wherever the question is eligible.

    An error on an answerable question counts as a refusal in `false_refusal`: the reader was left without an answer.

    Args:
        question: The question, with its right articles.
        observed: What came of asking it.
        reference: What citations and passages are checked against.
    """
    answer = observed.answer
    failed = answer is None
    abstained = answer is not None and answer.abstained
    given = answer if answer is not None and not abstained else None
    judged, resolved, supporting = _judged(question, answer, reference)

    values: dict[str, float | None] = {"error_rate": float(failed)}
    if resolved:
        values["citation_resolves"] = float(all(resolved))
    if given:
        values["citation_recall"], values["citation_precision"] = attribution(given, reference.entails)
    if abstained:
        values["abstain_precision"] = float(not question.answerable)
    if question.answerable:
        values |= _retrieval(question, observed, reference, judged)
        values["false_refusal"] = float(abstained or failed)
    if question.answers:
        values |= _answer(question, given, any(supporting))
    if not question.answerable:
        values["abstain_recall"] = float(abstained)
    if not question.retrieval_only:
        values["crag"] = crag(values.get("joint") == 1, abstained)
    if observed.reworded:
        values["consistency"] = consistency([answer, *observed.reworded])
    values |= _spent(observed, reference)

    return Scores(
        answerable=question.answerable,
        abstained=abstained,
        failed=failed,
        right=values.get("joint", values["success@5"]) == 1 if question.answerable else abstained,
        confidence=math.nan if answer is None else answer.confidence,
        latency_ms=observed.latency_ms,
        values=values,
        relevant=judged,
        resolved=resolved,
        supporting=supporting,
    )


def _judged(
    question: GoldQuestion, answer: Answer | None, reference: Reference
) -> tuple[tuple[bool, ...], tuple[bool, ...], tuple[bool, ...]]:
    """Which hits are relevant, which citations resolve and which are right."""
    if answer is None:
        return (), (), ()
    resolved = tuple(resolves(citation, reference.article_text) for citation in answer.citations)
    if not question.answerable:
        return (), resolved, ()
    right = frozenset(question.right_articles)
    found = relevant([hit.passage for hit in answer.hits], question.answers, right, reference.article_text)
    supporting = tuple(
        supports(citation, question.answers, right, reference.article_text) for citation in answer.citations
    )
    return found, resolved, supporting


def _retrieval(
    question: GoldQuestion, observed: Observation, reference: Reference, judged: tuple[bool, ...]
) -> dict[str, float | None]:
    hits = observed.answer.hits if observed.answer else ()
    ids = [hit.passage.id for hit in hits]
    right = frozenset(question.right_articles)
    wanted = {identity for identity, is_relevant in zip(ids, judged, strict=True) if is_relevant}
    if reference.passages:
        cut = [passage for article_id in question.right_articles for passage in reference.passages(article_id)]
        marks = relevant(cut, question.answers, right, reference.article_text)
        wanted |= {passage.id for passage, is_relevant in zip(cut, marks, strict=True) if is_relevant}
    values: dict[str, float | None] = {**ranking(ids, wanted)}
    if observed.deeper:
        values["recall@20"] = ranking([hit.passage.id for hit in observed.deeper], wanted)["recall@20"]
    if not reference.passages:
        values |= dict.fromkeys(_NEEDS_ALL_RELEVANT)
    quotes = [quote for quote in (question.quote, *(support.quote for support in question.also)) if quote]
    if quotes:
        values["all_evidence@10"] = all_evidence(hits, quotes, right)
    return values


def _answer(question: GoldQuestion, given: Answer | None, is_rightly_cited: bool) -> dict[str, float | None]:
    text, answers = given.text if given else None, question.answers
    number, date = number_exact(text or "", answers), date_exact(text or "", answers)
    return {
        "em": 0.0 if text is None else exact_match(text, answers),
        "f1": 0.0 if text is None else token_f1(text, answers),
        "contained": 0.0 if text is None else contained(text, answers),
        "number_exact": 0.0 if number is not None and text is None else number,
        "date_exact": 0.0 if date is not None and text is None else date,
        "citation_right": float(text is not None and is_rightly_cited),
        "joint": 0.0 if text is None else joint(text, answers, is_rightly_cited),
    }


def _spent(observed: Observation, reference: Reference) -> dict[str, float | None]:
    if observed.tokens is None:
        return {}
    read, written = observed.tokens
    values: dict[str, float | None] = {"tokens_in": float(read), "tokens_out": float(written)}
    if reference.price:
        values["cost"] = (read * reference.price[0] + written * reference.price[1]) / 1e6
    return values
