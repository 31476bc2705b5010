import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

NAQVI = """Interior minister sees envoy again

By Jane Roe
9 May 2025

ISLAMABAD: Interior Minister Mohsin Naqvi met the American envoy Natalie Baker on Friday, the second time in two days.

“We spoke plainly,” an aide said afterwards. A political counsellor sat in.
"""
BRIDGE = {
    "title": "Ferris bridge to close",
    "text": "The Ferris bridge will close on 3 March, engineer Anna Velic said.",
    "source": "Tollen Post",
    "published": "2025-02-20",
}


def dateline(*words: str, stdin: str | None = None) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from assistant.cli import main; main()", *words]
    return subprocess.run(command, capture_output=True, text=True, check=False, input=stdin)


def printed(*words: str) -> Any:
    return json.loads(dateline(*words, "--json").stdout)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cli")
    (folder / "naqvi.txt").write_text(NAQVI, encoding="utf-8")
    (folder / "bridge.json").write_text(json.dumps(BRIDGE), encoding="utf-8")
    done = dateline("--library", str(folder / "library"), "add", str(folder / "naqvi.txt"), str(folder / "bridge.json"))
    assert done.returncode == 0, done.stderr
    assert "2 added" in done.stdout
    return folder / "library"


def test_help_is_quick_and_lists_the_commands() -> None:
    began = time.perf_counter()
    text = dateline("--help").stdout
    took = time.perf_counter() - began
    for command in ("add", "remove", "list", "show", "status", "search", "ask", "chat", "serve", "eval"):
        assert f"\n  {command} " in text
    heavy = "import sys, assistant.cli; sys.exit(bool({'torch', 'chromadb', 'gradio', 'pydantic'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", heavy], check=False).returncode == 0
    assert took < 5  # 0.1 s on a machine at rest; the sharp limit is that nothing heavy is loaded


def test_ask_names_who_met_her_and_cites_the_place(library: Path) -> None:
    body = printed("ask", "who met Natalie Baker?", "--library", str(library))
    assert "Mohsin Naqvi" in body["answer"]
    citation = body["citations"][0]
    text = printed("show", citation["article_id"], "--library", str(library))["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_prints_answer_and_quote_for_people(library: Path) -> None:
    text = dateline("--library", str(library), "ask", "who met Natalie Baker?").stdout
    assert "Mohsin Naqvi" in text
    assert "[1] Interior minister sees envoy again · 9 May 2025" in text


def test_the_library_is_named_before_or_behind_the_command_or_by_the_environment(
    library: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    before = dateline("--library", str(library), "status", "--json").stdout
    behind = dateline("status", "--library", str(library), "--json").stdout
    monkeypatch.setenv("DATELINE_LIBRARY", str(library))
    assert before == behind == dateline("status", "--json").stdout
    assert json.loads(before)["articles"] == 2


def test_list_and_search_print_json(library: Path) -> None:
    assert {a["title"] for a in printed("list", "--library", str(library))} == {
        "Interior minister sees envoy again",
        "Ferris bridge to close",
    }
    found = printed("search", "Ferris bridge", "--source", "Tollen Post", "--library", str(library))
    assert [passage["title"] for passage in found] == ["Ferris bridge to close"]


def test_the_language_is_told_from_the_text_and_shown(library: Path) -> None:
    listed = printed("list", "--library", str(library))
    assert {item["language"] for item in listed} == {"en"}
    shown = printed("show", listed[0]["id"], "--library", str(library))
    assert (shown["language"], shown["language_detected"], shown["pages"]) == ("en", True, [])
    assert " · en" in dateline("show", listed[0]["id"], "--library", str(library)).stdout


def test_ids_are_listed_whole(library: Path) -> None:
    text = dateline("list", "--library", str(library)).stdout
    assert all(article["id"] in text for article in printed("list", "--library", str(library)))


def test_chat_answers_and_follows_up(library: Path) -> None:
    done = dateline("chat", "--library", str(library), stdin="who met Natalie Baker?\nwhen did he meet her?\n\n")
    assert done.returncode == 0, done.stderr
    assert done.stdout.count("Mohsin Naqvi") >= 2


def test_adding_again_adds_nothing_and_bad_files_are_reported_while_the_rest_goes_on(
    library: Path, tmp_path: Path
) -> None:
    naqvi = library.parent / "naqvi.txt"
    (tmp_path / "broken.json").write_text("{", encoding="utf-8")
    done = dateline("add", str(naqvi), str(tmp_path / "broken.json"), "--library", str(library))
    assert done.returncode == 1
    assert "0 added, 0 replaced, 1 unchanged, 1 failed" in done.stdout
    assert "broken.json" in done.stderr


def test_standard_input_is_added_and_removed_again(library: Path) -> None:
    done = dateline(
        "add", "-", "--library", str(library), stdin="Rain at last\n\nTOLLEN: It rained on Monday in Tollen.\n"
    )
    assert done.returncode == 0, done.stderr
    (added,) = [a for a in printed("list", "--library", str(library)) if a["title"] == "Rain at last"]
    assert dateline("remove", added["id"], "--library", str(library)).returncode == 0
    assert dateline("show", added["id"], "--library", str(library)).returncode == 1


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["ask", "who?", "--library", "nowhere"], 1, "There is no library at nowhere"),
        (["ask", ""], 1, "no library"),
        (["remove", "nope"], 1, "no library"),
        (["ask"], 2, "Missing argument"),
        (["frobnicate"], 2, "No such command"),
        (["search", "x", "--since", "soon"], 2, "YYYY-MM-DD"),
        (["add", "missing.txt"], 1, "missing.txt"),
    ],
)
def test_mistakes_exit_with_1_and_wrong_usage_with_2(words: list[str], code: int, says: str) -> None:
    done = dateline(*words)
    assert (done.returncode, says in done.stderr) == (code, True), done.stderr


def test_an_unknown_id_is_named(library: Path) -> None:
    done = dateline("remove", "nope", "--library", str(library))
    assert done.returncode == 1
    assert "no article 'nope'" in done.stderr
