"""Whether an answer stands in a text, with the numbers, quotes and dashes of news."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.matching import holds, holds_any, squad_normalise, words


@pytest.mark.parametrize(
    ("text", "normalised"),
    [
        ("The Cat, sat on A mat!", "cat sat on mat"),
        ("  an   apple\n", "apple"),
        ("$3.5 million", "35 million"),  # why numbers need the lighter normalisation
        ("mid-October", "midoctober"),
        ("the", ""),
    ],
)
def test_squad_normalisation_is_that_of_the_official_script(text: str, normalised: str) -> None:
    assert squad_normalise(text) == normalised


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It cost $3.5 million, officials said.", "$3.5 million"),
        ("It cost US$3.5 million.", "$3.5 million"),
        ("It cost $3.5 million.", "US$3.5 million"),
        ("Turnout was 12%.", "12%"),
        ("Turnout was 12 percent.", "12%"),
        ("Turnout was 12 per cent.", "12 percent"),
        ("Some 1,500 people fled.", "1500"),
        ("Some 1500 people fled.", "1,500"),
        ("It opens in mid-October.", "mid-October"),
        ("It opens in mid–October.", "mid-October"),
        ("It opens in mid October.", "mid-October"),
        ("A “responsible solution” to it", '"responsible solution"'),
        ("A “responsible solution” to it", "responsible solution"),
        ("Pakistan’s minister", "Pakistan's"),
        ("Pakistan’s minister", "Pakistan"),
        ("met the Mayor of\n Tessen", "mayor of Tessen"),
        ("said Interior Ministry", "the Interior Ministry"),
        ("The U.S. envoy", "US"),
        ("The US envoy", "U.S."),
        ("the 24–10 win", "24-10"),
        ("JF-17 jets", "JF-17"),
        ("It fell to -5 degrees.", "-5"),
        ("It fell to −5 degrees.", "-5"),
        ("at 10:30 on 9 May", "10:30"),
        ("The final count was 3.5.", "3.5"),
        ("ÉVORA is far", "Évora"),
        ("(Naqvi)", "Naqvi"),
        ("a", "a"),
    ],
)
def test_holds(text: str, answer: str) -> None:
    assert holds(text, answer)


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("It cost $35 million.", "$3.5 million"),
        ("It cost $3.5 million.", "$35 million"),
        ("It cost $3.5 million.", "5 million"),
        ("It cost $13.5 million.", "3.5 million"),
        ("It cost $3.50.", "3.5"),
        ("It cost A$3.5 million.", "$3.5 million"),
        ("It cost €3.5 million.", "$3.5 million"),
        ("1,500 people", "500"),
        ("1,500 people", "1"),
        ("10:30", "30"),
        ("112%", "12%"),
        ("Turnout was 12.", "12%"),
        ("It fell to -5 degrees.", "5"),
        ("Indian officials", "India"),
        ("Tessenbury", "Tessen"),
        ("the 26th", "26"),
        ("Nothing here", "—"),
        ("Nothing here", ""),
        ("", "something"),
    ],
)
def test_does_not_hold(text: str, answer: str) -> None:
    assert not holds(text, answer)


def test_holds_any() -> None:
    assert holds_any("by 26 people", ["twenty-six", "26"])
    assert not holds_any("by 26 people", [])


@given(st.text(), st.lists(st.from_regex(r"[a-z]{1,5}|[0-9]{1,3}(\.[0-9])?", fullmatch=True), min_size=1), st.text())
def test_a_text_holds_what_is_put_into_it_apart(before: str, put: list[str], after: str) -> None:
    answer = " ".join(put)
    assert holds(f"{before} / {answer} / {after}", answer)


@given(st.text())
def test_words_are_never_blank(text: str) -> None:
    assert all(word.strip() for word in words(text))
