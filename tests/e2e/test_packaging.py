"""The editable installation and a built wheel both answer a question, from any folder."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ASK = """
import sys, assistant
print(assistant.__file__, file=sys.stderr)
from assistant.cli import main
main()
"""
STORY = "Bridge shut\n\n2 May 2025\n\nTOLLEN: Engineer Anna Velic shut the Ferris bridge on Friday after a storm.\n"


def run(*words: str, path: str, folder: Path) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": path}
    return subprocess.run(
        [sys.executable, *words], cwd=folder, env=environment, capture_output=True, text=True, check=False
    )


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A folder with the built wheel unpacked into it, as an installation would."""
    folder = tmp_path_factory.mktemp("wheel")
    # From a copy: setuptools leaves a build folder behind, and takes what lies in an old one into the next wheel.
    left_out = shutil.ignore_patterns(".*", "build", "*.egg-info", "library", "__pycache__", "eval-report")
    shutil.copytree(ROOT, folder / "source", ignore=left_out)
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    build = [*pip, "wheel", "--no-deps", "--no-build-isolation", "--wheel-dir", str(folder), str(folder / "source")]
    done = subprocess.run(build, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    (built,) = folder.glob("*.whl")
    install = [*pip, "install", "--no-deps", "--target", str(folder / "site"), str(built)]
    assert subprocess.run(install, check=False).returncode == 0
    return str(folder / "site")


@pytest.mark.parametrize("installed", ["editable", "wheel"])
def test_it_answers_from_any_folder(installed: str, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    path = request.getfixturevalue("wheel") if installed == "wheel" else ""
    (tmp_path / "story.txt").write_text(STORY, encoding="utf-8")
    added = run("-c", ASK, "add", "story.txt", path=path, folder=tmp_path)
    assert added.returncode == 0, added.stderr
    home = path or str(ROOT)
    assert added.stderr.startswith(home)
    asked = run("-c", ASK, "ask", "Who shut the Ferris bridge?", "--json", path=path, folder=tmp_path)
    assert "Anna Velic" in json.loads(asked.stdout)["answer"]


def test_the_wheel_carries_prompts_weights_and_the_gold_set(wheel: str) -> None:
    for name in ("prompts/answer.md", "assistant/reader/weights/reader.onnx", "assistant/page/web/base.css",
                 "eval/gold.jsonl", "eval/articles/pakistan-us-drone-concerns.txt"):  # fmt: skip
        assert (Path(wheel) / name).is_file()
    assert (Path(wheel) / "app.py").is_file()
