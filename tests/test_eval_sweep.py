"""Sweeps: which settings are tried, what is computed again, what is chosen."""

import json
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from assistant.settings import load_settings
from eval import command, gold_set
from eval.gold import GoldError
from eval.paired import Paired
from eval.runner import run as ask_all
from eval.scorecard import NOTHING, Estimate
from eval.subject import temporary_assistant
from eval.sweeping import page, running
from eval.sweeping.cache import Cache
from eval.sweeping.grid import Trial, trials
from eval.sweeping.page import Tried
from index.article import Article

from .test_eval_draft import BRIDGE, FIRE

GOLD = [
    {"id": "1", "question": "How many cracks did engineers find?", "answers": ["26"], "article": "bridge.json"},
    {"id": "2", "question": "How many loaves did Ines Cole lose?", "answers": ["300"], "article": "fire.json"},
    {"id": "3", "question": "Who won the chess tournament in Oslo?", "answers": []},
    {"id": "4", "question": "Who is the mayor?", "answers": ["Petra Quist"], "article": "bridge.json"},
]


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    Path("news").mkdir()
    for name, text in (("bridge", BRIDGE), ("fire", FIRE)):
        Path(f"news/{name}.json").write_text(json.dumps({"title": name, "text": text}), "utf-8")
    Path("gold.jsonl").write_text("".join(json.dumps(line) + "\n" for line in GOLD), "utf-8")
    return tmp_path


def run(*arguments: str) -> Result:
    given = ["sweep", "--gold", "gold.jsonl", "--articles", "news", "--split", "all", *arguments]
    return CliRunner().invoke(command.app, given, env={"COLUMNS": "200"})


def test_every_combination_and_the_settings_as_they_are_first() -> None:
    found = trials(load_settings(), ["k=5,10", "words_weight=0.3"])
    assert [trial.name for trial in found] == ["as set", "k=5, words_weight=0.3", "k=10, words_weight=0.3"]
    assert (found[1].settings.k, found[1].settings.words_weight) == (5, 0.3)
    assert len(trials(load_settings(), ["k=10"])) == 1, "that is as it is set"


@pytest.mark.parametrize("given", ["port=1", "k", "k=many", "k=0"])
def test_values_that_cannot_be(given: str) -> None:
    with pytest.raises(GoldError, match="--set"):
        trials(load_settings(), [given])


def test_what_is_known_is_not_asked_again_and_a_threshold_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    result = run("--set", "threshold=0.2,0.9")
    assert result.exit_code == 0, result.output
    assert result.output.count("(known)") == 2
    assert "| threshold=0.9 |" in Path("eval-sweep/sweep.md").read_text("utf-8")
    ET.fromstring(Path("eval-sweep/sweep.svg").read_text("utf-8"))  # noqa: S314 - our own text
    assert "Nothing was better" in Path("eval-sweep/chosen.toml").read_text("utf-8")

    def asked(*_: object, **__: object) -> Sequence[object]:
        raise AssertionError("asked again")

    monkeypatch.setattr(running, "run", asked)
    assert run("--set", "threshold=0.4").exit_code == 0


def test_with_its_threshold_a_trial_is_what_the_assistant_does(home: Path) -> None:
    loaded = gold_set.load(home / "gold.jsonl", home / "news", "native")
    settings = load_settings()
    with temporary_assistant(loaded.articles, settings) as subject:
        real = list(ask_all(loaded.questions, subject.system, subject.reference))
    results, threshold, _ = running.ask(
        settings, loaded.articles, loaded.questions, Cache(home, loaded.articles, loaded.questions)
    )
    scores = running.with_threshold(loaded.questions, results, threshold)
    for own, tried in zip(real, scores, strict=True):
        assert replace(tried, latency_ms=None) == replace(
            own.scores, latency_ms=None, relevant=(), resolved=(), supporting=()
        )
    assert any(own.scores.abstained for own in real)
    everything = running.with_threshold(loaded.questions, results, 1.0)
    assert [score.abstained for score in everything] == [True] * 4


def test_another_article_or_question_is_another_result(home: Path) -> None:
    loaded = gold_set.load(home / "gold.jsonl", home / "news", "native")
    settings = load_settings()
    cache = Cache(home, loaded.articles, loaded.questions)
    cache.record(settings, [])
    assert cache.recorded(settings) == []
    assert cache.recorded(settings.model_copy(update={"k": 3})) is None
    assert cache.recorded(settings.model_copy(update={"threshold": 0.1})) == []
    more = [*loaded.articles, Article("Third", "Another article.")]
    assert Cache(home, more, loaded.questions).recorded(settings) is None
    assert Cache(home, loaded.articles, loaded.questions[1:]).recorded(settings) is None
    assert cache.library(settings) == cache.library(settings.model_copy(update={"k": 3}))
    assert cache.library(settings) != cache.library(settings.model_copy(update={"passage_words": 90}))


def tried(name: str, value: float, difference: float, p: float) -> Tried:
    settings = load_settings()
    figures = dict.fromkeys(("success@5", "f1", "abstain_recall", "false_refusal", "latency_p50_ms"), NOTHING)
    figures |= {metric: Estimate(value, value - 0.1, value + 0.1, 50) for metric in ("joint", "crag")}
    return Tried(Trial({"k": name} if name else {}, settings), figures, Paired(difference, 0.0, 0.1, p, p))


def test_chance_chooses_nothing() -> None:
    first, lucky, better, worse = (
        tried("", 0.5, 0, 1),
        tried("5", 0.9, 0.4, 0.03),
        tried("20", 0.7, 0.2, 0.001),
        tried("3", 0.1, -0.4, 0.0001),
    )
    assert page.chosen([first, lucky], "joint") is lucky
    assert page.chosen([first, lucky, worse], "joint") is first, "0.03 of two trials is chance"
    assert page.chosen([first, lucky, better, worse], "joint") is better
    told = page.toml([first, better], "joint", 50)
    assert 'k = "20"' in told
    assert "# joint: 0.700" in told
    assert "**k=20**" in page.markdown([first, better], "joint", 50)
