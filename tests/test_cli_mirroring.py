import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.test_watch import ROOT, SCRIPT


def dateline(*words: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", SCRIPT, "--library", "library", *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, check=False, env={"PYTHONPATH": str(ROOT)})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "news").mkdir()
    for name in ("ferries", "floods"):
        text = json.dumps({"title": f"About {name}", "text": f"There is news of {name} in Tollen."})
        (tmp_path / "news" / f"{name}.json").write_text(text, encoding="utf-8")
    return tmp_path / "news"


def test_sync_says_what_it_would_do_and_what_it_did(folder: Path) -> None:
    assert dateline("sync", folder, "--dry-run").stdout == (
        "would be: 2 added, 0 replaced, 0 removed, 0 unchanged, 0 failed: library\n"
    )
    assert not Path("library").exists()
    assert dateline("sync", folder).stdout == "2 added, 0 replaced, 0 removed, 0 unchanged, 0 failed: library\n"
    (folder / "floods.json").unlink()
    (folder / "broken.json").write_text("{", encoding="utf-8")
    done = dateline("sync", folder, "--json")
    said = json.loads(done.stdout)
    assert (done.returncode, len(said["removed"]), said["unchanged"]) == (1, 1, 1)
    assert said["failures"][0]["path"].endswith("broken.json")


def test_sync_refuses_a_folder_that_is_not_there(folder: Path) -> None:
    dateline("sync", folder)
    folder.rename(folder.with_name("away"))
    refused = dateline("sync", folder)
    assert (refused.returncode, "--allow-empty" in refused.stderr) == (1, True)
    assert "2 removed" in dateline("sync", folder, "--allow-empty").stdout
