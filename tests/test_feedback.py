import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_api
from assistant.assistant import Assistant
from assistant.feedback import Feedback, FeedbackStore, candidates
from assistant.reports import Reports
from assistant.settings import Settings
from eval.gold import GoldError, load_native
from index.errors import UnknownReportError
from index.library import Library
from tests.conftest import BRIDGE, NAQVI

QUOTE = "The Ferris bridge will close on 3 March for eleven weeks, engineer Anna Velic said."
RIGHT = Feedback("When does it close?", "up", "3 March", article_id=BRIDGE.id, quote=QUOTE, comment="Good.")
SILENT = Feedback("Who won the cup?", "up", "The articles do not say.", abstained=True)
WRONG = Feedback("Who sat in?", "down", "Natalie Baker", article_id=NAQVI.id)
MENDED = Feedback("Who met?", "down", "an aide", expected="Mohsin Naqvi", article_id=NAQVI.id)


def written(path: Path, lines: Any) -> Path:
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    return path


def test_what_was_right_becomes_gold_as_it_stands(library: Library, tmp_path: Path) -> None:
    path = written(tmp_path / "gold.jsonl", candidates([RIGHT, SILENT, WRONG], library))
    right, silent = load_native(path)
    assert (right.question, right.answers, right.article, right.quote) == (
        "When does it close?", ("3 March",), BRIDGE.title, QUOTE)  # fmt: skip
    assert not silent.answerable


def test_what_was_wrong_has_to_be_filled_in(library: Library, tmp_path: Path) -> None:
    wrong, mended = candidates([WRONG, MENDED], library, with_down=True)
    assert (wrong["answers"], mended["answers"]) == (None, ["Mohsin Naqvi"])
    with pytest.raises(GoldError, match="answers"):
        load_native(written(tmp_path / "gold.jsonl", [wrong]))


def test_of_several_votes_the_newest_counts(library: Library) -> None:
    FeedbackStore(library.folder).keep(Feedback("Who sat in?", "up", "an aide", article_id=NAQVI.id))
    FeedbackStore(library.folder).keep(Feedback("Who sat in?", "up", "Zack Harkinrider", article_id=NAQVI.id))
    (line,) = candidates(FeedbackStore(library.folder).all(), library)
    assert line["answers"] == ["Zack Harkinrider"]


def test_purging_forgets_what_quotes_an_article_that_is_gone(library: Library) -> None:
    store = FeedbackStore(library.folder)
    for item in (RIGHT, SILENT, WRONG):
        store.keep(item)
    library.remove([BRIDGE.id], purge=True)
    assert store.purge(library) == 1
    assert [item.question for item in store.all()] == [WRONG.question, SILENT.question]
    store.close()
    assert QUOTE.encode() not in b"".join(path.read_bytes() for path in library.folder.glob("feedback.sqlite*"))


def test_is_given_over_http_and_exported_by_the_command_line(library: Library) -> None:
    client = TestClient(create_api(Assistant(library, Settings(library=library.folder))))
    sent = {"question": RIGHT.question, "rating": "up", "answer": "3 March", "article_id": BRIDGE.id, "quote": QUOTE}
    kept = client.post("/v1/feedback", json=sent)
    assert kept.status_code == 201
    assert kept.json().items() >= sent.items()
    assert client.get("/v1/feedback").json() == {"total": 1, "feedback": [kept.json()]}
    assert client.post("/v1/feedback", json={**sent, "rating": "sideways"}).status_code == 422


def test_the_commands(tmp_path: Path) -> None:
    def dateline(*words: str) -> str:
        command = [sys.executable, "-c", "from assistant.cli import main; main()", *words]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return done.stdout

    (tmp_path / "story.json").write_text(json.dumps({"title": BRIDGE.title, "text": BRIDGE.text}), encoding="utf-8")
    dateline("add", "story.json")
    FeedbackStore(tmp_path / "library").keep(SILENT)
    assert SILENT.question in dateline("feedback", "list")
    assert json.loads(dateline("feedback", "list", "--json"))[0]["rating"] == "up"
    assert json.loads(dateline("feedback", "export", "-"))["answers"] == []
    assert "1 candidates" in dateline("feedback", "export", "gold.jsonl")
    FeedbackStore(tmp_path / "library").keep(Feedback("Gone?", "up", "Yes", article_id="0" * 16))
    dateline("purge")
    assert "Gone?" not in dateline("feedback", "list")


class TestReports:
    @staticmethod
    def make(folder: Path, right: int) -> None:
        folder.mkdir(parents=True)
        figures = {"metrics": {"overall": {"joint": {"value": right / 2}}}, "questions": 2, "right": right}
        (folder / "report.json").write_text(json.dumps(figures), encoding="utf-8")
        lines = [{"id": n, "right": n == "a", "confidence": c} for n, c in (("a", 0.9), ("b", 0.2), ("c", 0.8))]
        written(folder / "results.jsonl", lines)

    def test_lists_those_in_the_folder_and_below(self, tmp_path: Path) -> None:
        self.make(tmp_path / "reports" / "may", 1)
        (tmp_path / "reports" / "half").mkdir()
        (tmp_path / "reports" / "half" / "report.json").write_text("{", encoding="utf-8")
        reports = Reports(tmp_path / "reports")
        assert [(report.id, report.right) for report in reports.all()] == [("may", 1)]
        assert [line["id"] for line in reports.wrong("may", 5)] == ["c", "b"]
        assert Reports(tmp_path / "may").all() == []
        with pytest.raises(UnknownReportError):
            reports.figures("half")
        with pytest.raises(UnknownReportError):
            reports.figures("../reports/may")

    def test_over_http(self, library: Library, tmp_path: Path) -> None:
        self.make(tmp_path / "eval-report" / "may", 1)
        client = TestClient(create_api(Assistant(library, Settings(library=library.folder))))
        (summary,) = client.get("/v1/eval/reports").json()["reports"]
        assert summary["overall"] == {"joint": {"value": 0.5}}
        body = client.get(f"/v1/eval/reports/{summary['id']}", params={"wrong": 1}).json()
        assert (body["figures"]["questions"], [line["id"] for line in body["wrong"]]) == (2, ["c"])
        assert client.get("/v1/eval/reports/june").status_code == 404
