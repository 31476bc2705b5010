"""Reading gold questions: what is required, what is optional, and what a bad line is told."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from assistant.answer import Turn
from eval.gold import GoldError, GoldQuestion, Support, load_native

WHOLE = {
    "id": "q1",
    "question": "And when?",
    "answers": ["Friday", "9 May"],
    "article": "a.txt",
    "quote": "met on Friday",
    "kind": "follow_up",
    "split": "tune",
    "story": 1,
    "also": [{"article": "b.txt", "quote": "on 9 May"}],
    "also_in": ["wire.md"],
    "history": [{"role": "user", "content": "Who met?"}, {"role": "assistant", "content": "Naqvi."}],
    "superseded": ["Thursday"],
    "near": "c.txt",
}


def write(folder: Path, *lines: Any) -> Path:
    path = folder / "gold.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def test_every_field(tmp_path: Path) -> None:
    (question,) = load_native(write(tmp_path, WHOLE))
    assert question == GoldQuestion(
        id="q1",
        question="And when?",
        answers=("Friday", "9 May"),
        article="a.txt",
        quote="met on Friday",
        kind="follow_up",
        split="tune",
        story=1,
        also=(Support("b.txt", "on 9 May"),),
        also_in=("wire.md",),
        history=(Turn("user", "Who met?"), Turn("assistant", "Naqvi.")),
        superseded=("Thursday",),
        near="c.txt",
    )


def test_other_peoples_files_need_little(tmp_path: Path) -> None:
    path = write(
        tmp_path,
        {"id": 7, "question": "Who?", "answers": ["Naqvi"], "article": "a.txt", "note": "ours", "also": None},
        "",
        {"id": "8", "question": "Who won?", "answers": []},
    )
    first, second = load_native(path)
    assert (first.id, first.kind, first.split, first.answerable) == ("7", "other", None, True)
    assert (second.article, second.answerable) == (None, False)


def test_packed_with_a_byte_order_mark_and_other_line_ends(tmp_path: Path) -> None:
    path = tmp_path / "gold.jsonl.gz"
    path.write_bytes(gzip.compress(("\ufeff" + json.dumps(WHOLE) + "\r\n\r\n").encode()))
    assert load_native(path)[0].id == "q1"


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ('{"id": "x", ', "not JSON: "),
        ("[1]", "not a JSON object"),
        ({key: WHOLE[key] for key in WHOLE if key != "id"}, '"id" is missing'),
        (WHOLE | {"id": True}, '"id" must be a text, not true'),
        (WHOLE | {"question": ""}, '"question" is missing'),
        (WHOLE | {"question": "  "}, '"question" must be a text'),
        ({key: WHOLE[key] for key in WHOLE if key != "answers"}, '"answers" is missing (an empty list where'),
        (WHOLE | {"answers": None}, '"answers" must be a list of texts, not null'),
        (WHOLE | {"answers": "Friday"}, '"answers" must be a list of texts, not "Friday"'),
        (WHOLE | {"answers": ["Friday", 9]}, '"answers" must be a list of texts'),
        (WHOLE | {"answers": [" "]}, '"answers" must be a list of texts'),
        (WHOLE | {"article": None}, '"article" is missing: a question with answers needs'),
        (WHOLE | {"kind": 3}, '"kind" must be a text, not 3'),
        (WHOLE | {"story": "1"}, '"story" must be a position from 0, not "1"'),
        (WHOLE | {"story": -1}, '"story" must be a position from 0, not -1'),
        (WHOLE | {"also": ["b.txt"]}, '"also" must be a list of objects'),
        (WHOLE | {"also": [{"quote": "x"}]}, '"article" is missing'),
        (WHOLE | {"history": [{"role": "robot", "content": "x"}]}, '"role" in "history" must be user or assistant'),
    ],
)
def test_a_bad_line_is_named_with_file_and_number(tmp_path: Path, line: Any, message: str) -> None:
    path = write(tmp_path, WHOLE | {"id": "q0"}, line)
    with pytest.raises(GoldError) as raised:
        load_native(path)
    assert str(raised.value).startswith(f"{path}:2: ")
    assert message in str(raised.value)


def test_an_id_may_be_there_only_once(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match=r':3: the id "q1" is already that of line 1'):
        load_native(write(tmp_path, WHOLE, "", WHOLE))


def test_many_bad_lines_show_the_first_few(tmp_path: Path) -> None:
    with pytest.raises(GoldError) as raised:
        load_native(write(tmp_path, *["{}"] * 12))
    lines = str(raised.value).splitlines()
    assert len(lines) == 6
    assert lines[-1] == "… and 7 more"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(GoldError, match="does not exist"):
        load_native(tmp_path / "none.jsonl")
    with pytest.raises(GoldError, match="cannot be read"):
        load_native(tmp_path)
    with pytest.raises(GoldError, match="holds no questions"):
        load_native(write(tmp_path, "", ""))
    (tmp_path / "latin.jsonl").write_bytes("é".encode("latin-1"))
    with pytest.raises(GoldError, match="not UTF-8"):
        load_native(tmp_path / "latin.jsonl")
    (tmp_path / "bad.gz").write_bytes(b"not gzip")
    with pytest.raises(GoldError, match="cannot be read"):
        load_native(tmp_path / "bad.gz")
