"""The scores of one answer, and the figures of many."""

import math
from dataclasses import replace

import pytest

from assistant.answer import ABSTENTION, Answer, Citation
from eval import metrics
from eval.gold import GoldQuestion
from eval.scorecard import NOTHING, scorecard
from eval.scores import Scores, score
from index.passage import Hit, Passage

TEXT = "The toll rose to 26 on Friday."
ANSWERABLE = GoldQuestion("q", "How many?", ("26",), article="a.txt", right_articles=("a",))
UNANSWERABLE = GoldQuestion("u", "Who won?", ())
CITATION = Citation(1, "a", "", None, None, None, TEXT, 0, len(TEXT), 0, 2, True, 1.0)
HIT = Hit(Passage("p", "a", TEXT, 0, len(TEXT)), 0.9, 1)
RIGHT = Answer("How many?", "26", False, 0.8, citations=(CITATION,), hits=(HIT,))
REFUSAL = Answer("How many?", ABSTENTION, True, 0.2, hits=(HIT,))


def scored(question: GoldQuestion, answer: Answer | None, latency_ms: float | None = 10) -> Scores:
    return score(question, answer, article_text={"a": TEXT}.get, latency_ms=latency_ms)


def test_a_right_answer() -> None:
    scores = scored(ANSWERABLE, RIGHT)
    assert scores.values == {
        "hit@1": 1,
        "hit@5": 1,
        "mrr@10": 1,
        "em": 1,
        "f1": 1,
        "contained": 1,
        "citation_resolves": 1,
        "citation_right": 1,
        "joint": 1,
        "abstain_precision": None,
        "abstain_recall": None,
        "false_refusal": 0,
        "error_rate": 0,
    }
    assert scores.right
    assert scores.ranking == 0.8


def test_a_refusal_of_an_answerable_question_counts_nought_but_retrieval_is_scored() -> None:
    values = scored(ANSWERABLE, REFUSAL).values
    assert [values[name] for name in ("em", "f1", "contained", "citation_right", "joint")] == [0] * 5
    assert values["hit@1"] == 1
    assert values["false_refusal"] == 1
    assert values["abstain_precision"] == 0
    assert values["citation_resolves"] is None


def test_a_refusal_scores_nothing_by_its_words_or_citations() -> None:
    sly = replace(RIGHT, abstained=True)
    values = scored(ANSWERABLE, sly).values
    assert [values[name] for name in ("em", "contained", "citation_right", "joint")] == [0] * 4


def test_an_error_counts_as_wrong_wherever_the_question_is_eligible() -> None:
    answerable, unanswerable = scored(ANSWERABLE, None), scored(UNANSWERABLE, None)
    for name in ("hit@1", "hit@5", "mrr@10", "em", "f1", "contained", "citation_right", "joint"):
        assert answerable.values[name] == 0
    assert answerable.values["false_refusal"] == 1
    assert answerable.values["error_rate"] == unanswerable.values["error_rate"] == 1
    assert answerable.values["abstain_precision"] is unanswerable.values["abstain_precision"] is None
    assert unanswerable.values["abstain_recall"] == 0
    assert (answerable.ranking, unanswerable.ranking) == (-math.inf, math.inf)
    assert not answerable.right
    assert not unanswerable.right


def test_a_confidence_that_is_no_number_ranks_like_an_error() -> None:
    assert scored(ANSWERABLE, replace(RIGHT, confidence=math.nan)).ranking == -math.inf


def test_unanswerable_questions() -> None:
    refused, answered = scored(UNANSWERABLE, REFUSAL), scored(UNANSWERABLE, RIGHT)
    assert refused.right
    assert refused.values["abstain_recall"] == refused.values["abstain_precision"] == 1
    assert not answered.right
    assert answered.values["abstain_recall"] == 0
    assert answered.values["joint"] is answered.values["hit@1"] is None
    assert answered.values["citation_resolves"] == 1


def test_one_citation_that_does_not_resolve_is_enough_to_fail() -> None:
    answer = replace(RIGHT, citations=(CITATION, replace(CITATION, start=1)))
    values = scored(ANSWERABLE, answer).values
    assert values["citation_resolves"] == 0
    assert values["citation_right"] == 1, "the other one is right"


def test_scorecard_by_hand() -> None:
    wrong = replace(RIGHT, text="27", citations=(), confidence=0.1)
    figures = scorecard(
        [
            scored(ANSWERABLE, RIGHT, 10),
            scored(ANSWERABLE, wrong, 20),
            scored(ANSWERABLE, REFUSAL, 30),
            scored(ANSWERABLE, None, 40),
            scored(UNANSWERABLE, replace(REFUSAL, confidence=0.15), 50),
            scored(UNANSWERABLE, None, 60),
        ]
    )
    assert list(figures) == list(metrics.NAMES)
    expected = {
        "hit@1": (3 / 4, 4),
        "hit@5": (3 / 4, 4),
        "mrr@10": (3 / 4, 4),
        "em": (1 / 4, 4),
        "f1": (1 / 4, 4),
        "contained": (1 / 4, 4),
        "citation_resolves": (1, 1),
        "citation_right": (1 / 4, 4),
        "joint": (1 / 4, 4),
        "abstain_precision": (1 / 2, 2),
        "abstain_recall": (1 / 2, 2),
        "abstain_auroc": (2 / 8, 6),  # 0.8 and 0.2 above 0.15; nothing above the error
        "false_refusal": (2 / 4, 4),
        "latency_p50_ms": (35, 6),
        "latency_p95_ms": (57.5, 6),
        "error_rate": (2 / 6, 6),
    }
    assert {name: (figure.value, figure.n) for name, figure in figures.items()} == {
        name: (pytest.approx(value, abs=1e-6), n) for name, (value, n) in expected.items()
    }
    for figure in figures.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.value is not None
        assert figure.low <= figure.value <= figure.high


def test_undefined_is_null_and_n_nought() -> None:
    figures = scorecard([scored(ANSWERABLE, RIGHT, None)])
    for name in ("abstain_precision", "abstain_recall", "abstain_auroc", "latency_p50_ms", "latency_p95_ms"):
        assert figures[name] == NOTHING
    assert all(figure == NOTHING for figure in scorecard([]).values())
