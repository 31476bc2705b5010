"""The report as JUnit XML, which builders show as tests: a rule of the gate each, and a question each."""

from xml.sax.saxutils import quoteattr

from eval.gate import GateResult
from eval.report import Report
from eval.runner import QuestionResult
from eval.verdict import why_wrong

_CONTROL = {number: "�" for number in range(32) if number not in (9, 10, 13)} | {0xFFFE: "�", 0xFFFF: "�"}
"""Characters that XML cannot hold."""


def junit(report: Report, change: GateResult | None) -> str:
    """Write the report.

    A question fails where it was right in the baseline, or where there is no baseline; one that was wrong before and is
    still wrong is skipped, and tells why.
    """
    rules = [_case("gate", metric.name, 0.0, _failure(metric.problem)) for metric in change.metrics] if change else []
    turned = {item.id: item.before.right for item in change.changes} if change else {}
    cases = [_question(result, turned, has_baseline=change is not None) for result in report.results]
    suites = [("gate", rules), ("questions", cases)]
    body = "\n".join(_suite(name, lines) for name, lines in suites if lines)
    return f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="dateline eval">\n{body}\n</testsuites>\n'


def _question(result: QuestionResult, turned: dict[str, bool], *, has_baseline: bool) -> str:
    question, why = result.question, why_wrong(result)
    seconds = (result.observed.latency_ms or 0.0) / 1000
    answer = result.error if result.answer is None else result.answer.text
    told = f"{question.question} {why}: {answer}; expected {' / '.join(question.answers) or 'a refusal'}"
    if not why:
        verdict = ""
    elif result.answer is None:
        verdict = f"<error message={_attribute(told)}/>"
    elif has_baseline and not turned.get(question.id, False):
        verdict = f"<skipped message={_attribute(f'wrong as before: {told}')}/>"
    else:
        verdict = _failure(told)
    return _case(question.kind, question.id, seconds, verdict)


def _failure(message: str) -> str:
    return f"<failure message={_attribute(message)}/>" if message else ""


def _case(group: str, name: str, seconds: float, verdict: str) -> str:
    return f'<testcase classname={_attribute(group)} name={_attribute(name)} time="{seconds:.3f}">{verdict}</testcase>'


def _suite(name: str, lines: list[str]) -> str:
    counts = {kind: sum(f"<{kind} " in line for line in lines) for kind in ("failure", "error", "skipped")}
    return (
        f'<testsuite name="{name}" tests="{len(lines)}" failures="{counts["failure"]}" errors="{counts["error"]}" '
        f'skipped="{counts["skipped"]}">\n' + "\n".join(lines) + "\n</testsuite>"
    )


def _attribute(text: str) -> str:
    return quoteattr(text.translate(_CONTROL))
