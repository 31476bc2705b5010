"""The gate: whether a report may ship, by the rules of `gate.toml`, beside the committed baseline.

`python -m eval.gate REPORT_DIR` compares and ends with 1 where it may not pass; `--update` makes the report the
baseline instead.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from eval.gate_rules import RULES, Rules, read_rules
from eval.metrics.names import LOWER_IS_BETTER, NAMES
from eval.outcomes import Outcome, Outcomes, read_baseline, read_report, write_baseline
from eval.paired import Paired, Run, compare, of_means
from eval.scorecard import NOTHING, Confidence, Estimate, at_once
from index.errors import DatelineError

BASELINE = Path(__file__).parent / "baseline.json"

_LOG_WIDTH = 160
_UNPAIRED = Paired(None, None, None, None, None)


@dataclass(frozen=True)
class MetricChange:
    """A metric then and now; `problem` is why it fails the gate, empty if it passes."""

    name: str
    before: Estimate
    now: Estimate
    paired: Paired
    problem: str


@dataclass(frozen=True)
class QuestionChange:
    """A question that came out otherwise: refused, answered, answered otherwise, or ended in an error."""

    id: str
    before: Outcome
    now: Outcome

    @property
    def direction(self) -> str:
        """`right -> wrong`, `wrong -> right`, or `right -> right`, `wrong -> wrong` where only the words changed."""
        return " -> ".join("right" if outcome.right else "wrong" for outcome in (self.before, self.now))


@dataclass(frozen=True)
class GateResult:
    """What the gate found.

    Attributes:
        metrics: Every metric then and now.
        changes: The questions that came out otherwise, right -> wrong first.
        added: Ids that only the report has.
        missing: Ids that only the baseline has.
        reworded: Ids whose question or accepted answers are not those of the baseline.
    """

    metrics: tuple[MetricChange, ...]
    changes: tuple[QuestionChange, ...]
    added: tuple[str, ...]
    missing: tuple[str, ...]
    reworded: tuple[str, ...]

    @property
    def same_questions(self) -> bool:
        """Whether report and baseline are about the same questions with the same accepted answers."""
        return not (self.added or self.missing or self.reworded)

    @property
    def passed(self) -> bool:
        """Whether no metric fails and the questions are the same: figures on other questions are not comparable."""
        return self.same_questions and not any(change.problem for change in self.metrics)


def judge(report: Outcomes, baseline: Outcomes, rules: Rules) -> GateResult:
    """Judge a report.

    A metric fails beyond its floor (`at_least`) or ceiling (`at_most`); where it may not be worse than the baseline
    (`not_worse`), if the 95% interval of the paired difference lies wholly on the worse side of 0; and where a rule
    names it but nothing is eligible any more.
    """
    before, now = baseline.questions, report.questions
    common = [id_ for id_ in before if id_ in now]
    changes = [QuestionChange(id_, before[id_], now[id_]) for id_ in common if _told(before[id_]) != _told(now[id_])]
    order = ("right -> wrong", "wrong -> right", "wrong -> wrong", "right -> right")
    reworded = tuple(id_ for id_ in common if before[id_].asked != now[id_].asked)
    comparable = [id_ for id_ in common if id_ not in set(reworded)]
    paired = paired_differences([before[id_] for id_ in comparable], [now[id_] for id_ in comparable])
    return GateResult(
        metrics=tuple(
            _judged(
                name,
                baseline.metrics.get(name, NOTHING),
                report.metrics.get(name, NOTHING),
                paired.get(name, _UNPAIRED),
                rules,
            )
            for name in NAMES
        ),
        changes=tuple(sorted(changes, key=lambda change: order.index(change.direction))),
        added=tuple(id_ for id_ in now if id_ not in before),
        missing=tuple(id_ for id_ in before if id_ not in now),
        reworded=reworded,
    )


def paired_differences(before: Sequence[Outcome], now: Sequence[Outcome]) -> dict[str, Paired]:
    """Compare two runs in every metric that follows from single questions, on the same questions in the same order."""
    runs: dict[str, tuple[Run, Run]] = {}
    for name in NAMES:
        values = [outcome.values.get(name) for outcome in now]
        if any(value is not None for value in values):
            runs[name] = (of_means([outcome.values.get(name) for outcome in before]), of_means(values))
    earlier, later = (at_once([_confidence(outcome) for outcome in outcomes]) for outcomes in (before, now))
    runs |= {name: (Run(earlier[name][0]), Run(later[name][0])) for name in earlier if name in later}
    return compare([outcome.about for outcome in now], runs)


def _confidence(outcome: Outcome) -> Confidence:
    answered = not outcome.abstained and outcome.answer is not None
    sure = math.nan if outcome.confidence is None else outcome.confidence
    return Confidence(outcome.answerable, answered, outcome.right and outcome.answerable, sure)


def _told(outcome: Outcome) -> tuple[bool, bool, str | None]:
    return outcome.right, outcome.abstained, outcome.answer


def _judged(name: str, before: Estimate, now: Estimate, paired: Paired, rules: Rules) -> MetricChange:
    return MetricChange(name, before, now, paired, _problem(name, before, now, paired, rules))


def _problem(name: str, before: Estimate, now: Estimate, paired: Paired, rules: Rules) -> str:
    least, most = rules.at_least.get(name), rules.at_most.get(name)
    if now.value is None:
        required = least is not None or most is not None or (name in rules.not_worse and before.value is not None)
        return "nothing eligible any more" if required else ""
    if least is not None and now.value < least:
        return f"below its floor, {least:g}"
    if most is not None and now.value > most:
        return f"above its ceiling, {most:g}"
    if name in rules.not_worse and paired.low is not None and paired.high is not None:
        if name in LOWER_IS_BETTER and paired.low > 0:
            return f"worse than the baseline by {paired.low:.3f} at least"
        if name not in LOWER_IS_BETTER and paired.high < 0:
            return f"worse than the baseline by {-paired.high:.3f} at least"
    return ""


def wide_console() -> Console:
    """Standard output, with room for a table where it is no terminal, as in a builder's log."""
    console = Console()
    if not console.is_terminal:
        console.width = max(console.width, _LOG_WIDTH)
    return console


def main(
    report: Annotated[Path, typer.Argument(metavar="REPORT_DIR", help="The folder that an evaluation wrote.")],
    baseline: Annotated[Path, typer.Option(help="The committed figures.")] = BASELINE,
    rules: Annotated[Path, typer.Option(help="Floors, and what may not be worse than the baseline.")] = RULES,
    update: Annotated[bool, typer.Option("--update", help="Make the report the baseline; compare nothing.")] = False,
) -> None:
    """Hold a report to its floors and to the baseline, question by question: ends with 1 where it fails."""
    from eval.gate_table import show

    console = wide_console()
    try:
        found = read_report(report)
        if update:
            digest = write_baseline(found, baseline)
            console.print(
                f"{escape(str(baseline))} now holds the figures of {escape(str(report))}. Say why in CHANGELOG.md, in "
                f"a line that names `{digest}`.",
                soft_wrap=True,
            )
            return
        result = judge(found, read_baseline(baseline), read_rules(rules))
    except DatelineError as error:
        Console(stderr=True).print(f"[red]{escape(str(error))}[/red]", soft_wrap=True)
        raise typer.Exit(1) from None
    show(result, console)
    if not result.passed:
        raise typer.Exit(1)


if __name__ == "__main__":
    typer.run(main)
