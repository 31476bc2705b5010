"""The scores of one answer, and the figures of many."""

import math
from dataclasses import replace

import pytest

from assistant.answer import ABSTENTION, Answer, Citation
from eval.gold import GoldQuestion, Support
from eval.metrics.names import NAMES
from eval.scorecard import NOTHING, scorecard
from eval.scores import Observation, Reference, Scores, score
from index.passage import Hit, Passage

TEXT = "The toll rose to 26 on Friday."
ANSWERABLE = GoldQuestion("q", "How many?", ("26",), article="a.txt", right_articles=("a",))
UNANSWERABLE = GoldQuestion("u", "Who won?", ())
CITATION = Citation(1, "a", "", None, None, None, TEXT, 0, len(TEXT), 0, 2, True, 1.0)
REFERENCE = Reference({"a": TEXT}.get, lambda _: (HIT.passage,))
HIT = Hit(Passage("p", "a", TEXT, 0, len(TEXT)), 0.9, 1)
RIGHT = Answer("How many?", "26", False, 0.8, citations=(CITATION,), hits=(HIT,))
REFUSAL = Answer("How many?", ABSTENTION, True, 0.2, hits=(HIT,))


def scored(question: GoldQuestion, answer: Answer | None, latency_ms: float | None = 10) -> Scores:
    return score(question, Observation(answer, latency_ms=latency_ms), REFERENCE)


def test_a_right_answer() -> None:
    scores = scored(ANSWERABLE, RIGHT)
    assert scores.values == {
        "success@1": 1,
        "success@5": 1,
        "recall@5": 1,
        "recall@20": 1,
        "mrr@10": 1,
        "ndcg@10": 1,
        "em": 1,
        "f1": 1,
        "contained": 1,
        "number_exact": 1,
        "date_exact": None,
        "citation_resolves": 1,
        "citation_right": 1,
        "citation_recall": 1,
        "citation_precision": 1,
        "joint": 1,
        "crag": 1,
        "false_refusal": 0,
        "error_rate": 0,
    }
    assert scores.right
    assert scores.confidence == 0.8


def test_a_refusal_of_an_answerable_question_counts_nought_but_retrieval_is_scored() -> None:
    values = scored(ANSWERABLE, REFUSAL).values
    assert [values[name] for name in ("em", "f1", "contained", "citation_right", "joint")] == [0] * 5
    assert values["success@1"] == 1
    assert values["false_refusal"] == 1
    assert values["abstain_precision"] == 0
    assert "citation_resolves" not in values
    assert values["crag"] == 0


def test_a_refusal_scores_nothing_by_its_words_or_citations() -> None:
    sly = replace(RIGHT, abstained=True)
    values = scored(ANSWERABLE, sly).values
    assert [values[name] for name in ("em", "contained", "citation_right", "joint")] == [0] * 4


def test_an_error_counts_as_wrong_wherever_the_question_is_eligible() -> None:
    answerable, unanswerable = scored(ANSWERABLE, None), scored(UNANSWERABLE, None)
    for name in ("success@1", "success@5", "mrr@10", "em", "f1", "contained", "citation_right", "joint"):
        assert answerable.values[name] == 0
    assert answerable.values["false_refusal"] == 1
    assert answerable.values["error_rate"] == unanswerable.values["error_rate"] == 1
    assert not {"abstain_precision", "citation_recall"} & {*answerable.values, *unanswerable.values}
    assert answerable.values["crag"] == unanswerable.values["crag"] == -1
    assert unanswerable.values["abstain_recall"] == 0
    assert math.isnan(answerable.confidence)
    assert not answerable.right
    assert not unanswerable.right


