"""Every metric of a report, in the order shown."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Metric:
    """A metric.

    Attributes:
        name: As in the report's files.
        group: Of what it is a metric.
        means: What it is, in a line.
        is_rate: Whether its value for a question is 0 or 1, so that it has Wilson's interval.
        lower_is_better: Whether less is better.
        digits: How many digits are shown behind the point.
    """

    name: str
    group: str
    means: str
    is_rate: bool = False
    lower_is_better: bool = False
    digits: int = 3


METRICS = (
    Metric("success@1", "retrieval", "the first passage is relevant", is_rate=True),
    Metric("success@5", "retrieval", "one of the first five passages is relevant", is_rate=True),
    Metric("recall@5", "retrieval", "share of the relevant passages among the first five"),
    Metric("recall@20", "retrieval", "share of the relevant passages among the first twenty"),
    Metric("mrr@10", "retrieval", "one over the rank of the first relevant passage"),
    Metric("ndcg@10", "retrieval", "relevant passages among the first ten, the earlier the better"),
    Metric("all_evidence@10", "retrieval", "the first ten passages hold every quote it takes", is_rate=True),
    Metric("em", "answers", "the answer is an accepted one, to the word", is_rate=True),
    Metric("f1", "answers", "words shared with an accepted answer"),
    Metric("contained", "answers", "an accepted answer stands in the answer", is_rate=True),
    Metric("number_exact", "answers", "where a number is asked for: the right numbers and no others", is_rate=True),
    Metric("date_exact", "answers", "where a date is asked for: the right dates and no others", is_rate=True),
    Metric("similarity", "answers", "cosine to the nearest accepted answer; for information only"),
    Metric("citation_resolves", "citations", "every citation stands in its article to the letter", is_rate=True),
    Metric("citation_right", "citations", "a quote from a right article holds an accepted answer", is_rate=True),
    Metric("citation_recall", "citations", "share of what is said that its quotes bear out"),
    Metric("citation_precision", "citations", "share of the quotes that are needed for what they are cited for"),
    Metric("joint", "joint", "right answer, rightly cited", is_rate=True),
    Metric("crag", "joint", "right +1, refused 0, wrong -1"),
    Metric("consistency", "joint", "the same answer to other wordings of a question"),
    Metric("abstain_precision", "abstention", "of the refusals, those of what the articles do not say", is_rate=True),
    Metric("abstain_recall", "abstention", "of what the articles do not say, what is refused", is_rate=True),
    Metric("false_refusal", "abstention", "what the articles say and is refused", is_rate=True, lower_is_better=True),
    Metric("abstain_auroc", "abstention", "a question with an answer has the higher confidence"),
    Metric("aurc", "abstention", "area under the curve of risk against coverage", lower_is_better=True),
    Metric("coverage@95", "abstention", "share that could be answered with 95% of the answers right"),
    Metric("ece", "abstention", "how far confidence lies from the share right", lower_is_better=True),
    Metric("latency_p50_ms", "cost", "half of the answers take no longer", lower_is_better=True, digits=0),
    Metric("latency_p95_ms", "cost", "95% of the answers take no longer", lower_is_better=True, digits=0),
    Metric("tokens_in", "cost", "tokens that a chat model read for a question", lower_is_better=True, digits=0),
    Metric("tokens_out", "cost", "tokens that a chat model wrote for a question", lower_is_better=True, digits=0),
    Metric("cost", "cost", "price of these tokens, as told by --price", lower_is_better=True, digits=6),
    Metric("error_rate", "cost", "questions that ended in an error", is_rate=True, lower_is_better=True),
)

BY_NAME = {metric.name: metric for metric in METRICS}
NAMES = tuple(BY_NAME)
LOWER_IS_BETTER = frozenset(metric.name for metric in METRICS if metric.lower_is_better)
RATES = frozenset(metric.name for metric in METRICS if metric.is_rate)
