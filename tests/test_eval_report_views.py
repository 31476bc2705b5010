"""The report as a page, as a summary, as JUnit XML, and its schema."""

import json
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import jsonschema
import pytest

from eval.gate import GateResult, judge
from eval.gate_rules import Rules
from eval.gold import GoldQuestion
from eval.outcomes import Outcomes, read_report
from eval.report import Report
from eval.report_files import write
from eval.report_junit import junit
from eval.report_page.page import html
from eval.report_summary import summary

from .test_eval_report import CASES, answer, gold, make

SCHEMA = json.loads((Path(__file__).parents[1] / "eval" / "report.schema.json").read_text("utf-8"))
EVIL = '</script><img src=x onerror="alert(1)"> & \u2028 <b>'
RULES = Rules({"joint": 0.5}, {}, ())


@pytest.fixture(scope="module")
def report() -> Report:
    return make()


@pytest.fixture(scope="module")
def evil() -> Report:
    question = GoldQuestion(EVIL, f"{EVIL}?", (EVIL,), "a", kind=EVIL, split="tune", right_articles=("a",))
    made = make([(question, answer(EVIL, "Naqvi met Baker"), "")])
    return replace(made, settings={EVIL: EVIL, "answered_by": [EVIL]})


@pytest.fixture(scope="module")
def change(report: Report, tmp_path_factory: pytest.TempPathFactory) -> GateResult:
    """As if "wrong" had been right before, and "right" the same."""
    folder = tmp_path_factory.mktemp("report")
    write(report, folder)
    now = read_report(folder)
    wrong = replace(now.questions["wrong"], right=True, answer="26", why="")
    return judge(now, Outcomes(now.metrics, {**now.questions, "wrong": wrong}), RULES)


class Elements(HTMLParser):
    """Collects the elements of a page, and what is in its scripts."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts = re.findall(r"<script[^>]*>(.*?)</script>", page, re.DOTALL)
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


def test_the_schema_describes_the_files(report: Report, tmp_path: Path) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    write(report, tmp_path)
    jsonschema.validate(json.loads((tmp_path / "report.json").read_text("utf-8")), SCHEMA)
    of_result = {**SCHEMA["$defs"]["result"], "$defs": SCHEMA["$defs"]}
    for line in (tmp_path / "results.jsonl").read_text("utf-8").splitlines():
        jsonschema.validate(json.loads(line), of_result)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"metrics": {}}, SCHEMA)


def test_the_page_needs_nothing_else(report: Report, change: GateResult) -> None:
    page = html(report, change)
    elements = Elements(page)
    assert not [attributes for _, attributes in elements.tags if {"src", "href"} & set(attributes)]
    assert "url(" not in page
    assert "@import" not in page
    policy = next(a["content"] for tag, a in elements.tags if tag == "meta" and "http-equiv" in a) or ""
    assert policy.startswith("default-src 'none'")
    assert f"'sha256-{b64encode(sha256(elements.scripts[1].encode()).digest()).decode()}'" in policy


def test_the_page_tells_figures_plots_and_the_gate(report: Report, change: GateResult) -> None:
    page = html(report, change)
    assert "2 of 13 questions right" in page
    assert "<code>joint</code>" in page
    assert "copy top passage" in page
    assert page.count("<figure>") == 3
    assert "The gate fails: <code>joint</code> below its floor, 0.5" in page
    assert "The gate" not in html(report)


def test_the_page_holds_every_question_with_its_passages(report: Report, change: GateResult) -> None:
    data = json.loads(Elements(html(report, change)).scripts[0])
    by_id = {question["id"]: question for question in data["questions"]}
    assert list(by_id) == [question.id for question, *_ in CASES]
    assert by_id["wrong"]["before"] == "right -> wrong, before: “26”"
    assert by_id["right"]["before"] is None
    assert {id_: question["outcome"] for id_, question in by_id.items()} | {
        "right": "right", "refused": "refused", "wrong": "wrong", "failed": "error", "none": "right",
    } == {id_: question["outcome"] for id_, question in by_id.items()}  # fmt: skip
    (cited,) = by_id["right"]["citations"]
    passage = data["passages"][cited["passage"]]
    start = cited["start"] - passage["start"]
    assert passage["text"][start : start + len(cited["quote"])] == cited["quote"] == "Naqvi met Baker"
    assert by_id["elsewhere"]["citations"][0]["passage"] is None, "no passage found holds it"


def test_what_is_told_is_never_markup(evil: Report) -> None:
    page = html(evil)
    elements = Elements(page)
    assert "img" not in [tag for tag, _ in elements.tags]
    assert len(elements.scripts) == 2
    assert json.loads(elements.scripts[0])["questions"][0]["answer"] == EVIL
    assert "innerHTML" not in page
    summary_page = summary(evil, None)
    assert "<img" not in summary_page
    ET.fromstring(junit(evil, None))  # noqa: S314 - our own text


def test_the_summary_names_what_turned(report: Report, change: GateResult) -> None:
    page = summary(report, change)
    assert page.startswith("### Eval: 2 of 13 questions right\n")
    assert "**The gate fails.** `joint` below its floor, 0.5." in page
    assert "1 questions turned" in page
    assert re.search(r"\| right -> wrong \| `wrong` \| wrong\? \| “26” \| “Friday", page)
    assert "gate" not in summary(report, None)


def test_junit_fails_what_turned_and_skips_what_was_wrong_before(report: Report, change: GateResult) -> None:
    root = ET.fromstring(junit(report, change))  # noqa: S314 - our own text
    gate, questions = root.findall("testsuite")
    assert [case.get("name") for case in gate.findall("testcase[failure]")] == ["joint"]
    assert [case.get("name") for case in questions.findall("testcase[failure]")] == ["wrong"]
    assert [case.get("name") for case in questions.findall("testcase[error]")] == ["failed"]
    assert (questions.get("tests"), questions.get("failures"), questions.get("skipped")) == ("13", "1", "9")
    alone = ET.fromstring(junit(report, None))  # noqa: S314 - our own text
    assert len(alone.findall("testsuite")) == 1
    assert len(alone.findall(".//failure")) == 10


def test_junit_holds_characters_that_xml_does_not() -> None:
    odd = make([(gold("odd", "Naqvi"), answer("bell\x07 \ufffe"), "")])
    failure = ET.fromstring(junit(odd, None)).find(".//failure")  # noqa: S314 - our own text
    assert failure is not None
    assert "bell\ufffd" in failure.attrib["message"]
