from pathlib import Path

import pytest

from prompts import load_prompt
from prompts.loader import PromptError


def write(folder: Path, text: str) -> Path:
    (folder / "p.md").write_text(text, encoding="utf-8")
    return folder


def test_a_prompt_is_filled_and_hashed(tmp_path: Path) -> None:
    prompt = load_prompt("p", {"who"}, write(tmp_path, "Who is $who? It costs $$5."))
    assert prompt.fill(who="$x") == "Who is $x? It costs $5."
    assert len(prompt.sha256) == 64


@pytest.mark.parametrize(("text", "problem"), [("$a $b", "unknown"), ("", "lacks"), ("$a costs $ 5", "lone")])
def test_wrong_placeholders_fail_at_load(tmp_path: Path, text: str, problem: str) -> None:
    with pytest.raises(PromptError, match=problem):
        load_prompt("p", {"a"}, write(tmp_path, text))


def test_a_missing_prompt_is_named() -> None:
    with pytest.raises(PromptError, match=r"nope\.md"):
        load_prompt("nope", set())


def test_the_prompts_that_come_with_dateline_load() -> None:
    assert load_prompt("answer", {"abstention", "fence", "passages", "question"}).text


def test_ones_own_prompt_is_used_before_the_one_that_comes_with_dateline(tmp_path: Path) -> None:
    (tmp_path / "answer.md").write_text("$question", encoding="utf-8")
    assert load_prompt("answer", {"question"}, tmp_path).text == "$question"


def test_a_folder_without_a_prompt_leaves_it_as_it_is(tmp_path: Path) -> None:
    usual = load_prompt("answer", {"abstention", "fence", "passages", "question"})
    assert load_prompt("answer", {"abstention", "fence", "passages", "question"}, tmp_path) == usual


def test_a_folder_of_prompts_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(PromptError, match="nowhere"):
        load_prompt("answer", set(), tmp_path / "nowhere")
