"""The report's further files, beside the committed baseline: `report.html`, `summary.md` and `junit.xml`."""

from pathlib import Path

from eval.files import write_whole
from eval.gate import BASELINE, GateResult, judge
from eval.gate_rules import read_rules
from eval.outcomes import read_baseline, read_report
from eval.report import Report
from eval.report_junit import junit
from eval.report_page.page import html
from eval.report_summary import summary


def write_views(report: Report, folder: Path, baseline: Path = BASELINE) -> GateResult | None:
    """Write the files into a folder that holds the report's figures and results.

    Returns:
        What changed since the baseline; None where it is about other questions.

    Raises:
        GoldError: The baseline or the rules cannot be read.
    """
    judged = judge(read_report(folder), read_baseline(baseline), read_rules())
    change = judged if judged.same_questions else None
    write_whole(folder / "report.html", html(report, change))
    write_whole(folder / "summary.md", summary(report, change))
    write_whole(folder / "junit.xml", junit(report, change))
    return change
