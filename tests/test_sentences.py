"""Sentences: what is cut, what is not, and what holds for any text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.sentences import sentences

NEWS_TEXT = st.one_of(
    st.text(),
    st.text(alphabet="aB. ?!…“”\"'’‘()•-*\n\t\u00a0\u2028😀é5"),
    st.lists(
        st.sampled_from(
            ["He left.", "“Go on.", "Why?”", "U.S.", "a.m.", "(AFP)", "•", "…", "\n", "\n\n", " ", "😀", "5."]
        )
    ).map(" ".join),
)


def cut(text: str) -> list[str]:
    return [text[start:end] for start, end in sentences(text)]


@pytest.mark.parametrize(
    "sentence",
    [
        "Lt. Col. Sami Brandt took over from Maj. Gen. Ito and Prof. Delwyn Oake.",
        "The U.S. Navy and the U.N. Secretary-General agreed.",
        "It cost Rs. 3.5 million, or Tk. 500 a head.",
        "They sailed on Jan. 5 and came back on Sept. 9.",
        "She lives at No. 7, next to St. Anselm’s.",
        "The boat left at 9 a.m. Friday and was back by 5 p.m. the same day.",
        "Ines Calloway (2R) gestures to the crew.",
        "The review goes on … earlier he saw two yards abroad.",
        "Dr. J. K. Rowan of Hartmann Inc. spoke for Mrs. Oya.",
        "“Who pays? And when?” Ines Calloway asked.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    assert cut(f"{sentence} Nobody else was hurt.") == [sentence, "Nobody else was hurt."]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("One came. Two left.", ["One came.", "Two left."]),
        ("  One came. \n\n Two left.  ", ["One came.", "Two left."]),
        ("A line\nAnother line", ["A line", "Another line"]),
        ("• First point\n\n- Second point\n\n* Third point", ["First point", "Second point", "Third point"]),
        ("1. First point", ["1. First point"]),
        ("The crew wave from the rail. (Courier)", ["The crew wave from the rail. (Courier)"]),
        ("😀 “We won.” 😀 She wept.", ["😀 “We won.”", "😀 She wept."]),
        ("It sank. ***", ["It sank. ***"]),
        ("***", ["***"]),
        ("", []),
        (" \n\n ", []),
        ("He came from the U.S. Then he left.", ["He came from the U.S.", "Then he left."]),
    ],
)
def test_cuts(text: str, expected: list[str]) -> None:
    assert cut(text) == expected


def test_a_short_quotation_stays_whole() -> None:
    assert cut("“We want it fixed. We cannot wait,” Roe said. Then she left.") == [
        "“We want it fixed. We cannot wait,” Roe said.",
        "Then she left.",
    ]


@pytest.mark.parametrize(("opening", "closing"), ["“”", '""', "‘’"])
def test_a_long_quotation_is_cut_inside(opening: str, closing: str) -> None:
    first = (
        "We want the ferry’s engines fixed before the autumn storms come in from the west and close the sound again."
    )
    second = "We cannot wait for another winter, because the school, the clinic and the shop all hang on that one boat,"
    text = f"{opening}{first} {second}{closing} Roe said. {opening}That is all.{closing}"
    assert cut(text) == [f"{opening}{first}", f"{second}{closing} Roe said.", f"{opening}That is all.{closing}"]


@given(NEWS_TEXT)
def test_in_order_and_disjoint(text: str) -> None:
    spans = sentences(text)
    flat = [offset for span in spans for offset in span]
    assert flat == sorted(flat)
    assert all(start < end for start, end in spans)


@given(NEWS_TEXT)
def test_no_surrounding_space_and_no_newline_inside(text: str) -> None:
    for sentence in cut(text):
        assert sentence == sentence.strip()
        assert "\n" not in sentence


@given(NEWS_TEXT)
def test_every_visible_character_but_bullets_is_covered(text: str) -> None:
    covered = {offset for start, end in sentences(text) for offset in range(start, end)}
    for offset, character in enumerate(text):
        if offset not in covered and not character.isspace():
            before = text[:offset].rpartition("\n")[2]
            assert character in "•-*"
            assert not before.strip()
            assert text[offset + 1 : offset + 2].isspace()
