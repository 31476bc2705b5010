"""Two runs give the same numbers, to the last digit, however many questions are asked at once."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from eval import command


def timeless(content: Any) -> Any:
    if isinstance(content, dict):
        return {key: timeless(value) for key, value in content.items() if not key.startswith("latency")}
    return [timeless(item) for item in content] if isinstance(content, list) else content


def test_the_real_assistant_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    found = []
    for name, at_once in (("first", "1"), ("second", "3")):
        result = CliRunner().invoke(command.app, ["--limit", "18", "--at-once", at_once, "--out", name])
        assert result.exit_code == 0, result.output
        lines = (tmp_path / name / "results.jsonl").read_text("utf-8").splitlines()
        figures = json.loads((tmp_path / name / "report.json").read_text("utf-8"))
        found.append((timeless(figures), [timeless(json.loads(line)) for line in lines]))
    assert found[0] == found[1]
