"""`ragas` metrics with a hand-written chat model as judge; all but the message need the extra `ragas`."""

import json
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from assistant.chat import models
from eval import command
from eval.ragas_scores import NAMES, RagasScores, mean
from index.errors import ModelError
from tests.conftest import HashedEmbedder
from tests.models import Scripted

ASKED = "Who met Baker?"
LINE: dict[str, Any] = {
    "id": "1",
    "question": ASKED,
    "expected": ["Naqvi"],
    "answer": "Naqvi met Baker on Sunday.",
    "abstained": False,
    "citations": [{"quote": "Naqvi met Baker on Friday."}],
    "right": True,
}
STATEMENTS = json.dumps({"statements": ["Naqvi met Baker.", "They met on Sunday."]})
VERDICTS = json.dumps(
    {
        "statements": [
            {"statement": "Naqvi met Baker.", "reason": "It says so.", "verdict": 1},
            {"statement": "They met on Sunday.", "reason": "It says Friday.", "verdict": 0},
        ]
    }
)
QUESTION = json.dumps({"question": ASKED, "noncommittal": 0})

needs_ragas = pytest.mark.skipif(find_spec("ragas") is None, reason="the extra `ragas` is not installed")


def test_the_mean_is_of_what_there_is() -> None:
    assert mean([1.0, None, 0.5]) == (0.75, 2)
    assert mean([None]) == (None, 0)


@pytest.mark.skipif(find_spec("ragas") is not None, reason="the extra `ragas` is installed")
def test_without_it_what_to_install_is_said() -> None:
    with pytest.raises(ModelError, match=r"pip install 'dateline\[ragas\]'"):
        RagasScores(Scripted(scripts=[[""]]), HashedEmbedder())


@needs_ragas
def test_half_the_statements_borne_out_and_the_same_question_asked_back() -> None:
    judge = Scripted(scripts=[[STATEMENTS], [VERDICTS], [QUESTION]])
    found = RagasScores(judge, HashedEmbedder()).of(LINE)
    assert found == {"faithfulness": 0.5, "answer_relevancy": pytest.approx(1)}


@needs_ragas
@pytest.mark.parametrize("change", [{"abstained": True}, {"citations": []}, {"answer": ""}])
def test_nothing_to_score_asks_nothing(change: dict[str, Any]) -> None:
    judge = Scripted(scripts=[[STATEMENTS]])
    assert RagasScores(judge, HashedEmbedder()).of({**LINE, **change}) == dict.fromkeys(NAMES)
    assert judge.calls == 0


@needs_ragas
def test_what_cannot_be_read_is_no_score() -> None:
    assert RagasScores(Scripted(scripts=[["I would rather not."]]), HashedEmbedder()).of(LINE) == dict.fromkeys(NAMES)


@needs_ragas
def test_the_command_writes_them_beside_the_verdict(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge = Scripted(scripts=[["Right."], [STATEMENTS], [VERDICTS], [QUESTION]])
    monkeypatch.setattr(models, "load_chat_model", lambda *_: judge)
    monkeypatch.setenv("DATELINE_CHAT_MODEL", "double:judge")
    (tmp_path / "results.jsonl").write_text(json.dumps(LINE) + "\n", "utf-8")
    result = CliRunner().invoke(command.app, ["judge", str(tmp_path), "--ragas"], env={"COLUMNS": "200"})
    assert result.exit_code == 0, result.output
    assert "ragas faithfulness: 0.500 of 1." in result.output
    (written,) = [json.loads(line) for line in (tmp_path / "judge.jsonl").read_text("utf-8").splitlines()]
    assert (written["right"], written["faithfulness"]) == (True, 0.5)
