import pytest

from assistant.corrections import asks_for_the_earlier, corrections


@pytest.mark.parametrize(
    ("sentence", "new", "old"),
    [
        ("The strike would have touched 396 schools and not 412, as announced.", "396", "412"),
        ("The toll was lowered from 27 to 21 on Wednesday.", "21", "27"),
        ("Prosecutors cut the sum from 14.6 million crowns to 11.9 million.", "11.9 million", "14.6 million"),
        ("The ground will hold 21,600, not the 21,000 announced in May.", "21,600", "21,000"),
        ("A rise of 6.5 percent, up from 4 percent, was agreed.", "6.5", "4"),
        ("Nine ships, rather than ten, will sail.", "Nine", "ten"),
    ],
)
def test_what_a_sentence_puts_right(sentence: str, new: str, old: str) -> None:
    assert [(sentence[c.start : c.end], c.old) for c in corrections(sentence)] == [(new, old)]


@pytest.mark.parametrize(
    "sentence",
    ["It is open from 9 to 5.", "Children from 3 to 12 may come.", "Not one of the 12 came.", "The 12 said no."],
)
def test_a_range_is_no_correction(sentence: str) -> None:
    assert not list(corrections(sentence))


def test_a_question_may_ask_for_what_was_said_before() -> None:
    assert asks_for_the_earlier("How many were at first said to have died?")
    assert not asks_for_the_earlier("How many died?")
