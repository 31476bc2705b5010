"""Every metric on cases worked out by hand."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import roc_auc_score

from assistant.answer import Citation
from eval import metrics
from index.passage import Hit, Passage

TEXTS = {"a": "The toll rose to 26 on Friday. Naqvi met Baker.", "b": "Some 26 others met.", "c": "Nothing more."}


def hit(article_id: str, text: str, rank: int = 1) -> Hit:
    return Hit(Passage(f"p{rank}", article_id, text, 0, len(text)), 1 / rank, rank)


def citation(article_id: str, start: int, end: int, quote: str | None = None) -> Citation:
    quote = TEXTS[article_id][start:end] if quote is None else quote
    return Citation(1, article_id, "", None, None, None, quote, start, end, 0, 2, True, 1.0)


def test_relevant_is_a_right_article_and_an_accepted_answer() -> None:
    hits = [hit("b", "Some 26 others met."), hit("a", "Naqvi met Baker."), hit("a", "The toll rose to 26 on Friday.")]
    assert metrics.relevant(hits, ["26"], {"a"}, TEXTS.get) == (False, False, True)


def test_relevant_is_any_passage_of_a_right_article_that_words_it_otherwise() -> None:
    hits = [hit("b", "Some 26 others met."), hit("a", "Naqvi met Baker.")]
    assert metrics.relevant(hits, ["twenty-six"], {"a"}, TEXTS.get) == (False, True)


def test_relevant_demands_the_answer_where_any_right_article_has_it() -> None:
    hits = [hit("c", "Nothing more."), hit("a", "The toll rose to 26 on Friday.")]
    assert metrics.relevant(hits, ["26"], {"a", "c"}, TEXTS.get) == (False, True)


def test_relevant_without_hits_or_with_an_article_that_is_gone() -> None:
    assert metrics.relevant([], ["26"], {"a"}, TEXTS.get) == ()
    assert metrics.relevant([hit("a", "x")], ["26"], {"gone"}, TEXTS.get) == (False,)


@pytest.mark.parametrize(
    ("relevance", "at_1", "at_5", "reciprocal"),
    [
        ((True, False), 1, 1, 1),
        ((False, True, True), 0, 1, 1 / 2),
        ((False,) * 4 + (True,), 0, 1, 1 / 5),
        ((False,) * 5 + (True,), 0, 0, 1 / 6),
        ((False,) * 9 + (True,), 0, 0, 1 / 10),
        ((False,) * 10 + (True,), 0, 0, 0),
        ((), 0, 0, 0),
    ],
)
def test_ranks(relevance: tuple[bool, ...], at_1: float, at_5: float, reciprocal: float) -> None:
    assert metrics.hit_at(1, relevance) == at_1
    assert metrics.hit_at(5, relevance) == at_5
    assert metrics.reciprocal_rank(relevance) == pytest.approx(reciprocal)


@pytest.mark.parametrize(
    ("text", "answers", "em", "f1"),
    [
        ("The Mohsin Naqvi!", ["Mohsin Naqvi"], 1, 1),
        ("Naqvi", ["Mohsin Naqvi"], 0, 2 / 3),  # P 1, R 1/2
        ("Naqvi met Baker", ["Mohsin Naqvi", "Naqvi and Baker"], 0, 2 / 3),  # with the second: P 2/3, R 2/3
        ("26 26", ["26"], 0, 2 / 3),  # a bag: the second 26 is not matched
        ("Dhaka", ["Islamabad"], 0, 0),
        ("", ["Islamabad"], 0, 0),
        ("the", ["a"], 1, 1),  # nothing left of either
        ("26", [], 0, 0),
    ],
)
def test_exact_match_and_f1(text: str, answers: list[str], em: float, f1: float) -> None:
    assert metrics.exact_match(text, answers) == em
    assert metrics.token_f1(text, answers) == pytest.approx(f1)


def test_contained() -> None:
    assert metrics.contained("The toll rose to 26 on Friday.", ["31", "26"]) == 1
    assert metrics.contained("The toll rose to 26.5 on Friday.", ["26", "5"]) == 0
    assert metrics.contained("", ["26"]) == 0


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        (citation("a", 4, 19), True),
        (citation("a", 4, 19, "toll rose to 27"), False),
        (citation("a", 5, 19, "toll rose to 26"), False),  # the words stand there, but not at these offsets
        (citation("a", 4, 400, TEXTS["a"][4:]), True),
        (citation("a", -30, -1, TEXTS["a"][-30:-1]), False),  # a negative offset is none
        (citation("b", 4, 19, "toll rose to 26"), False),
    ],
)
def test_resolves(cited: Citation, expected: bool) -> None:
    assert metrics.resolves(cited, TEXTS.get) is expected


def test_resolves_not_in_an_article_that_is_gone() -> None:
    assert not metrics.resolves(citation("a", 0, 3), {}.get)


def test_supports() -> None:
    assert metrics.supports(citation("a", 4, 19), ["26"], {"a"}, TEXTS.get)
    assert not metrics.supports(citation("a", 4, 16), ["26"], {"a"}, TEXTS.get), "the quote does not hold it"
    assert not metrics.supports(citation("b", 5, 14), ["26"], {"a"}, TEXTS.get), "another article"
    assert not metrics.supports(citation("a", 4, 19, "just 26 of them"), ["26"], {"a"}, TEXTS.get), "made up"


def test_joint_needs_answer_citation_and_brevity() -> None:
    fifty = "26 " + "word " * 49
    assert metrics.joint("26", ["26"], True) == 1
    assert metrics.joint("26", ["26"], False) == 0
    assert metrics.joint("27", ["26"], True) == 0
    assert metrics.joint(fifty, ["26"], True) == 1
    assert metrics.joint(fifty + "more", ["26"], True) == 0


def test_mean_and_percentile() -> None:
    assert metrics.mean([1, 0, 0, 1]) == 0.5
    assert metrics.mean([]) is None
    assert metrics.percentile([10, 20, 30, 40], 50) == 25
    assert metrics.percentile([10, 20, 30, 40], 95) == pytest.approx(38.5)
    assert metrics.percentile([], 50) is None


def test_auroc_by_hand() -> None:
    # positives 0.9, 0.5; negatives 0.5, 0.1: wins 1 + 1 + 0.5 + 1 of 4
    assert metrics.auroc([0.9, 0.5, 0.5, 0.1], [True, True, False, False]) == 3.5 / 4
    assert metrics.auroc([0.0, 0.0, 0.0], [True, False, False]) == 0.5
    assert metrics.auroc([-math.inf, 0.2], [True, False]) == 0
    assert metrics.auroc([0.1, 0.2], [True, True]) is None
    assert metrics.auroc([], []) is None


@given(st.lists(st.tuples(st.integers(0, 6), st.booleans()), min_size=2, max_size=60))
def test_auroc_is_that_of_scikit_learn(rows: list[tuple[int, bool]]) -> None:
    scores, positive = [score / 6 for score, _ in rows], [is_positive for _, is_positive in rows]
    area = metrics.auroc(scores, positive)
    if area is None:
        assert len(set(positive)) == 1
    else:
        assert area == pytest.approx(roc_auc_score(positive, scores))


def test_auroc_is_that_of_scikit_learn_on_many() -> None:
    generator = np.random.default_rng(1)
    positive = generator.random(5000) < 0.7
    scores = np.round(generator.random(5000) * 0.7 + positive * 0.2, 2)
    assert metrics.auroc(scores, positive) == pytest.approx(roc_auc_score(positive, scores))
