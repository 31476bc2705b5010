import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.cutting import Marked, cut

WORDS = st.lists(
    st.sampled_from(
        [
            "Lt. ",
            "Roe ",
            "met ",
            "her ",
            "at ",
            "9 a.m. ",
            "Friday ",
            "[1]",
            " [2, 3]",
            ". ",
            ".",
            "“We ",
            "go.” ",
            "\n",
        ]
    ),
    max_size=60,
)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Roe met her [1].", [("Roe met her.", (1,))]),
        ("Roe met her. [1] They spoke.[2][3]", [("Roe met her.", (1,)), ("They spoke.", (2, 3))]),
        ("Roe met her [1, 3].", [("Roe met her.", (1, 3))]),
        ("Roe met her [1-3].", [("Roe met her.", (1, 2, 3))]),
        ("Roe met her【1】.", [("Roe met her.", (1,))]),
        ("“We spoke,” she said.[2]", [("“We spoke,” she said.", (2,))]),
        ("- **Roe** met her [1].\n- They spoke [2].", [("Roe met her.", (1,)), ("They spoke.", (2,))]),
        ("Roe met her [999].", [("Roe met her.", (999,))]),
        ("Roe met her.", [("Roe met her.", ())]),
        ("Roe met", [("Roe met", ())]),
        ("", []),
        ("[1]", []),
    ],
)
def test_marks_are_read_however_they_are_written(text: str, expected: list[tuple[str, tuple[int, ...]]]) -> None:
    assert [(marked.text, marked.numbers) for marked in cut([text])] == expected


def test_a_huge_range_costs_nothing() -> None:
    (marked,) = cut(["Roe met her [1-9999]."])
    assert len(marked.numbers) < 100


@given(WORDS, st.data())
def test_sentences_do_not_depend_on_how_the_words_come(words: list[str], data: st.DataObject) -> None:
    text = "".join(words)
    whole = list(cut([text]))
    assert list(cut(text)) == whole  # one character at a time
    at = data.draw(st.integers(0, len(text)))
    assert list(cut([text[:at], text[at:]])) == whole


def test_a_sentence_comes_before_the_next_one_is_over() -> None:
    text = "Roe met her in Tollen on Friday [1]. They spoke of the bridge and of much else besides"
    unheard = iter(text)
    assert next(cut(unheard)) == Marked("Roe met her in Tollen on Friday.", (1,))
    assert "".join(unheard) == "of much else besides"
