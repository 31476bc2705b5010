"""The metrics, as pure functions: first those of one question, then those of many.

Those of one question give 0 to 1. A report's figure is their mean over the *eligible* questions, never over the
answered ones only: answerable questions for the metrics of retrieval, answer and citation (an abstention or an error
counts 0), unanswerable ones for `abstain_recall`, abstained ones for `abstain_precision`.
"""

from collections import Counter
from collections.abc import Callable, Collection, Sequence

import numpy as np
from numpy.typing import ArrayLike

from assistant.answer import Citation
from eval.matching import holds_any, squad_normalise
from index.passage import Hit

NAMES = (
    "hit@1",
    "hit@5",
    "mrr@10",
    "em",
    "f1",
    "contained",
    "citation_resolves",
    "citation_right",
    "joint",
    "abstain_precision",
    "abstain_recall",
    "abstain_auroc",
    "false_refusal",
    "latency_p50_ms",
    "latency_p95_ms",
    "error_rate",
)
"""Every metric of a report, in the order shown."""

LOWER_IS_BETTER = frozenset({"false_refusal", "latency_p50_ms", "latency_p95_ms", "error_rate"})

RATES = frozenset(NAMES) - {"mrr@10", "f1", "abstain_auroc", "latency_p50_ms", "latency_p95_ms"}
"""The metrics whose values for a question are 0 or 1."""

JOINT_WORDS = 50
"""The longest answer, in words, that can be jointly right: a copied passage is no answer."""

ArticleText = Callable[[str], str | None]
"""The stored text of the article with this id, or None where there is no such article."""


def relevant(
    hits: Sequence[Hit], answers: Sequence[str], right_articles: Collection[str], article_text: ArticleText
) -> tuple[bool, ...]:
    """Tell for each hit whether its passage is relevant.

    A passage is relevant when it is from a right article and holds an accepted answer at word boundaries. Where none
    of the answers stands in the text of any right article (they are worded otherwise there), every passage of a right
    article is.

    Args:
        hits: The passages found, best first.
        answers: The accepted answers.
        right_articles: Ids of the articles that answer the question.
        article_text: Gives an article's stored text.
    """
    literal = any(holds_any(article_text(article_id) or "", answers) for article_id in right_articles)
    return tuple(
        hit.passage.article_id in right_articles and (not literal or holds_any(hit.passage.text, answers))
        for hit in hits
    )


def hit_at(k: int, relevance: Sequence[bool]) -> float:
    """hit@k = 1 if any of the first k passages is relevant, else 0."""
    return float(any(relevance[:k]))


def reciprocal_rank(relevance: Sequence[bool], depth: int = 10) -> float:
    """RR@depth = 1 / rank of the first relevant passage, 0 if none stands within `depth`.

    The mean over questions is MRR@depth (Voorhees 1999, TREC-8 question answering track).
    """
    return next((1 / rank for rank, is_relevant in enumerate(relevance[:depth], start=1) if is_relevant), 0.0)


def exact_match(text: str, answers: Sequence[str]) -> float:
    """EM = 1 if the normalised text equals a normalised accepted answer, else 0 (SQuAD, Rajpurkar et al. 2016)."""
    return float(any(squad_normalise(text) == squad_normalise(answer) for answer in answers))


def token_f1(text: str, answers: Sequence[str]) -> float:
    """F1 = 2PR / (P + R) over the bags of normalised tokens; the best over the accepted answers.

    P is the share of the text's tokens that the answer has, R the share of the answer's that the text has. Where
    either has no tokens left, 1 if both have none, else 0 (the official SQuAD 2.0 script, Rajpurkar et al. 2018).
    """
    return max((_f1(squad_normalise(text).split(), squad_normalise(answer).split()) for answer in answers), default=0.0)


def _f1(tokens: list[str], wanted: list[str]) -> float:
    if not tokens or not wanted:
        return float(tokens == wanted)
    common = (Counter(tokens) & Counter(wanted)).total()
    return 2 * common / (len(tokens) + len(wanted))


def contained(text: str, answers: Sequence[str]) -> float:
    """1 if an accepted answer stands in the text at word boundaries, else 0 (see `eval.matching.words`)."""
    return float(holds_any(text, answers))


def resolves(citation: Citation, article_text: ArticleText) -> bool:
    """Tell whether `article.text[start:end] == quote`, to the letter.

    `citation_resolves` = 1 if all citations of an answer do, else 0; eligible are the answers with citations.
    """
    text = article_text(citation.article_id)
    return (
        text is not None
        and 0 <= citation.start <= citation.end
        and text[citation.start : citation.end] == citation.quote
    )


def supports(
    citation: Citation, answers: Sequence[str], right_articles: Collection[str], article_text: ArticleText
) -> bool:
    """Tell whether a citation is right: its quote stands in a right article and holds an accepted answer.

    A quote that does not resolve supports nothing. `citation_right` = 1 if any citation of the answer is right.
    """
    return (
        citation.article_id in right_articles
        and resolves(citation, article_text)
        and holds_any(citation.quote, answers)
    )


def joint(text: str, answers: Sequence[str], citation_right: bool) -> float:
    """1 if the citation is right and an accepted answer stands in a text of at most `JOINT_WORDS` words, else 0.

    Answer and evidence must be right together, as in KILT (Petroni et al. 2021); the limit of length keeps an answerer
    that copies passages from scoring. Words are counted between white space.
    """
    return float(citation_right and len(text.split()) <= JOINT_WORDS and holds_any(text, answers))


def mean(values: ArrayLike) -> float | None:
    """The mean of the values; None of none."""
    array = np.asarray(values, dtype=float)
    return float(array.mean()) if array.size else None


def percentile(values: ArrayLike, q: float) -> float | None:
    """The q-th percentile (0 to 100), linear between order statistics (Hyndman & Fan 1996, type 7); None of none."""
    array = np.asarray(values, dtype=float)
    return float(np.percentile(array, q)) if array.size else None


def auroc(scores: ArrayLike, positive: ArrayLike) -> float | None:
    """The area under the ROC curve: the chance that a positive scores above a negative, ties counting half.

    AUROC = (R - P(P + 1)/2) / (P N), with R the sum of the positives' ranks (mid-ranks for ties), P and N the numbers
    of positives and negatives (Mann & Whitney 1947; Hanley & McNeil 1982).

    Args:
        scores: A score for each, shape (n,); infinities are allowed, NaN is not.
        positive: Whether each is a positive, shape (n,).

    Returns:
        0 to 1; None where there are no positives or no negatives.
    """
    values, is_positive = np.asarray(scores, dtype=float), np.asarray(positive, dtype=bool)
    positives = int(is_positive.sum())
    negatives = is_positive.size - positives
    if not positives or not negatives:
        return None
    _, group, sizes = np.unique(values, return_inverse=True, return_counts=True)
    mid_ranks = np.cumsum(sizes) - (sizes - 1) / 2
    rank_sum = float(mid_ranks[group][is_positive].sum())
    return (rank_sum - positives * (positives + 1) / 2) / (positives * negatives)
