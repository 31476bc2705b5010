"""The report: its figures, its files, its page."""

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import ABSTENTION, Answer, Citation, Question
from eval.gold import GoldQuestion
from eval.metrics.names import NAMES
from eval.outcomes import read_report
from eval.report import Report, build
from eval.report_files import report_figures, write
from eval.report_markdown import figure, markdown
from eval.runner import System, run
from eval.scorecard import NOTHING, Estimate
from eval.scores import Reference
from eval.verdict import why_wrong, worst
from index.passage import Hit, Passage

TEXT = "Naqvi met Baker on Friday. The toll rose from 24 to 26."
OTHER = "In Dhaka, 26 came."
TEXTS = {"a": TEXT, "b": OTHER}
HITS = (
    Hit(Passage("p1", "a", TEXT[:26], 0, 26), 0.9, 1),
    Hit(Passage("p2", "a", TEXT[27:], 27, len(TEXT)), 0.5, 2),
)


def gold(id_: str, *answers: str, kind: str = "who", split: str | None = "tune", **more: Any) -> GoldQuestion:
    right = ("a",) if answers else ()
    return GoldQuestion(id_, f"{id_}?", answers, article="a", kind=kind, split=split, right_articles=right, **more)


def answer(text: str, quote: str | None = None, article_id: str = "a", confidence: float = 0.8) -> Answer:
    citations: tuple[Citation, ...] = ()
    if quote is not None:
        start = max(TEXTS[article_id].find(quote), 0)
        citations = (Citation(1, article_id, "T", None, None, None, quote, start, start + len(quote), 0, 1, True, 0.5),)
    return Answer("", text, False, confidence, citations, HITS, answered_by="double")


REFUSAL = Answer("", ABSTENTION, True, 0.3, (), HITS)
LONG = "Naqvi " + "and on " * 30
CASES: list[tuple[GoldQuestion, Answer | None, str]] = [
    (gold("right", "Naqvi"), answer("Naqvi", "Naqvi met Baker"), ""),
    (gold("refused", "Naqvi"), REFUSAL, "refused, though a relevant passage was found, at rank 1"),
    (gold("unfound", "Naqvi"), replace(REFUSAL, hits=()), "refused, though the articles say (no relevant passage"),
    (gold("wrong", "26", kind="number"), answer("Friday | <b>\n", "Friday"),
     "wrong answer, though a relevant passage was found, at rank 2"),
    (gold("old", "26", kind="number", superseded=("24",)), answer("24", "24"), "gave the superseded “24”"),
    (gold("uncited", "26", kind="number"), answer("26"), "right answer without a citation"),
    (gold("elsewhere", "26", kind="number"), answer("26", "26 came", "b"), "right answer, cited from another article"),
    (gold("unheld", "26", kind="number"), answer("26", "met Baker"), "right answer, but the quote does not hold it"),
    (gold("loose", "26", kind="number"), answer("26", "about 26"), "right answer, but a citation does not resolve"),
    (gold("long", "Naqvi", split="test"), answer(LONG, "Naqvi"), "right answer in more than 50 words"),
    (gold("failed", "Naqvi", split="test"), None, "ended in an error"),
    (gold("none", kind="far", split=None), REFUSAL, ""),
    (gold("made up", kind="far"), answer("Baker", "Baker", confidence=0.95), "answered what the articles do not say"),
]  # fmt: skip


def make(cases: list[tuple[GoldQuestion, Answer | None, str]] | None = None) -> Report:
    answers = {question.question: given for question, given, _ in cases or CASES}

    def ask(question: Question) -> Answer:
        given = answers[question.text]
        if given is None:
            raise ValueError("no\nanswer")
        return given

    results = run([question for question, *_ in cases or CASES], System(ask), Reference(TEXTS.get), progress=False)
    return build(results, Reference(TEXTS.get), {"gold": "gold.jsonl", "k": 8})


@pytest.fixture(scope="module")
def report() -> Report:
    return make()


