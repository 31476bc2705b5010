import json
import shutil
from pathlib import Path

import pytest

from tests.test_cli import BRIDGE, NAQVI, dateline


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("upkeep")
    (folder / "naqvi.txt").write_text(NAQVI, encoding="utf-8")
    (folder / "bridge.json").write_text(json.dumps(BRIDGE), encoding="utf-8")
    done = dateline("--library", str(folder / "library"), "add", str(folder / "naqvi.txt"), str(folder / "bridge.json"))
    assert done.returncode == 0, done.stderr
    return folder / "library"


@pytest.fixture
def library(made: Path, tmp_path: Path) -> str:
    shutil.copytree(made, tmp_path / "library")
    return str(tmp_path / "library")


def test_doctor_prints_a_line_a_check_and_exits_with_1_where_one_is_broken(library: str) -> None:
    sound = dateline("doctor", "--library", library)
    assert sound.returncode == 0, sound.stdout
    assert sound.stdout.count("ok ") >= 10
    assert "word index: 2 passages" in sound.stdout
    shutil.rmtree(next(Path(library).glob("vectors-*")))
    broken = dateline("doctor", "--library", library)
    assert broken.returncode == 1
    assert "BROKEN    vector index" in broken.stdout
    assert "--repair" in broken.stderr
    repaired = dateline("doctor", "--repair", "--json", "--library", library)
    assert repaired.returncode == 0, repaired.stdout
    found = json.loads(repaired.stdout)
    assert found["repaired"] == ["made the vector index anew"]
    assert all(check["ok"] for check in found["checks"])


def test_other_settings_are_refused_and_reindex_is_the_way_out(library: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_PASSAGE_WORDS", "25")
    refused = dateline("ask", "who met Natalie Baker?", "--library", library)
    assert refused.returncode == 1
    assert "target_words" in refused.stderr
    assert "dateline reindex" in refused.stderr
    done = dateline("reindex", "--library", library)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("2 articles, ")
    answer = json.loads(dateline("ask", "who met Natalie Baker?", "--json", "--library", library).stdout)
    assert "Mohsin Naqvi" in answer["answer"]


def test_purging_from_the_command_line_leaves_no_byte(library: str) -> None:
    listed = json.loads(dateline("list", "--json", "--library", library).stdout)
    (bridge,) = [article["id"] for article in listed if "Ferris" in article["title"]]
    done = dateline("remove", "--purge", bridge, "--library", library)
    assert (done.returncode, done.stdout) == (0, "1 removed\n"), done.stderr
    assert not [f for f in Path(library).rglob("*") if f.is_file() and b"ferri" in f.read_bytes().lower()]
    assert dateline("purge", "--library", library).returncode == 0
