"""Drafting questions from articles, and looking through them."""

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from sklearn.metrics import cohen_kappa_score
from typer.testing import CliRunner

from eval import command, gold_set
from eval.drafting.proposing import from_article, from_model
from eval.drafting.reviews import Review, Reviews, accepted, kappa
from index.article import Article

BRIDGE = (
    "The old bridge at Low Mill will close to cars from Monday. Mayor Petra Quist said the work takes 14 weeks. "
    "Engineers found 26 cracks in its northern pier in March. “We could not wait for another winter,” said Petra "
    "Quist. She thanked Aldo Ferrin, whose yard will lend a ferry. The ferry of Aldo Ferrin carries 40 passengers."
)
FIRE = (
    "A fire at the Harrow Lane bakery burned for three hours on Sunday. The baker, Ines Cole, lost 300 loaves. "
    "Firefighters saved the oven that Ines Cole had bought in 1987. Nobody was hurt in the fire at the bakery."
)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "news").mkdir()
    for name, title, text in (("bridge", "Bridge to close", BRIDGE), ("fire", "Bakery burns", FIRE)):
        (tmp_path / "news" / f"{name}.json").write_text(json.dumps({"title": title, "text": text}), "utf-8")
    return tmp_path


def run(*arguments: str, typed: str = "") -> Result:
    return CliRunner().invoke(command.app, arguments, input=typed, env={"COLUMNS": "200"})


def lines(path: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in Path(path).read_text("utf-8").splitlines()]


def test_questions_are_made_of_names_numbers_dates_and_quotations() -> None:
    made = list(from_article(Article("Bridge to close", BRIDGE)))
    asked = {candidate.question: (candidate.answer, candidate.kind) for candidate in made}
    assert asked["Engineers found how many cracks in its northern pier in March?"] == ("26", "number")
    assert asked["Engineers found 26 cracks in its northern pier when?"] == ("March", "when")
    assert asked["Who said: “We could not wait for another winter”?"] == ("Petra Quist", "quotation")
    assert not [question for question in asked if question.startswith("She thanked")], "it leans on what is before"
    for candidate in made:
        assert candidate.quote == BRIDGE[candidate.start : candidate.end]
        assert candidate.answer in candidate.quote


def test_of_a_model_only_what_is_to_the_letter_is_taken() -> None:
    article = Article("Bridge to close", BRIDGE)
    good = {"question": "How long does the work take?", "answer": "14 weeks",
            "quote": "Mayor Petra Quist said the work takes 14 weeks."}  # fmt: skip
    bad = [
        {**good, "quote": "The work takes 14 weeks."},
        {**good, "answer": "a year"},
        {**good, "answer": None},
        {},
        [],
    ]
    text = "Here you are:\n" + "\n".join(json.dumps(row) for row in (good, *bad)) + "\n{"
    (found,) = from_model(article, lambda prompt: text, "prompt", "chat:double")
    assert (found.question, found.answer, found.drafted_by) == (good["question"], "14 weeks", "chat:double")
    assert BRIDGE[found.start : found.end] == good["quote"]


def test_drafts_are_a_gold_set_once_they_are_accepted() -> None:
    result = run("draft", "news", "--out", "drafts", "--leave-out", "1")
    assert result.exit_code == 0, result.output
    drafted = lines("drafts/candidates.jsonl")
    answerable = [line for line in drafted if line["answers"]]
    taken_out = [line for line in drafted if not line["answers"]]
    assert answerable
    assert taken_out
    assert {line["kind"] for line in taken_out} == {"unanswerable_near"}
    assert len(list(Path("drafts/articles").iterdir())) == 1
    for line in answerable:
        assert line["quote"] in BRIDGE + FIRE
        assert line["end"] - line["start"] == len(line["quote"])
    result = run("review", "drafts/candidates.jsonl", "--reviewer", "N. N.", typed="a\n" * len(drafted))
    assert result.exit_code == 0, result.output
    gold = gold_set.load(Path("drafts/gold.jsonl"), Path("drafts/articles"), "native")
    assert len(gold.questions) == len(drafted)
    assert all(line["accepted_by"] == ["N. N."] and line["accepted_at"] for line in lines("drafts/gold.jsonl"))


