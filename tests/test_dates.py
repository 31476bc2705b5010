"""Dates: what is one, what would be a guess."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.load.dates import is_moment, to_iso


@pytest.mark.parametrize(
    ("text", "iso"),
    [
        ("09 May 2025", "2025-05-09"),
        ("9th of May, 2025", "2025-05-09"),
        ("May 9, 2025", "2025-05-09"),
        ("Sept. 9 2025", "2025-09-09"),
        ("Friday, May 9, 2025", "2025-05-09"),
        ("9-May-2025", "2025-05-09"),
        ("2025-05-09", "2025-05-09"),
        ("2025/05/09", "2025-05-09"),
        ("2025-05-09T10:30:00Z", "2025-05-09T10:30:00+00:00"),
        ("2025-05-09T10:30:00.250+05:00", "2025-05-09T05:30:00+00:00"),
        ("Friday 9 May 2025, 14:30 GMT", "2025-05-09T14:30:00+00:00"),
        ("14:30, 9 May 2025", "2025-05-09"),
        ("May 9, 2025 at 5:30 p.m. EST", "2025-05-09T22:30:00+00:00"),
        ("Fri, 09 May 2025 10:30:00 +0000", "2025-05-09T10:30:00+00:00"),
        ("10 May 2025 01:00 +0500", "2025-05-09T20:00:00+00:00"),
        ("19/5/2025", "2025-05-19"),
        ("5/19/2025", "2025-05-19"),
    ],
)
def test_full_dates(text: str, iso: str) -> None:
    assert to_iso(text) == iso


@pytest.mark.parametrize(
    "text", ["9 May 2025, 14:30", "2025-05-09T10:30:00", "9 May 2025 10:30 IST", "9 May 2025, 2:30 pm"]
)
def test_a_time_without_a_known_zone_keeps_the_day_only(text: str) -> None:
    assert to_iso(text) == "2025-05-09"


@pytest.mark.parametrize(
    "text", ["13 sec ago", "yesterday", "2 hours ago", "Friday", "9 May", "May 2025", "9/5/2025", "just now"]
)
def test_relative_incomplete_and_ambiguous_dates_are_none_but_moments(text: str) -> None:
    assert to_iso(text) is None
    assert is_moment(text)


@pytest.mark.parametrize(
    "text", ["", "31 June 2025", "25/13/2025", "2025-02-30", "the rules", "May", "2025", "9 May 2025 in Velmoor"]
)
def test_no_dates(text: str) -> None:
    assert to_iso(text) is None


def test_the_rules_are_no_moment() -> None:
    assert not is_moment("rules take effect in May")


@given(st.dates(min_value=date(1000, 1, 1)))
def test_every_day_is_read_in_each_long_form(day: date) -> None:
    for form in ("%d %B %Y", "%B %d, %Y", "%A %d %b %Y", "%Y-%m-%d"):
        assert to_iso(day.strftime(form)) == day.isoformat()


@given(st.text())
def test_never_fails(text: str) -> None:
    to_iso(text)
    is_moment(text)
