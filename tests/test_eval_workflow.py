"""The workflow runs what `.ci/run` runs."""

import re
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

ROOT = Path(__file__).parents[1]
WORKFLOW = ROOT / ".github" / "workflows" / "eval.yml"


@pytest.fixture
def commands() -> list[str]:
    workflow: dict[str, Any] = yaml.safe_load(WORKFLOW.read_text("utf-8"))
    (job,) = workflow["jobs"].values()
    return [step["run"] for step in job["steps"] if "run" in step]


def test_its_checks_are_those_of_the_ci_script(commands: list[str]) -> None:
    script = re.findall(r"^make .*$", (ROOT / ".ci" / "run").read_text("utf-8"), re.MULTILINE)
    assert [command for command in commands if command.startswith("make ")] == script
    assert script


def test_its_targets_are_there(commands: list[str]) -> None:
    targets = re.findall(r"^([\w-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)
    assert {command.split()[1] for command in commands if command.startswith("make ")} <= set(targets)


def test_the_summary_is_shown_where_there_is_one(commands: list[str], tmp_path: Path) -> None:
    (show,) = [command for command in commands if "GITHUB_STEP_SUMMARY" in command]
    shell = shutil.which("bash") or "bash"
    shown = tmp_path / "summary"

    def run() -> int:
        environment = {"GITHUB_STEP_SUMMARY": str(shown), "PATH": "/usr/bin:/bin"}
        return subprocess.run([shell, "-e", "-c", show], check=False, cwd=tmp_path, env=environment).returncode

    assert run() == 0, "no report, no summary, no failure"
    (tmp_path / "eval-report").mkdir()
    (tmp_path / "eval-report" / "summary.md").write_text("### Eval\n", "utf-8")
    assert run() == 0
    assert shown.read_text("utf-8") == "### Eval\n"
