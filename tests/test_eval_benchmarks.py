# ruff: noqa: S311 - nothing here is a secret
import random
import xml.etree.ElementTree as ET
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.benchmarks.calibration import calibration_error, coverage_curve
from eval.benchmarks.comparison import peer_answer
from eval.benchmarks.drawing import against_size_svg, risk_coverage_svg
from eval.benchmarks.made_up import MadeUp
from eval.benchmarks.peers import ratio
from eval.benchmarks.robustness import plain, with_typo
from eval.hostile import hostile_articles
from index.splitting import split


def test_the_curve_gives_the_share_right_of_the_surest() -> None:
    shares, thresholds = coverage_curve(np.array([0.2, 0.9, 0.6, 0.4]), np.array([False, True, False, True]))
    assert thresholds.tolist() == [0.9, 0.6, 0.4, 0.2]
    assert shares.tolist() == pytest.approx([1, 1 / 2, 2 / 3, 2 / 4])


def test_the_calibration_error_is_the_gap_between_confidence_and_share_right() -> None:
    assert calibration_error(np.full(10, 0.75), np.array([True] * 5 + [False] * 5)) == pytest.approx(0.25)
    assert calibration_error(np.array([1.0, 0.0]), np.array([True, False])) == 0


def test_the_drawing_is_well_formed_and_names_its_curves() -> None:
    svg = risk_coverage_svg({"tune": np.linspace(1, 0.5, 300), "test": np.ones(1)})
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    assert len(root.findall("{*}polyline")) == 2
    assert {"tune", "test"} <= {element.text for element in root.findall("{*}text")}


def test_measurements_against_size_are_drawn_on_both_logarithmic_axes() -> None:
    svg = against_size_svg([1_000, 10_000, 100_000], {"p95": [10.0, 20.0, 100.0]}, "passages", "ms")
    root = ET.fromstring(svg)  # noqa: S314 - our own text
    (line,) = root.findall("{*}polyline")
    points = [tuple(map(float, point.split(","))) for point in line.attrib["points"].split()]
    assert points[1][0] - points[0][0] == pytest.approx(points[2][0] - points[1][0], abs=0.2)
    assert points[0][1] > points[1][1] > points[2][1]
    assert {"1,000", "100,000", "passages", "ms", "p95"} <= {element.text for element in root.findall("{*}text")}


def test_made_up_articles_are_one_passage_each_and_their_vectors_follow_from_their_text(tmp_path: Path) -> None:
    np.save(tmp_path / "sentences.npy", np.random.default_rng(0).normal(size=(len(MadeUp.sentences()), 384)))
    made_up = MadeUp(tmp_path)
    articles = list(made_up.articles(5))
    assert articles == list(made_up.articles(5))
    passages = [passage for article in articles for passage in split(article)]
    assert len(passages) == len({article.id for article in articles}) == 5
    texts = [article.context + passage.text for article, passage in zip(articles, passages, strict=True)]
    vectors = made_up.encode_passages(texts)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    assert np.array_equal(vectors[2:], made_up.encode_passages(texts[2:]))


@pytest.mark.parametrize(("name", "ours", "theirs"), [("hit@1", 0.8, 0.4), ("query p50, ms", 10.0, 20.0)])
def test_to_be_ahead_of_a_peer_is_a_ratio_above_one(name: str, ours: float, theirs: float) -> None:
    assert ratio(name, ours, theirs) == pytest.approx(2)


TEXT = "Naqvi met Baker.\n\nThe toll rose to 26."
FOUND = {"passages": [["a", "Headline\n\nNaqvi met Baker."], ["a", "The toll rose to 26."], ["b", "Gone."]]}


def test_a_peers_sources_are_placed_in_their_articles() -> None:
    answer = peer_answer("Who?", FOUND, {"a": TEXT}, "Naqvi")
    assert [(c.article_id, c.start, c.end) for c in answer.citations] == [("a", 0, 16), ("a", 18, 38), ("b", -1, 4)]
    assert not answer.abstained
    first = peer_answer("Who?", FOUND, {"a": TEXT}, None)
    assert (first.text, len(first.citations)) == ("Naqvi met Baker.", 1)


@pytest.mark.parametrize("text", ["I don't know.", "The context does not mention it.", "I cannot answer that.", ""])
def test_a_peer_refuses_in_its_own_words(text: str) -> None:
    assert peer_answer("Who?", FOUND, {"a": TEXT}, text).abstained
    found = {"passages": [["a", f"{text} Naqvi met Baker."]]}
    assert not peer_answer("Who?", found, {"a": TEXT}, None).abstained, "a passage's words are no refusal"


@given(st.text(max_size=80), st.integers())
def test_disturbed_questions(question: str, seed: int) -> None:
    lowered = plain(question, random.Random(seed))
    assert lowered == lowered.lower()
    assert "?" not in lowered
    assert abs(len(with_typo(question, random.Random(seed))) - len(question)) <= 1


def test_a_typo_changes_a_question() -> None:
    changed = {with_typo("Who met Natalie Baker?", random.Random(seed)) for seed in range(20)}
    assert len(changed) > 5


def test_hostile_articles_are_as_many_as_asked_and_all_different() -> None:
    articles = hostile_articles(["Who met her?", "When did it open?"], 60)
    assert len({article.id for article in articles}) == 60
    assert articles == hostile_articles(["Who met her?", "When did it open?"], 60)
