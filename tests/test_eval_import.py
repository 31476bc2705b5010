"""`dateline eval import`: every format in, and what is broken in it told."""

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from typer.testing import CliRunner

from eval import command, gold_set
from eval.formats.reading import guessed
from eval.gold import GoldError, GoldQuestion, load_native
from eval.gold_lines import gold_line, gold_text
from eval.scores import Observation, Reference, score

MET = "Naqvi met Baker in Islamabad on Friday to talk of the drones."
FLOOD = "The toll of the flood rose to 26 on Sunday, the coroner said."


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(command.app, ["import", *arguments, "--out", "out"], env={"COLUMNS": "200"})


def written() -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path("out/gold.jsonl").read_text("utf-8").splitlines()]


def lines(path: str, rows: Sequence[Mapping[str, object] | str]) -> None:
    Path(path).parent.mkdir(parents=True, exist_ok=True)
    text = "".join(f"{row if isinstance(row, str) else json.dumps(row)}\n" for row in rows)
    Path(path).write_text(text, "utf-8")


def news() -> None:
    Path("news").mkdir()
    Path("news/met.json").write_text(json.dumps({"title": "Naqvi met Baker", "text": MET}), "utf-8")


def loads_again() -> gold_set.GoldSet:
    return gold_set.load(Path("out/gold.jsonl"), Path("out/articles"), "native")


def test_squad() -> None:
    def asked(id_: str, question: str, answer: str | None) -> dict[str, object]:
        answers = [{"text": answer, "answer_start": 0}] if answer else []
        return {"id": id_, "question": question, "is_impossible": answer is None, "answers": answers}

    sound = [asked("1", "Who met Baker?", "Naqvi"), asked("2", "Who won?", None)]
    broken = [asked("3", "Who lost?", "Rubio"), asked("4", "Who met Baker?", "Naqvi")]
    paragraphs = [{"context": MET, "qas": [*sound, *broken]}, {"context": "", "qas": []}]
    Path("dev.json").write_text(json.dumps({"data": [{"title": "T", "paragraphs": paragraphs}]}), "utf-8")
    result = run("dev.json")
    assert result.exit_code == 1
    assert "2 questions in out/gold.jsonl, 3 broken." in result.output
    assert 'question "3": none of its answers, such as “Rubio”, stands in its article' in result.output
    assert 'question "4": it is asked in the same words by "1"' in result.output
    assert "data[0].paragraphs[1]: the context is empty" in result.output
    assert written() == [
        {"id": "1", "question": "Who met Baker?", "answers": ["Naqvi"], "article": "000000.json"},
        {"id": "2", "question": "Who won?", "answers": [], "near": "000000.json"},
    ]
    who, won = loads_again().questions
    assert who.right_articles
    assert not won.answerable


def test_beir() -> None:
    lines("set/corpus.jsonl", [{"_id": "d1", "title": "Met", "text": MET}, {"_id": "d2", "text": FLOOD}, "{"])
    lines("set/queries.jsonl", [{"_id": "q1", "text": "Who met Baker?"}, {"_id": "q2", "text": "How many died?"},
                                {"_id": "q3", "text": "Nobody judged this"}])  # fmt: skip
    qrels = "query-id\tcorpus-id\tscore\nq1\td1\t1\nq1\td2\t0\nq2\td2\t2\nq2\td1\t1\nq9\td1\t1\nq1\n"
    Path("set/qrels").mkdir()
    Path("set/qrels/test.tsv").write_text(qrels, "utf-8")
    result = run("set")
    assert result.exit_code == 1
    for told in ("corpus line 3: no JSON object", "query 'q9' is not among the queries", "qrels/test.tsv line 7:"):
        assert told in result.output
    first, second = loads_again().questions
    assert (first.id, first.split, first.retrieval_only, first.answerable) == ("q1", "test", True, True)
    assert len(second.right_articles) == 2


def test_of_a_question_without_known_answers_only_the_search_is_scored() -> None:
    question = GoldQuestion("q", "Who?", (), "a", retrieval_only=True, right_articles=("a",))
    scores = score(question, Observation(None), Reference({"a": MET}.get))
    assert scores.values["success@5"] == 0
    assert not {"joint", "em", "crag", "abstain_recall"} & set(scores.values)
    assert not scores.right


