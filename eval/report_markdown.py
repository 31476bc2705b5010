"""The report as a page to read."""

from collections.abc import Iterable, Mapping, Sequence

from eval.metrics.names import BY_NAME, NAMES
from eval.report import Report
from eval.scorecard import Estimate, Scorecard
from eval.verdict import why_wrong, worst

_WORST_SHOWN = 25
_TEXT_SHOWN = 160
_GROUP_COLUMNS = (
    "success@1",
    "success@5",
    "f1",
    "contained",
    "citation_right",
    "joint",
    "false_refusal",
    "abstain_recall",
)


def markdown(report: Report) -> str:
    """Write the page: scorecard beside the baselines, tables by kind and by split, the worst questions."""
    answerable = sum(result.question.answerable for result in report.results)
    right = sum(result.scores.right for result in report.results)
    total = len(report.results)
    parts = [
        "# Eval report",
        f"{total} questions, {answerable} with an answer and {total - answerable} without; {right} right: jointly "
        "right where there is an answer, refused where there is none. 95% intervals over articles: Wilson’s for rates, "
        "else BCa bootstrap.",
        "## Scorecard",
        table(["metric", "value (95% interval)", "n", *_baseline_titles(report)], _scorecard_rows(report)),
        "Lower is better for "
        + ", ".join(f"`{name}`" for name in NAMES if BY_NAME[name].lower_is_better)
        + ". “–”: nothing eligible.",
        "## By kind",
        _groups("kind", report.by_kind),
    ]
    if report.by_split:
        parts += ["## By split", _groups("split", report.by_split)]
    parts += ["## Worst questions", _worst(report), "## Settings", _settings(report.settings)]
    return "\n\n".join(parts) + "\n"


def figure(name: str, estimate: Estimate, *, interval: bool = True) -> str:
    """Write an estimate: `0.912 (0.880–0.940)`, in whole milliseconds for latency, `–` where undefined."""
    if estimate.value is None or estimate.low is None or estimate.high is None:
        return "–"
    digits = BY_NAME[name].digits
    value = f"{estimate.value:.{digits}f}"
    return f"{value} ({estimate.low:.{digits}f}–{estimate.high:.{digits}f})" if interval else value


def _baseline_titles(report: Report) -> list[str]:
    return [name.replace("_", " ") for name in report.baselines]


def _scorecard_rows(report: Report) -> Iterable[list[str]]:
    for name in NAMES:
        ours = report.overall[name]
        baselines = [figure(name, figures[name]) for figures in report.baselines.values()]
        yield [f"`{name}`", figure(name, ours), str(ours.n), *baselines]


def _groups(title: str, groups: Mapping[str, Scorecard]) -> str:
    rows = [
        [name, str(figures["error_rate"].n)]
        + [figure(metric, figures[metric], interval=metric == "joint") for metric in _GROUP_COLUMNS]
        for name, figures in groups.items()
    ]
    return table([title, "questions", *_GROUP_COLUMNS], rows)


def _worst(report: Report) -> str:
    found = worst(report.results, _WORST_SHOWN)
    if not found:
        return "None is wrong."
    rows = []
    for result in found:
        answered = result.error if result.answer is None else result.answer.text
        confidence = "–" if result.answer is None else f"{result.answer.confidence:.2f}"
        expected = " / ".join(result.question.answers[:3]) or "(the articles do not say)"
        question = result.question
        rows.append(
            [question.id, question.kind, question.question, answered or "", expected, confidence, why_wrong(result)]
        )
    return table(["id", "kind", "question", "answered", "expected", "confidence", "why"], rows)


def _settings(settings: Mapping[str, object]) -> str:
    return table(["setting", "value"], [[f"`{name}`", str(value)] for name, value in settings.items()])


def table(header: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Write a table; cells are cut where they are long, and their markup is made harmless."""
    lines = [header, ["---"] * len(header), *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(text: str) -> str:
    one_line = " ".join(text.split())
    shortened = one_line if len(one_line) <= _TEXT_SHOWN else one_line[: _TEXT_SHOWN - 1] + "…"
    return shortened.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;")