@pytest.fixture(scope="module")
def folder(report: Report, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report") / "made" / "here"
    write(report, folder)
    return folder


def test_why_each_counted_wrong(report: Report) -> None:
    said = {result.question.id: why_wrong(result) for result in report.results}
    for question, _, why in CASES:
        assert said[question.id].startswith(why) if why else said[question.id] == "", question.id


def test_the_worst_are_errors_then_the_surest_wrong_then_refusals(report: Report) -> None:
    ids = [result.question.id for result in worst(report.results, 20)]
    assert ids[:2] == ["failed", "made up"]
    assert ids[-2:] == ["refused", "unfound"]
    assert not {"right", "none"} & set(ids)
    assert len(worst(report.results, 3)) == 3


def test_figures_are_by_kind_and_split_beside_both_baselines(report: Report) -> None:
    assert list(report.by_kind) == ["far", "number", "who"]
    assert list(report.by_split) == ["test", "tune"]
    assert report.by_kind["far"]["abstain_recall"].value == 0.5
    assert report.by_kind["far"]["joint"] == NOTHING
    assert report.by_split["test"]["error_rate"] == Estimate(0.5, 0.094531, 0.905469, 2)
    assert report.overall["joint"].value == pytest.approx(1 / 11, abs=1e-6)
    assert report.baselines["copy_top_passage"]["joint"].value == pytest.approx(3 / 11, abs=1e-6)
    assert report.baselines["always_abstain"]["abstain_recall"].value == 1
    assert report.baselines["always_abstain"]["latency_p50_ms"] == NOTHING


def test_report_json(folder: Path) -> None:
    figures = json.loads((folder / "report.json").read_text("utf-8"))
    overall: Mapping[str, Mapping[str, float | None]] = figures["metrics"]["overall"]
    assert list(overall) == list(NAMES)
    assert all(set(estimate) == {"value", "low", "high", "n"} for estimate in overall.values())
    assert set(figures["metrics"]) == {"overall", "by_kind", "by_split"}
    assert set(figures["baselines"]) == {"copy_top_passage", "always_abstain"}
    assert figures["settings"] == {"gold": "gold.jsonl", "k": 8}
    assert (figures["questions"], figures["answerable"], figures["right"]) == (13, 11, 2)
    assert figures["errors"] == ["failed"]


def test_results_jsonl(folder: Path) -> None:
    lines = [json.loads(line) for line in (folder / "results.jsonl").read_text("utf-8").splitlines()]
    by_id = {line["id"]: line for line in lines}
    assert [line["id"] for line in lines] == [question.id for question, *_ in CASES]
    right = by_id["right"]
    assert (right["kind"], right["split"], right["expected"], right["right_articles"]) == (
        "who",
        "tune",
        ["Naqvi"],
        ["a"],
    )
    assert (right["answer"], right["abstained"], right["confidence"], right["why"]) == ("Naqvi", False, 0.8, "")
    assert right["citations"] == [
        {"article_id": "a", "title": "T", "quote": "Naqvi met Baker", "start": 0, "end": 15,
         "resolves": True, "right": True}
    ]  # fmt: skip
    assert [hit["relevant"] for hit in right["hits"]] == [True, False]
    assert right["metrics"]["joint"] == 1
    assert right["error"] is None
    failed = by_id["failed"]
    assert (failed["answer"], failed["error"], failed["hits"]) == (None, "ValueError: no\nanswer", [])
    assert [hit["relevant"] for hit in by_id["made up"]["hits"]] == [None, None]
    assert by_id["made up"]["citations"][0]["right"] is None


def test_report_md(folder: Path) -> None:
    page = (folder / "report.md").read_text("utf-8")
    assert "13 questions, 11 with an answer and 2 without; 2 right" in page
    assert "| metric | value (95% interval) | n | copy top passage | always abstain |" in page
    assert "| `joint` | 0.091 (" in page
    for title in ("## Scorecard", "## By kind", "## By split", "## Worst questions", "## Settings"):
        assert title in page
    assert "ValueError: no answer" in page
    assert "Friday \\| &lt;b>" in page
    columns = {line.replace("\\|", "").count("|") for line in page.splitlines() if line.startswith("| wrong")}
    assert columns == {8}


def test_a_set_without_splits_and_without_faults() -> None:
    question = gold("right", "Naqvi", split=None)
    page = markdown(make([(question, answer("Naqvi", "Naqvi met Baker"), "")]))
    assert "## By split" not in page
    assert "None is wrong." in page


def test_figures_to_read() -> None:
    assert figure("em", Estimate(0.5, 0.25, 0.75, 4)) == "0.500 (0.250–0.750)"
    assert figure("em", Estimate(0.5, 0.25, 0.75, 4), interval=False) == "0.500"
    assert figure("latency_p50_ms", Estimate(12.3, 10.1, 15.6, 4)) == "12 (10–16)"
    assert figure("em", NOTHING) == "–"


def test_the_same_every_time_but_for_latency(report: Report) -> None:
    def timeless(figures: Any) -> Any:
        if isinstance(figures, dict):
            return {key: timeless(value) for key, value in figures.items() if not key.startswith("latency")}
        return figures

    assert timeless(report_figures(make())) == timeless(report_figures(report))


def test_written_again_the_files_are_replaced_and_nothing_is_left_over(report: Report, folder: Path) -> None:
    write(report, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["report.json", "report.md", "results.jsonl"]


def test_numbers_that_json_cannot_hold_are_null(tmp_path: Path) -> None:
    odd = replace(answer("Naqvi", "Naqvi"), confidence=float("nan"))
    write(make([(gold("right", "Naqvi"), odd, "")]), tmp_path)
    assert json.loads((tmp_path / "results.jsonl").read_text("utf-8"))["confidence"] is None


def test_the_gate_reads_what_was_written(report: Report, folder: Path) -> None:
    outcomes = read_report(folder)
    assert outcomes.metrics == report.overall
    assert outcomes.questions["right"].right
    assert outcomes.questions["old"].why == "gave the superseded “24”"
    assert outcomes.questions["failed"].answer is None
