"""`dateline eval` from files to files, with a hand-written assistant in the place of the real one."""

import json
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.answer import Answer, Citation, Question
from assistant.settings import Settings
from eval import command, subject
from eval.runner import System
from eval.scores import Reference
from eval.subject import Subject
from index.article import Article
from index.passage import Hit, Passage


class Double:
    """Answers every question with the first word of the first article, and fails where it is told to."""

    def __init__(self, articles: Sequence[Article], failing: str = "") -> None:
        self.articles = {article.id: article for article in articles}
        self.failing = failing

    def ask(self, question: Question) -> Answer:
        if self.failing and self.failing in question.text:
            raise RuntimeError("the [model] fell over")
        article = next(iter(self.articles.values()))
        word = article.text.split()[0]
        start = article.text.index(word)
        citation = Citation(
            1, article.id, article.title, None, None, None, word, start, start + len(word), 0, len(word), True, 0.9
        )
        hit = Hit(Passage("p", article.id, article.text, 0, len(article.text)), 0.9, 1)
        return Answer(question.text, word, False, 0.9, (citation,), (hit,), answered_by="double")

    def article_text(self, article_id: str) -> str | None:
        article = self.articles.get(article_id)
        return article.text if article else None


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def evaluate(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Result]:
    def run(*arguments: str, failing: str = "", lost: bool = False) -> Result:
        @contextmanager
        def temporary_assistant(articles: Sequence[Article], settings: Settings, **_: object) -> Iterator[Subject]:
            double = Double(articles, failing)
            yield Subject(System(double.ask), Reference((lambda _: None) if lost else double.article_text))

        monkeypatch.setattr(subject, "temporary_assistant", temporary_assistant)
        return CliRunner().invoke(command.app, arguments, env={"COLUMNS": "160"})

    return run


@pytest.fixture
def gold(home: Path) -> Path:
    (home / "news").mkdir()
    story = {"title": "Naqvi met Baker", "text": "Naqvi met Baker in Islamabad on Friday to talk of the drones."}
    (home / "news" / "met.json").write_text(json.dumps(story), "utf-8")
    questions = [
        {"id": "1", "question": "Who met Baker?", "answers": ["Naqvi"], "article": "met.json", "split": "test"},
        {"id": "2", "question": "Where?", "answers": ["Islamabad"], "article": "met.json", "split": "tune"},
        {"id": "3", "question": "Who won?", "answers": [], "kind": "far", "split": "tune"},
    ]
    (home / "gold.jsonl").write_text("".join(json.dumps(question) + "\n" for question in questions), "utf-8")
    return home / "gold.jsonl"


@pytest.fixture
def squad(home: Path) -> Path:
    answers = [{"text": "Naqvi", "answer_start": 0}]
    questions = [{"id": str(i), "question": f"Who {i}?", "answers": answers} for i in range(20)]
    paragraph = {"context": "Naqvi met Baker.", "qas": questions}
    path = home / "squad.json"
    path.write_text(json.dumps({"data": [{"title": "T", "paragraphs": [paragraph]}]}), "utf-8")
    return path


def figures(folder: str = "eval-report") -> dict[str, object]:
    content: dict[str, object] = json.loads((Path(folder) / "report.json").read_text("utf-8"))
    return content


def lines(folder: str = "eval-report") -> list[dict[str, object]]:
    return [json.loads(line) for line in (Path(folder) / "results.jsonl").read_text("utf-8").splitlines()]


def test_native(evaluate: Callable[..., Result], gold: Path) -> None:
    result = evaluate("--gold", str(gold), "--articles", "news")
    assert result.exit_code == 0, result.output
    assert "3 questions" in result.output
    assert "joint" in result.output
    assert "eval-report/report.html" in result.output
    assert [line["right"] for line in lines()] == [True, False, False]
    settings = figures()["settings"]
    assert isinstance(settings, dict)
    assert (settings["gold"], settings["articles"], settings["split"]) == ("gold.jsonl", 1, "all")
    assert settings["answered_by"] == ["double"]
    assert str(Path.cwd()) not in Path("eval-report/report.json").read_text("utf-8")