def test_clapnq() -> None:
    passages = [{"title": "Flood", "text": FLOOD}]
    rows = [
        {"id": 1, "input": "What was the toll?", "passages": passages, "output": [{"selected_sentences": [FLOOD]}]},
        {"id": 2, "input": "Who drowned?", "passages": passages, "output": [{"answer": "", "selected_sentences": []}]},
        {"id": 3, "passages": passages},
        {"id": 4, "input": "?", "passages": []},
    ]
    lines("dev.jsonl", rows)
    Path("dev.jsonl.gz").write_bytes(gzip.compress(Path("dev.jsonl").read_bytes()))
    result = run("dev.jsonl.gz")
    assert result.exit_code == 1
    assert 'line 3: "input" is missing or no text' in result.output
    assert "line 4: it has no passage" in result.output
    toll, drowned = written()
    assert (toll["answers"], toll["kind"], toll["article"]) == ([FLOOD], "answerable", "000000.json")
    assert (drowned["answers"], drowned["near"]) == ([], "000000.json")


def test_a_table() -> None:
    news()
    Path("table.csv").write_text(
        "Question,Answer,Article,kind\n"
        '"Who met Baker, and where?",Naqvi | Mohsin Naqvi,met.json,who\n'
        "Who won?,,met.json,\n"
        ",x,met.json,\n"
        "Who lost?,Naqvi,,\n"
        "Who flew?,Naqvi,gone.json,\n",
        "utf-8",
    )
    result = run("table.csv", "--articles", "news")
    assert result.exit_code == 1
    for told in (
        "row 3: the question is empty",
        "row 4: it has an answer and no article",
        'question "row-5": no article goes by the path, file name, title or address "gone.json"',
    ):
        assert told in result.output
    assert [(line["id"], line["answers"]) for line in written()] == [
        ("row-1", ["Naqvi", "Mohsin Naqvi"]),
        ("row-2", []),
    ]


def test_our_own_lines_are_checked() -> None:
    news()
    whole = {"question": "Who met Baker?", "answers": ["Naqvi"], "article": "met.json"}
    lines("my.jsonl", [{"id": "1", **whole, "quote": "Naqvi met Baker"}, {"id": "1", **whole},
                       {"id": "3", **whole, "question": "Who?", "quote": "Naqvi saw Baker"}, "{"])  # fmt: skip
    result = run("my.jsonl", "--articles", "news")
    assert result.exit_code == 1
    for told in (
        'line 2: the id "1" is already that of line 1',
        'question "3": its quote “Naqvi saw Baker” does not stand in its article',
        "line 4: not JSON",
    ):
        assert told in result.output
    assert [line["id"] for line in written()] == ["1"]


def test_a_sound_set_ends_with_0() -> None:
    news()
    lines("my.jsonl", [{"id": "1", "question": "Who met Baker?", "answers": ["Naqvi"], "article": "met.json"}])
    result = run("my.jsonl", "--articles", "news")
    assert result.exit_code == 0, result.output
    assert "1 questions in out/gold.jsonl, 0 broken. Ask them: dateline eval --gold out/gold.jsonl" in result.output


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["none.csv"], "none.csv does not exist"),
        (["empty"], "is a folder without corpus.jsonl"),
        (["odd.txt"], "does not tell its format: say it with --format"),
        (["bare.csv"], "has no column answer, article"),
        (["my.jsonl"], "holds no articles: say where they are with --articles"),
        (["empty", "--format", "beir"], "holds no corpus.jsonl"),
    ],
)
def test_mistakes(arguments: list[str], told: str) -> None:
    Path("empty").mkdir()
    Path("odd.txt").write_text("", "utf-8")
    Path("bare.csv").write_text("question\n", "utf-8")
    lines("my.jsonl", [{"id": "1", "question": "Who?", "answers": []}])
    result = run(*arguments)
    assert result.exit_code == 1
    assert told in result.output


def test_guesses() -> None:
    for name, content, format in (
        ("a.json.gz", "", "squad"),
        ("b.tsv", "", "csv"),
        ("c.jsonl", '{"input": "?", "passages": []}', "clapnq"),
        ("d.jsonl", '{"id": "1"}', "native"),
    ):
        Path(name).write_text(content, "utf-8")
        assert guessed(Path(name)) == format
    with pytest.raises(GoldError):
        guessed(Path("nowhere"))


def test_lines_are_read_as_they_were_written(tmp_path: Path) -> None:
    questions = load_native(command.GOLD)
    (tmp_path / "again.jsonl").write_text(gold_text(questions), "utf-8")
    assert load_native(tmp_path / "again.jsonl") == questions
    assert json.loads(gold_line(questions[0], {"accepted_by": "N. N."}))["accepted_by"] == "N. N."