def test_unanswerable_questions() -> None:
    refused, answered = scored(UNANSWERABLE, REFUSAL), scored(UNANSWERABLE, RIGHT)
    assert refused.right
    assert refused.values["abstain_recall"] == refused.values["abstain_precision"] == 1
    assert not answered.right
    assert answered.values["abstain_recall"] == 0
    assert not {"joint", "success@1"} & set(answered.values)
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
    assert list(figures) == list(NAMES)
    expected = {
        "success@1": (3 / 4, 4),
        "success@5": (3 / 4, 4),
        "recall@5": (3 / 4, 4),
        "recall@20": (3 / 4, 4),
        "mrr@10": (3 / 4, 4),
        "ndcg@10": (3 / 4, 4),
        "em": (1 / 4, 4),
        "f1": (1 / 4, 4),
        "contained": (1 / 4, 4),
        "number_exact": (1 / 4, 4),
        "citation_resolves": (1, 1),
        "citation_right": (1 / 4, 4),
        "citation_recall": (1 / 2, 2),
        "citation_precision": (1, 1),
        "joint": (1 / 4, 4),
        "crag": ((1 - 1 - 1 - 1) / 6, 6),
        "abstain_precision": (1 / 2, 2),
        "abstain_recall": (1 / 2, 2),
        "abstain_auroc": (2 / 8, 6),  # 0.8 and 0.2 above 0.15; nothing above the error
        "aurc": ((0 + 1 / 2) / 2, 2),
        "coverage@95": (1 / 6, 6),
        "ece": ((0.2 + 0.1) / 2, 2),
        "false_refusal": (2 / 4, 4),
        "latency_p50_ms": (35, 6),
        "latency_p95_ms": (57.5, 6),
        "error_rate": (2 / 6, 6),
    }
    measured = {name: figure for name, figure in figures.items() if figure != NOTHING}
    assert {name: (figure.value, figure.n) for name, figure in measured.items()} == {
        name: (pytest.approx(value, abs=1e-6), n) for name, (value, n) in expected.items()
    }
    for figure in measured.values():
        assert figure.low is not None
        assert figure.high is not None
        assert figure.value is not None
        assert figure.low <= figure.value <= figure.high


def test_undefined_is_null_and_n_nought() -> None:
    figures = scorecard([scored(ANSWERABLE, RIGHT, None)])
    for name in ("abstain_precision", "abstain_recall", "abstain_auroc", "latency_p50_ms", "latency_p95_ms"):
        assert figures[name] == NOTHING
    assert all(figure == NOTHING for figure in scorecard([]).values())


def test_tokens_and_their_price() -> None:
    observed = Observation(RIGHT, tokens=(2_000, 100))
    assert score(ANSWERABLE, observed, REFERENCE).values["tokens_in"] == 2_000
    assert "cost" not in score(ANSWERABLE, observed, REFERENCE).values
    priced = score(ANSWERABLE, observed, replace(REFERENCE, price=(0.5, 1.5))).values
    assert priced["cost"] == pytest.approx(2_000 * 0.5e-6 + 100 * 1.5e-6)


def test_other_wordings_count_for_consistency_only() -> None:
    observed = Observation(RIGHT, reworded=(RIGHT, REFUSAL))
    values = score(ANSWERABLE, observed, REFERENCE).values
    assert values["consistency"] == 1 / 3
    assert {name: value for name, value in values.items() if name != "consistency"} == scored(ANSWERABLE, RIGHT).values


def test_recall_is_measured_deeper_than_the_answer_looked() -> None:
    far = Hit(Passage("q", "a", "It was 26.", 0, 10), 0.1, 2)
    reference = Reference({"a": TEXT}.get, lambda _: (HIT.passage, far.passage))
    values = score(ANSWERABLE, Observation(RIGHT, deeper=(HIT, far)), reference).values
    assert (values["recall@5"], values["recall@20"]) == (1 / 2, 1)
    unknown = score(ANSWERABLE, Observation(RIGHT), Reference({"a": TEXT}.get)).values
    assert (unknown["success@1"], unknown["recall@5"], unknown["ndcg@10"]) == (1, None, None)


def test_all_quotes_are_wanted() -> None:
    question = replace(ANSWERABLE, quote=TEXT, also=(Support("a", "Nobody was hurt in the village."),))
    assert scored(question, RIGHT).values["all_evidence@10"] == 0
    assert scored(replace(question, also=()), RIGHT).values["all_evidence@10"] == 1
