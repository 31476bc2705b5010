"""Asking every question, and the two baselines."""

import threading
from dataclasses import replace

import numpy as np
import pytest

from assistant.answer import ABSTENTION, Answer, Question, Turn, Usage
from eval.gold import GoldQuestion
from eval.runner import QuestionResult, System, always_abstain, copy_top_passage, run, with_similarity
from eval.scores import Reference
from index.passage import Hit, Passage

TEXT = "The toll rose to 26 on Friday. Naqvi met Baker."
REFERENCE = Reference({"a": TEXT}.get)
HITS = (
    Hit(Passage("p2", "a", TEXT[31:], 31, len(TEXT)), 0.7, 1),
    Hit(Passage("p1", "a", TEXT[:30], 0, 30), 0.6, 2),
)
WHO = GoldQuestion("who", "Who met Baker?", ("Naqvi",), article="a.txt", right_articles=("a",))
TOLL = replace(WHO, id="toll", question="How many?", answers=("26",), history=(Turn("user", "Tell me."),))
WON = GoldQuestion("won", "Who won?", ())
REFUSAL = Answer("", ABSTENTION, True, 0.1, hits=HITS, titles={"a": "Toll rises"})


class Broken:
    """Answers nothing; fails on the questions named."""

    def __init__(self, *failing: str) -> None:
        self.failing = failing
        self.asked: list[Question] = []

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        if question.text in self.failing:
            raise RuntimeError("the model fell over")
        return replace(REFUSAL, question=question.text)


def results(*failing: str) -> list[QuestionResult]:
    return list(run([WHO, TOLL, WON], System(Broken(*failing)), REFERENCE, progress=False))


def test_every_question_is_asked_once_in_order_with_its_history() -> None:
    ask = Broken()
    found = list(run([WHO, TOLL, WON], System(ask), REFERENCE, k=5, progress=False))
    assert [result.question for result in found] == [WHO, TOLL, WON]
    assert ask.asked == [
        Question("Who met Baker?", k=5),
        Question("How many?", (Turn("user", "Tell me."),), k=5),
        Question("Who won?", k=5),
    ]
    assert all(result.scores.latency_ms is not None and result.scores.latency_ms >= 0 for result in found)


def test_several_are_asked_at_once_and_given_in_order() -> None:
    together = threading.Barrier(2, timeout=30)

    def ask(question: Question) -> Answer:
        if question.text != "Who won?":
            together.wait()
        return replace(REFUSAL, question=question.text)

    found = list(run([WHO, TOLL, WON], System(ask), REFERENCE, at_once=2, progress=False))
    assert [result.question for result in found] == [WHO, TOLL, WON]
    assert [result.error for result in found] == [None, None, None]


def test_an_exception_is_the_result_of_its_question_only() -> None:
    who, toll, won = results("How many?")
    assert toll.answer is None
    assert toll.error == "RuntimeError: the model fell over"
    assert toll.scores.failed
    assert toll.scores.latency_ms is not None
    assert who.error is won.error is None
    assert won.scores.right


def test_being_stopped_stops() -> None:
    def stopped(question: Question) -> Answer:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        list(run([WHO], System(stopped), REFERENCE, progress=False))


def test_a_progress_bar_where_wanted(capsys: pytest.CaptureFixture[str]) -> None:
    list(run([WHO], System(Broken()), REFERENCE, progress=True))
    captured = capsys.readouterr()
    assert captured.out == ""
    list(run([WHO], System(Broken()), REFERENCE))
    assert capsys.readouterr().err == "", "no terminal, no bar"


def test_copy_top_passage_answers_everything_with_the_first_hit() -> None:
    who, toll, won = copy_top_passage(results(), REFERENCE)
    assert who.answer is not None
    assert who.answer.text == "Naqvi met Baker."
    assert who.answer.confidence == 0.7
    assert (who.answer.citations[0].quote, who.answer.citations[0].title) == ("Naqvi met Baker.", "Toll rises")
    assert who.scores.values["joint"] == who.scores.values["citation_resolves"] == 1
    assert toll.scores.values["joint"] == 0
    assert (toll.scores.values["success@1"], toll.scores.values["success@5"]) == (0, 1)
    assert won.scores.values["abstain_recall"] == 0
    assert who.scores.latency_ms is None


def test_copy_top_passage_without_hits_and_after_an_error() -> None:
    nothing = list(run([WHO], System(lambda _: replace(REFUSAL, hits=())), REFERENCE, progress=False))
    (empty,) = copy_top_passage(nothing, REFERENCE)
    assert empty.answer is not None
    assert (empty.answer.text, empty.answer.abstained, empty.answer.confidence) == ("", False, 0)
    failed = copy_top_passage(results("How many?"), REFERENCE)[1]
    assert failed.answer is None
    assert failed.error == "RuntimeError: the model fell over"


def test_always_abstain_refuses_everything_with_the_same_hits() -> None:
    who, toll, won = always_abstain(results("How many?"), REFERENCE)
    assert all(result.answer and result.answer.text == ABSTENTION for result in (who, toll, won))
    assert who.scores.values["joint"] == 0
    assert who.scores.values["success@1"] == who.scores.values["false_refusal"] == 1
    assert won.scores.right
    assert toll.error is None
    assert toll.scores.values["success@1"] == 0, "what would have been found is not known"


def test_other_wordings_are_asked_and_their_errors_kept_apart() -> None:
    ask = Broken("By whom was Baker met?")
    question = replace(WHO, also_asked=("By whom was Baker met?", "Who saw Baker?"))
    (found,) = run([question], System(ask), REFERENCE, progress=False)
    assert [asked.text for asked in ask.asked] == ["Who met Baker?", *question.also_asked]
    assert found.error is None
    assert [answer is None for answer in found.observed.reworded] == [True, False]
    (copied,) = copy_top_passage([found], REFERENCE)
    assert copied.scores.values["consistency"] == found.scores.values["consistency"] == 1 / 3


def test_deeper_passages_and_tokens_are_known_where_they_are_told() -> None:
    depths: list[int] = []

    def ask(asked: Question) -> Answer:
        return Answer(asked.text, "Naqvi", False, 0.9, hits=HITS, usage=Usage(1, 70, 5))

    (found,) = run([WHO], System(ask, lambda asked: depths.append(asked.k) or HITS), REFERENCE, progress=False)
    assert found.observed.tokens == (70, 5)
    assert depths == [20]
    assert found.observed.deeper == HITS


class Letters:
    """Encodes a text by whether it holds certain letters."""

    def encode_passages(self, texts: list[str]) -> np.ndarray:
        rows = np.array([[letter in text for letter in "NB2"] for text in texts], dtype=float)
        return rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9)


def test_similarity_is_the_nearest_accepted_answers() -> None:
    copied = copy_top_passage(results("How many?"), REFERENCE)
    who, toll, won = with_similarity(copied, Letters())  # type: ignore[arg-type]
    assert who.scores.values["similarity"] == pytest.approx(1 / 2**0.5), "N of N and B"
    assert toll.scores.values["similarity"] == 0, "an error"
    assert "similarity" not in won.scores.values
