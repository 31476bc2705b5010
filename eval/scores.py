"""The scores of one answer to one question."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from assistant.answer import Answer
from eval import metrics
from eval.gold import GoldQuestion


@dataclass(frozen=True)
class Scores:
    """How one answer did.

    Attributes:
        answerable: Whether the articles answer the question.
        abstained: Whether it was refused; False after an error.
        failed: Whether asking ended in an error.
        right: Jointly right if answerable; if not, refused.
        ranking: The score by which answerable is told from unanswerable: the confidence, after an error the worst
            possible (minus infinity if answerable, else infinity), so that an error counts as wrong there too.
        latency_ms: How long the answer took in milliseconds; None where it was not asked for (a baseline).
        values: By metric name, 0 to 1, or None where the question is not eligible.
        relevant: For each hit, whether its passage is relevant.
        resolved: For each citation, whether it resolves.
        supporting: For each citation, whether it is right.
    """

    answerable: bool
    abstained: bool
    failed: bool
    right: bool
    ranking: float
    latency_ms: float | None
    values: Mapping[str, float | None]
    relevant: tuple[bool, ...] = ()
    resolved: tuple[bool, ...] = ()
    supporting: tuple[bool, ...] = ()


def score(
    question: GoldQuestion,
    answer: Answer | None,
    *,
    article_text: metrics.ArticleText,
    latency_ms: float | None = None,
) -> Scores:
    """Score an answer; None is an error and counts as wrong wherever the question is eligible.

    An error on an answerable question counts as a refusal in `false_refusal`: the reader was left without an answer.

    Args:
        question: The question, with its right articles.
        answer: What was answered.
        article_text: Gives an article's stored text, for citations to be checked against.
        latency_ms: How long it took.
    """
    failed = answer is None
    abstained = answer is not None and answer.abstained
    relevant: tuple[bool, ...] = ()
    resolved: tuple[bool, ...] = ()
    supporting: tuple[bool, ...] = ()
    if answer is not None:
        resolved = tuple(metrics.resolves(citation, article_text) for citation in answer.citations)
    if answer is not None and question.answerable:
        right_articles = frozenset(question.right_articles)
        relevant = metrics.relevant(answer.hits, question.answers, right_articles, article_text)
        supporting = tuple(
            metrics.supports(citation, question.answers, right_articles, article_text) for citation in answer.citations
        )

    values: dict[str, float | None] = dict.fromkeys(
        name for name in metrics.NAMES if name != "abstain_auroc" and not name.startswith("latency")
    )
    values["error_rate"] = float(failed)
    if resolved:
        values["citation_resolves"] = float(all(resolved))
    if abstained:
        values["abstain_precision"] = float(not question.answerable)
    if question.answerable:
        text = answer.text if answer is not None and not abstained else None
        values |= {
            "hit@1": metrics.hit_at(1, relevant),
            "hit@5": metrics.hit_at(5, relevant),
            "mrr@10": metrics.reciprocal_rank(relevant),
            "em": 0.0 if text is None else metrics.exact_match(text, question.answers),
            "f1": 0.0 if text is None else metrics.token_f1(text, question.answers),
            "contained": 0.0 if text is None else metrics.contained(text, question.answers),
            "citation_right": float(text is not None and any(supporting)),
            "joint": 0.0 if text is None else metrics.joint(text, question.answers, any(supporting)),
            "false_refusal": float(abstained or failed),
        }
    else:
        values["abstain_recall"] = float(abstained)

    return Scores(
        answerable=question.answerable,
        abstained=abstained,
        failed=failed,
        right=values["joint"] == 1 if question.answerable else abstained,
        ranking=_ranking(question, answer),
        latency_ms=latency_ms,
        values=values,
        relevant=relevant,
        resolved=resolved,
        supporting=supporting,
    )


def _ranking(question: GoldQuestion, answer: Answer | None) -> float:
    if answer is None or math.isnan(answer.confidence):
        return -math.inf if question.answerable else math.inf
    return answer.confidence
