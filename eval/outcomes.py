"""What the gate compares: how every question came out, in a report and in the committed baseline."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from eval.gold import GoldError, read_text
from eval.metrics import NAMES
from eval.report_files import write_whole
from eval.scorecard import NOTHING, Estimate


@dataclass(frozen=True)
class Outcome:
    """How one question came out.

    Attributes:
        question: What was asked.
        expected: The accepted answers.
        right: Jointly right if answerable, else refused.
        joint: The joint metric; None for an unanswerable question.
        abstained: Whether it was refused.
        answer: What was answered; None after an error.
        why: Why it counted wrong, empty if right.
    """

    question: str
    expected: tuple[str, ...]
    right: bool
    joint: float | None
    abstained: bool
    answer: str | None
    why: str


@dataclass(frozen=True)
class Outcomes:
    """What the gate compares: the figures over all questions, and how each came out, by id."""

    metrics: Mapping[str, Estimate]
    questions: Mapping[str, Outcome]


def read_report(folder: Path) -> Outcomes:
    """Read a report's `report.json` and `results.jsonl`.

    Raises:
        GoldError: A file is missing or not a report's.
    """
    figures, results = folder / "report.json", folder / "results.jsonl"
    try:
        metrics = json.loads(read_text(figures))["metrics"]["overall"]
        lines = [json.loads(line) for line in read_text(results).split("\n") if line]
        return Outcomes(_estimates(metrics), {line["id"]: _outcome(line, line["metrics"]["joint"]) for line in lines})
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{folder} does not hold the report of an evaluation: {error!r}") from None


def read_baseline(path: Path) -> Outcomes:
    """Read a baseline.

    Raises:
        GoldError: It is missing or not a baseline.
    """
    try:
        content = json.loads(read_text(path))
        questions = {id_: _outcome(fields, fields["joint"]) for id_, fields in content["questions"].items()}
        return Outcomes(_estimates(content["metrics"]), questions)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldError(f"{path} is not a baseline: {error!r}. Make one with --update") from None


def write_baseline(outcomes: Outcomes, path: Path) -> None:
    """Make a report the baseline.

    Raises:
        GoldError: A citation of the report does not resolve: no baseline may accept that.
    """
    resolving = outcomes.metrics.get("citation_resolves", NOTHING).value
    if resolving is not None and resolving < 1:
        raise GoldError(f"Not made the baseline: citation_resolves is {resolving:.3f} and must be 1")
    content = {
        "metrics": {name: asdict(outcomes.metrics[name]) for name in NAMES if name in outcomes.metrics},
        "questions": {id_: asdict(outcome) for id_, outcome in outcomes.questions.items()},
    }
    write_whole(path, json.dumps(content, ensure_ascii=False, indent=1) + "\n")


def _estimates(metrics: Mapping[str, Mapping[str, Any]]) -> dict[str, Estimate]:
    return {name: Estimate(**fields) for name, fields in metrics.items()}


def _outcome(fields: Mapping[str, Any], joint: float | None) -> Outcome:
    return Outcome(
        question=fields["question"],
        expected=tuple(fields["expected"]),
        right=fields["right"],
        joint=joint,
        abstained=fields["abstained"],
        answer=fields["answer"],
        why=fields["why"],
    )
