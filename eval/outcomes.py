"""What the gate compares: how every question came out, in a report and in the committed baseline."""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from eval.files import write_whole
from eval.gold import GoldError, read_text
from eval.metrics.names import NAMES
from eval.scorecard import NOTHING, Estimate

_ANSWER_KEPT = 160


@dataclass(frozen=True)
class Outcome:
    """How one question came out.

    Attributes:
        asked: A digest of the question, its history and its accepted answers: the same means comparable.
        answerable: Whether the articles answer it.
        right: Jointly right if answerable, else refused.
        abstained: Whether it was refused.
        confidence: How sure the answer was; None after an error.
        answer: What was answered, cut where it is long; None after an error.
        why: Why it counted wrong, empty if right.
        values: Of each metric, 0 to 1, or None where the question is not eligible.
        question: What was asked; empty in a baseline.
        about: What it is about; empty in a baseline.
    """

    asked: str
    answerable: bool
    right: bool
    abstained: bool
    confidence: float | None
    answer: str | None
    why: str
    values: Mapping[str, float | None]
    question: str = ""
    about: str = ""


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
        return Outcomes(_estimates(metrics), {line["id"]: _of_line(line) for line in lines})
    except (ValueError, KeyError, TypeError) as error:
        raise GoldError(f"{folder} does not hold the report of an evaluation: {error!r}") from None


def read_baseline(path: Path) -> Outcomes:
    """Read a baseline.

    Raises:
        GoldError: It is missing or not a baseline.
    """
    try:
        content = json.loads(read_text(path))
        names = content["values"]
        questions = {id_: _of_row(row, names) for id_, *row in content["questions"]}
        return Outcomes(_estimates(content["metrics"]), questions)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise GoldError(f"{path} is not a baseline: {error!r}. Make one with --update") from None


def write_baseline(outcomes: Outcomes, path: Path) -> str:
    """Make a report the baseline: a line a metric, a line a question, without the questions' and articles' texts.

    Returns:
        Its digest, to be named in the change log.

    Raises:
        GoldError: A citation of the report does not resolve: no baseline may accept that.
    """
    resolving = outcomes.metrics.get("citation_resolves", NOTHING).value
    if resolving is not None and resolving < 1:
        raise GoldError(f"Not made the baseline: citation_resolves is {resolving:.3f} and must be 1")
    metrics = {name: asdict(outcomes.metrics[name]) for name in NAMES if name in outcomes.metrics}
    names = [name for name in NAMES if any(name in outcome.values for outcome in outcomes.questions.values())]
    rows = [_compact([id_, *_row(outcome, names)]) for id_, outcome in outcomes.questions.items()]
    text = (
        '{"metrics": {\n'
        + ",\n".join(f"{_compact(name)}: {_compact(figures)}" for name, figures in metrics.items())
        + f'\n}},\n"values": {_compact(names)},\n"questions": [\n'
        + ",\n".join(rows)
        + "\n]}\n"
    )
    write_whole(path, text)
    return digest(path)


def digest(path: Path) -> str:
    """The first twelve digits of a file's SHA-256."""
    return sha256(path.read_bytes()).hexdigest()[:12]


def _row(outcome: Outcome, names: list[str]) -> list[object]:
    known = asdict(outcome)
    fields = ("asked", "answerable", "right", "abstained", "confidence", "answer", "why")
    return [*(known[field] for field in fields), [outcome.values.get(name) for name in names]]


def _of_row(row: list[Any], names: list[str]) -> Outcome:
    asked, answerable, right, abstained, confidence, answer, why, values = row
    return Outcome(asked, answerable, right, abstained, confidence, answer, why, dict(zip(names, values, strict=True)))


def _of_line(line: Mapping[str, Any]) -> Outcome:
    asked = json.dumps([line["question"], line["history"], line["expected"]], sort_keys=True)
    answer, confidence = line["answer"], line["confidence"]
    return Outcome(
        asked=sha256(asked.encode()).hexdigest()[:12],
        answerable=bool(line["expected"]),
        right=line["right"],
        abstained=line["abstained"],
        confidence=None if confidence is None else round(confidence, 4),
        answer=answer if answer is None or len(answer) <= _ANSWER_KEPT else answer[: _ANSWER_KEPT - 1] + "…",
        why=line["why"],
        values={name: None if value is None else round(value, 4) for name, value in line["metrics"].items()},
        question=line["question"],
        about=line["about"],
    )


def _estimates(metrics: Mapping[str, Mapping[str, Any]]) -> dict[str, Estimate]:
    return {name: Estimate(**fields) for name, fields in metrics.items()}


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
