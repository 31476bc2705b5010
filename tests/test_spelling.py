import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.answer import Question
from assistant.assistant import Assistant
from assistant.spelling import respelled
from index.library import Library
from index.spelling import one_slip_apart

LETTERS = "abcdefghijklmnopqrstuvwxyz"


@given(st.text(LETTERS, min_size=3, max_size=12), st.data())
def test_a_slip_is_one_slip(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(1, len(word) - 2))
    letter = data.draw(st.sampled_from(LETTERS))
    for slip in (
        word[:at] + word[at + 1 :],
        word[:at] + letter + word[at:],
        word[:at] + letter + word[at + 1 :],
        word[:at] + word[at + 1] + word[at] + word[at + 2 :],
    ):
        assert one_slip_apart(word, slip) == one_slip_apart(slip, word) == (word != slip)


@pytest.mark.parametrize(("one", "other"), [("naqvi", "naqivs"), ("baker", "maker"), ("", "a"), ("ossa", "ossaia")])
def test_what_is_further_is_not(one: str, other: str) -> None:
    assert not one_slip_apart(one, other)


@pytest.mark.parametrize(
    ("asked", "read"),
    [
        ("Who received Natalei Baker in Islamabda?", "Who received Natalie Baker in Islamabad?"),
        ("what did Harkinridr do", "what did Harkinrider do"),
        ("Who won the chess olympiad in Samarkand?", "Who won the chess olympiad in Samarkand?"),
        ("When was the market closed?", "When was the market closed?"),
    ],
)
def test_words_are_put_right_by_the_articles_own(library: Library, asked: str, read: str) -> None:
    assert respelled(asked, library).casefold() == read.casefold()


def test_a_misspelt_question_is_answered_as_it_was_asked(assistant: Assistant) -> None:
    answer = assistant.ask(Question("Who received Natalei Bakre?"))
    assert "Naqvi" in answer.text
    assert answer.question == "Who received Natalei Bakre?"
