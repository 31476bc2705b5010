"""The report: figures for all questions, by kind and by split, beside two baselines."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from eval.runner import QuestionResult, always_abstain, copy_top_passage
from eval.scorecard import Scorecard, scorecard
from eval.scores import Reference


@dataclass(frozen=True)
class Report:
    """What an evaluation found.

    Attributes:
        results: A result for each question, in order.
        overall: The figures over all questions.
        by_kind: The figures by kind of question, in alphabetical order.
        by_split: The figures by split; empty where the set is not split.
        baselines: The figures over all questions of `copy_top_passage` and `always_abstain`.
        settings: What was asked, and with which settings; values that JSON can hold.
    """

    results: tuple[QuestionResult, ...]
    overall: Scorecard
    by_kind: dict[str, Scorecard]
    by_split: dict[str, Scorecard]
    baselines: dict[str, Scorecard]
    settings: Mapping[str, object]


def build(results: Iterable[QuestionResult], reference: Reference, settings: Mapping[str, object]) -> Report:
    """Compute a report's figures.

    Args:
        results: A result for each question.
        reference: What the baselines' answers are judged by.
        settings: What to record of how the results were made; no times, so that reports can be compared.
    """
    everything = tuple(results)
    return Report(
        results=everything,
        overall=_figures(everything),
        by_kind=_grouped(everything, lambda result: result.question.kind),
        by_split=_grouped(everything, lambda result: result.question.split),
        baselines={
            "copy_top_passage": _figures(copy_top_passage(everything, reference)),
            "always_abstain": _figures(always_abstain(everything, reference)),
        },
        settings=settings,
    )


def _figures(results: Iterable[QuestionResult]) -> Scorecard:
    known = list(results)
    return scorecard([result.scores for result in known], [result.question.about for result in known])


def _grouped(results: Sequence[QuestionResult], key: Callable[[QuestionResult], str | None]) -> dict[str, Scorecard]:
    names = sorted({name for result in results if (name := key(result)) is not None})
    return {name: _figures(result for result in results if key(result) == name) for name in names}