CANDIDATES = [
    {"id": "1", "question": "Who is mayor?", "answers": ["Quist"], "article": "bridge.json"},
    {"id": "2", "question": "Who is baker?", "answers": ["Cole"], "article": "fire.json"},
    {"id": "feedback-3", "question": "How many loaves?", "answers": None, "article": "fire.json", "comment": "300!"},
]


@pytest.fixture
def candidates() -> Path:
    path = Path("candidates.jsonl")
    path.write_text("".join(json.dumps(line) + "\n" for line in CANDIDATES), "utf-8")
    return path


def test_accept_reject_and_edit(candidates: Path) -> None:
    result = run("review", str(candidates), "--reviewer", "A", typed="a\nr\na\ne\n\n300 | 300 loaves\n")
    assert result.exit_code == 0, result.output
    assert "It has no answer to accept: edit it." in result.output
    first, third = lines("gold.jsonl")
    assert (first["id"], first["answers"], first["accepted_by"]) == ("1", ["Quist"], ["A"])
    assert (third["id"], third["answers"], third["question"]) == (
        "feedback-3",
        ["300", "300 loaves"],
        "How many loaves?",
    )


def test_it_goes_on_where_it_stopped(candidates: Path) -> None:
    run("review", str(candidates), "--reviewer", "A", typed="a\nq\n")
    result = run("review", str(candidates), "--reviewer", "A", typed="s\nq\n")
    assert "2, 1 of 2" in result.output
    assert [line["id"] for line in lines("gold.jsonl")] == ["1"]


def test_two_reviewers(candidates: Path) -> None:
    run("review", str(candidates), "--reviewer", "A", typed="a\na\nr\n")
    result = run("review", str(candidates), "--reviewer", "B", typed="a\nr\nr\n")
    assert "A and B agree on 67% of the 3 that both decided; kappa 0.40." in result.output
    assert [(line["id"], line["accepted_by"]) for line in lines("gold.jsonl")] == [("1", ["A", "B"])]


def test_what_was_decided_on_a_page_is_taken_in(candidates: Path) -> None:
    decided = {"id": "1", "reviewer": "?", "at": "2026-01-01", "verdict": "accept", "question": None, "answers": ["he"]}
    Path("saved.jsonl").write_text(json.dumps(decided) + "\n", "utf-8")
    result = run("review", str(candidates), "--reviewer", "A", "--decisions", "saved.jsonl")
    assert result.exit_code == 0, result.output
    (line,) = lines("gold.jsonl")
    assert (line["answers"], line["accepted_by"]) == (["he"], ["A"])
    Path("saved.jsonl").write_text('{"id": "1"}\n', "utf-8")
    result = run("review", str(candidates), "--reviewer", "A", "--decisions", "saved.jsonl")
    assert (result.exit_code, "saved.jsonl:1: no decision of a reviewer" in result.output) == (1, True)


def test_the_last_decision_of_a_reviewer_counts(candidates: Path) -> None:
    reviews = Reviews(candidates)
    for at, verdict in (("2026-01-01", "reject"), ("2026-01-02", "accept")):
        reviews.add(Review("1", "A", at, verdict))  # type: ignore[arg-type]
    assert [line["id"] for line in accepted(CANDIDATES, Reviews(candidates))] == ["1"]


@pytest.mark.parametrize(
    ("pairs", "expected"),
    [
        ([("a", "a"), ("r", "r")], 1.0),
        ([("a", "r"), ("r", "a")], -1.0),
        ([("a", "a"), ("a", "r"), ("r", "r"), ("r", "r")], 0.5),  # p 3/4, e (2·1 + 2·3) / 16
        ([("a", "a")], None),
        ([], None),
    ],
)
def test_kappa(pairs: list[tuple[str, str]], expected: float | None) -> None:
    assert kappa(pairs) == expected
    if expected is not None:
        assert cohen_kappa_score(*zip(*pairs, strict=True)) == pytest.approx(expected)