def test_split(evaluate: Callable[..., Result], gold: Path) -> None:
    result = evaluate("--gold", str(gold), "--articles", "news", "--split", "tune", "--out", "here")
    assert result.exit_code == 0, result.output
    assert "Asking 2 of 3 questions." in result.output
    assert [line["id"] for line in lines("here")] == ["2", "3"]


def test_squad_with_a_limit(evaluate: Callable[..., Result], squad: Path) -> None:
    result = evaluate("--format", "squad", "--gold", str(squad), "--limit", "5")
    assert result.exit_code == 0, result.output
    drawn = [line["id"] for line in lines()]
    assert len(drawn) == 5
    assert drawn != ["0", "1", "2", "3", "4"]
    overall = figures()["metrics"]
    assert isinstance(overall, dict)
    assert overall["overall"]["joint"]["value"] == 1


def test_an_error_is_reported_and_ends_with_1(evaluate: Callable[..., Result], gold: Path) -> None:
    result = evaluate("--gold", str(gold), "--articles", "news", failing="Where")
    assert result.exit_code == 1
    assert "1 questions ended in an error, first 2: RuntimeError: the [model] fell over" in result.output
    assert figures()["errors"] == ["2"]


def test_an_article_that_cannot_be_read_is_reported_and_ends_with_1(
    evaluate: Callable[..., Result], gold: Path
) -> None:
    Path("news/broken.json").write_text("{", "utf-8")
    result = evaluate("--gold", str(gold), "--articles", "news")
    assert result.exit_code == 1
    assert "Passed over: " in result.output
    assert "broken.json" in result.output
    assert figures()["questions"] == 3


def test_right_articles_that_the_library_lost_are_told(evaluate: Callable[..., Result], gold: Path) -> None:
    result = evaluate("--gold", str(gold), "--articles", "news", lost=True)
    assert "1 articles that answer questions are not in the library" in result.output


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--gold", "none.jsonl", "--articles", "news"], "none.jsonl does not exist"),
        (["--gold", "gold.jsonl", "--articles", "nowhere"], "nowhere does not exist"),
        (["--gold", "bad.jsonl", "--articles", "news"], "bad.jsonl:1: "),
        (["--gold", "astray.jsonl", "--articles", "news"], 'question "1": no article goes by'),
        (["--gold", "unsplit.jsonl", "--articles", "news", "--split", "tune"], 'no question with "split": "tune"'),
        (["--gold", "gold.jsonl", "--articles", "news", "--out", "gold.jsonl"], "gold.jsonl"),
    ],
)
def test_the_users_mistakes_end_with_1(
    evaluate: Callable[..., Result], gold: Path, arguments: list[str], message: str
) -> None:
    Path("bad.jsonl").write_text("{}\n", "utf-8")
    Path("unsplit.jsonl").write_text('{"id": "1", "question": "?", "answers": []}\n', "utf-8")
    Path("astray.jsonl").write_text('{"id": "1", "question": "?", "answers": ["x"], "article": "y.txt"}\n', "utf-8")
    result = evaluate(*arguments)
    assert result.exit_code == 1, result.output
    assert message in result.output


@pytest.mark.parametrize("arguments", [["--format", "xml"], ["--limit", "0"], ["--format", "squad"], ["--split", "x"]])
def test_usage_ends_with_2(evaluate: Callable[..., Result], arguments: list[str]) -> None:
    assert evaluate(*arguments).exit_code == 2


def test_the_module_is_light() -> None:
    heavy = {"numpy", "chromadb", "torch", "pydantic", "langchain_core", "sentence_transformers"}
    code = f"import sys, eval.command; print(sorted({heavy!r} & set(sys.modules)))"
    found = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=Path(__file__).parents[1]
    )
    assert found.stdout.strip() == "[]"
