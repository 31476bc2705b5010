"""A chat model as judge, with a hand-written one in its place."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.chat import models
from eval import command
from eval.judging import PLACEHOLDERS, agreement, judged
from prompts import load_prompt
from tests.models import Scripted

LINES: list[dict[str, Any]] = [
    {"id": "1", "question": "Who met Baker?", "expected": ["Naqvi"], "answer": "Mr Naqvi", "right": True},
    {"id": "2", "question": "How many?", "expected": ["26"], "answer": "$27", "right": False},
    {"id": "3", "question": "Who won?", "expected": [], "answer": "Rubio", "right": False},
    {"id": "4", "question": "Where?", "expected": ["Oslo"], "answer": None, "right": False},
]


@pytest.fixture
def report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results.jsonl").write_text("".join(json.dumps(line) + "\n" for line in LINES), "utf-8")
    return tmp_path


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Scripted:
    scripted = Scripted(scripts=[["Right."], ["It is not right: wrong"], ["I cannot tell."]])
    monkeypatch.setattr(models, "load_chat_model", lambda *_: scripted)
    monkeypatch.setenv("DATELINE_CHAT_MODEL", "double:judge")
    return scripted


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.app, ["judge", *arguments], env={"COLUMNS": "200"})


def test_the_prompt_holds_question_answers_and_answer_within_a_fence() -> None:
    asked: list[str] = []
    prompt = load_prompt("judge", PLACEHOLDERS)
    assert judged(LINES[2], prompt, lambda text: asked.append(text) or "wrong") is False  # type: ignore[func-returns-value]
    assert "Accepted answers: the articles do not say" in asked[0]
    assert "The machine's answer: Rubio" in asked[0]


def test_its_verdicts_are_written_and_held_to_people(report: Path, model: Scripted) -> None:
    labels = report / "labels.jsonl"
    labels.write_text('{"id": "1", "right": true}\n{"id": "2", "right": true}\n', "utf-8")
    result = run(str(report), "--labels", str(labels))
    assert result.exit_code == 0, result.output
    assert "1 of 3 answers judged right, 1 neither right nor wrong" in result.output
    assert "Agreement with the metrics: 100% of 2, kappa 1.00." in result.output
    assert "Agreement with people: 50% of 2, kappa 0.00." in result.output
    verdicts = [json.loads(line) for line in (report / "judge.jsonl").read_text("utf-8").splitlines()]
    assert [line["right"] for line in verdicts] == [True, False, None]


def test_without_labels_it_says_so_and_without_a_model_it_ends(report: Path, model: Scripted) -> None:
    assert "do not trust it yet" in run(str(report), "--limit", "1").output


def test_without_a_model_it_ends_with_1(report: Path) -> None:
    result = run(str(report))
    assert result.exit_code == 1
    assert "name a chat model in DATELINE_CHAT_MODEL" in result.output


def test_agreement_of_nothing() -> None:
    assert (agreement({"1": True}, {}).n, agreement({"1": True}, {}).share) == (0, None)
