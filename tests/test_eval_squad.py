"""Reading SQuAD files."""

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from eval.gold import GoldError
from eval.squad import load_squad

CONTEXT = " The Normans\u2019 duke, William,\nlanded in 1066. \n"
FILE = {
    "version": "v2.0",
    "data": [
        {
            "title": "Normans",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [
                        {
                            "id": "1",
                            "question": "Who landed?",
                            "is_impossible": False,
                            "answers": [
                                {"text": "William", "answer_start": 20},
                                {"text": "William", "answer_start": 20},
                                {"text": "duke, William", "answer_start": 14},
                            ],
                        },
                        {
                            "id": "2",
                            "question": "Who sank?",
                            "is_impossible": True,
                            "answers": [],
                            "plausible_answers": [{"text": "William", "answer_start": 20}],
                        },
                    ],
                },
                {"context": "Another paragraph.", "qas": [{"id": "3", "question": "What?", "answers": []}]},
            ],
        },
        {
            "title": "Copies",
            "paragraphs": [
                {
                    "context": CONTEXT,
                    "qas": [{"id": "4", "question": "When?", "answers": [{"text": "1066", "answer_start": 39}]}],
                }
            ],
        },
    ],
}


def write(folder: Path, data: Any) -> Path:
    path = folder / "squad.json"
    path.write_text(json.dumps(data), "utf-8")
    return path


def test_paragraphs_are_articles_to_the_letter(tmp_path: Path) -> None:
    path = write(tmp_path, FILE)
    articles, questions = load_squad(path)
    assert [(item.title, item.text) for item in articles] == [("Normans", CONTEXT), ("Normans", "Another paragraph.")]
    assert [item.origin for item in articles] == [f"{path.resolve()}#0", f"{path.resolve()}#1"]
    assert [item.id for item in questions] == ["1", "2", "3", "4"]


def test_questions_have_their_answers_and_their_paragraph(tmp_path: Path) -> None:
    articles, questions = load_squad(write(tmp_path, FILE))
    first, impossible, unanswered, copied = questions
    assert first.answers == ("William", "duke, William")
    assert first.right_articles == copied.right_articles == (articles[0].id,)
    assert not impossible.answerable
    assert not unanswered.answerable
    assert first.kind == "other"


def test_packed(tmp_path: Path) -> None:
    path = tmp_path / "squad.json.gz"
    path.write_bytes(gzip.compress(json.dumps(FILE).encode()))
    assert len(load_squad(path)[1]) == 4


def test_a_document_without_a_title_takes_the_name_of_the_file(tmp_path: Path) -> None:
    data = {"data": [{"paragraphs": [{"context": "x", "qas": [{"id": "1", "question": "x?", "answers": []}]}]}]}
    assert load_squad(write(tmp_path, data))[0][0].title == "squad"


def paragraph(**fields: Any) -> dict[str, Any]:
    entry = {"id": "1", "question": "x?", "answers": []}
    return {"data": [{"title": "T", "paragraphs": [{"context": "x", "qas": [entry]} | fields]}]}


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "is not a SQuAD file"),
        ({"data": [{"title": "T"}]}, "is not a SQuAD file"),
        ({"data": []}, "holds no questions"),
        (paragraph(context=" "), "data[0].paragraphs[0]: the context is empty"),
        (paragraph(qas=[{"question": "x?", "answers": []}]), "data[0].paragraphs[0]: 'id' is missing"),
        (paragraph(qas=[{"id": "1", "question": "", "answers": []}]), "a question is empty"),
        (paragraph(qas=[{"id": "1", "question": "x?", "answers": ["x"]}]), "data[0].paragraphs[0]: "),
        (paragraph(qas=[{"id": "1", "question": "x?", "answers": []}] * 2), 'the id "1" is there twice'),
    ],
)
def test_what_is_wrong_is_said(tmp_path: Path, data: Any, message: str) -> None:
    path = write(tmp_path, data)
    with pytest.raises(GoldError) as raised:
        load_squad(path)
    assert str(path) in str(raised.value)
    assert message in str(raised.value)


def test_not_json(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text("{\n oops", "utf-8")
    with pytest.raises(GoldError, match=r"x.json:2: not JSON"):
        load_squad(path)
