"""The page, put together."""

from html import escape
from pathlib import Path

from eval.gate import GateResult
from eval.page_files import fill_page
from eval.report import Report
from eval.report_page.plots import latency_plot, reliability_plot, risk_coverage_plot
from eval.report_page.questions import page_data
from eval.report_page.tables import kinds_table, scorecard_table, settings_table, tiles, verdict

_NOTE = (
    "95% intervals over articles: Wilson’s for rates, else BCa bootstrap. ↓: lower is better. Beside it two baselines, "
    "which copy the first passage found, and refuse everything."
)
_SINCE = (
    " The blue stroke is the baseline’s figure; what changed since is compared question by question, green or red "
    "where the interval does not hold 0."
)


def html(report: Report, change: GateResult | None = None) -> str:
    """Write the page: one file, which loads nothing and runs its own script only.

    Args:
        report: What was found.
        change: What changed since the baseline; None where the questions are others.
    """
    total, answerable = len(report.results), sum(result.question.answerable for result in report.results)
    right = sum(result.scores.right for result in report.results)
    answered_by = ", ".join(_texts(report.settings.get("answered_by")))
    parts = {
        "title": escape(f"{right} of {total} questions right"),
        "lead": escape(
            f"{report.settings.get('gold', 'gold questions')}: {answerable} questions with an answer, "
            f"{total - answerable} without; answered by {answered_by or 'an unnamed system'}. Right is jointly right, "
            "or refused where the articles do not say."
        ),
        "verdict": verdict(change),
        "tiles": tiles(report, change),
        "scorecard_note": escape(_NOTE + (_SINCE if change else "")),
        "scorecard": scorecard_table(report, change),
        "kinds": kinds_table(report),
        "plots": _plots(report),
        "settings": settings_table(report.settings),
        "data": page_data(report, change),
    }
    return fill_page(Path(__file__).with_name("page.html"), parts)


def _plots(report: Report) -> str:
    figures = (
        (risk_coverage_plot(report.results), "Risk against coverage: if only the surest answers were given, how many "
         "would be wrong."),
        (reliability_plot(report.results), "Reliability: the share right against the confidence, on the dotted line if "
         "it is what it says. The bars tell how many answers there are."),
        (latency_plot(report.results), "How long answers took; the slowest hundredth is in the last bar."),
    )  # fmt: skip
    return "".join(
        f"<figure>{svg}<figcaption>{escape(caption)}</figcaption></figure>" for svg, caption in figures if svg
    )


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list) else []
