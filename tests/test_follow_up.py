import pytest

from assistant.answer import ABSTENTION, Turn
from assistant.follow_up import standalone

HISTORY = (Turn("user", "Who met Natalie Baker?"), Turn("assistant", "Mohsin Naqvi met her."))


@pytest.mark.parametrize("question", ["When did he meet her?", "And in Lahore?", "Why?", "What was said there?"])
def test_a_question_that_leans_gets_what_it_leans_on(question: str) -> None:
    assert standalone(question, HISTORY) == f"{question} Who met Natalie Baker? Mohsin Naqvi met her."


@pytest.mark.parametrize(
    "question", ["When will the Ferris bridge in Tollen close?", "How many people live in Low Mill today?"]
)
def test_a_question_that_stands_alone_is_left_as_it_is(question: str) -> None:
    assert standalone(question, HISTORY) == question


def test_without_history_every_question_is_left_as_it_is() -> None:
    assert standalone("When did he?", ()) == "When did he?"


def test_an_abstention_is_nothing_to_lean_on() -> None:
    assert standalone("Why?", (HISTORY[0], Turn("assistant", ABSTENTION))) == "Why? Who met Natalie Baker?"


def test_a_follow_up_of_a_follow_up_still_knows_whom_it_is_about() -> None:
    history = (*HISTORY, Turn("user", "When?"), Turn("assistant", "On Friday."))
    assert (
        standalone("And where?", history) == "And where? When? Who met Natalie Baker? Mohsin Naqvi met her. On Friday."
    )
    later = (*history, Turn("user", "And where?"), Turn("assistant", "In Islamabad."))
    assert standalone("Why?", later) == "Why? And where? When? On Friday. In Islamabad."
