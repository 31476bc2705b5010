"""Cleaning: what goes, what it tells of the story, and what must stay."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.load.characters import normalise
from index.load.dateline import dateline_place
from index.load.text import from_text

TITLE = "Mussel farm off Dhelm to double in size"
BODY = "DHELM: The mussel farm in the sound will double its lines by next spring, its owners said on Monday."
TAIL = "Neighbours have until June to object, the harbour office said."


def one(text: str) -> Article:
    (article,) = from_text(text)
    return article


@pytest.mark.parametrize(
    "line",
    [
        "Short Url",
        "Follow",
        "Share",
        "Updated 13 sec ago",
        "Updated 09 May 2025",
        "Published: 9 May 2025, 14:30 GMT",
        "Last updated on Friday, 10:30",
        "2 hours ago",
        "Advertisement",
        "ADVERTISEMENT",
        "Read more: School boat gets a new skipper",
        "Read also: School boat gets a new skipper",
        "Listen to this article",
        "Listen to this article · 3 min",
        "3 min read",
        "Facebook",
        "Twitter",
        "X",
        "WhatsApp",
        "Facebook Twitter WhatsApp Email",
        "Copy link",
        "Topics: mussels, Dhelm",
        "Related topics",
        "Related: School boat gets a new skipper",
        "Comments (12)",
        "© 2025 The Courier. All rights reserved.",
    ],
)
def test_clutter_goes_wherever_it_stands(line: str) -> None:
    page = f"{TITLE}\n{line}\n\n{BODY}\n\n{line}\n\n{TAIL}\n\n{line}\n"
    assert one(page).text == f"{BODY}\n\n{TAIL}"


@pytest.mark.parametrize(
    "line",
    [
        "Share prices of the farm’s owner fell.",
        "Follow the money, she told the council.",
        "Updated rules take effect in May.",
        "Related costs rose by a tenth.",
        "Published accounts show a loss.",
        "By Friday, half the lines were out.",
        "Topics: the council could not agree on any.",
        "X marks the mooring on the chart.",
        "“Share”",
        "Email was down for a day, and so were the phones.",
        "Advertisement sales fell by half.",
        "It ends on Monday.",
    ],
)
def test_sentences_stay(line: str) -> None:
    assert line in one(f"{TITLE}\n\n{BODY}\n\n{line}\n\n{TAIL}\n").text.split("\n\n")


@pytest.mark.parametrize(
    ("line", "author"),
    [
        ("By Jane Roe", "Jane Roe"),
        ("By Jane Roe, Courier", "Jane Roe"),
        ("By Jane Roe and Sam Poe", "Jane Roe and Sam Poe"),
        ("By Jane Roe, Ann Loe and Sam Poe", "Jane Roe, Ann Loe and Sam Poe"),
        ("By Jane van der Roe | Eastmarch Courier", "Jane van der Roe"),
        ("BY JANE ROE", "JANE ROE"),
        ("JANE ROE", "JANE ROE"),
        ("By Reuters", "Reuters"),
        ("By Jane Roe in Dhelm", "Jane Roe"),
    ],
)
def test_bylines(line: str, author: str) -> None:
    article = one(f"{TITLE}\n{line}\n\n{BODY}\n")
    assert article.author == author
    assert article.text == BODY


@pytest.mark.parametrize(
    ("lines", "author", "source", "published"),
    [
        ("By Jane Roe, Eastmarch Courier", "Jane Roe", "Eastmarch Courier", None),
        ("By Jane Roe, political editor", "Jane Roe", None, None),
        ("Courier of Eastmarch\n9 May 2025", None, "Courier of Eastmarch", "2025-05-09"),
        ("\nEastmarch Mercury (Dhelm)\n9 May 2025", None, "Eastmarch Mercury (Dhelm)", "2025-05-09"),
        ("9 May 2025 · Jane Roe · Eastmarch Courier", "Jane Roe", "Eastmarch Courier", "2025-05-09"),
        ("Jane Roe | 9 May 2025", "Jane Roe", None, "2025-05-09"),
    ],
)
def test_publishers(lines: str, author: str | None, source: str | None, published: str | None) -> None:
    article = one(f"{TITLE}\n{lines}\n\n{BODY}\n\n{TAIL}\n")
    assert (article.author, article.source, article.published) == (author, source, published)
    assert article.text == f"{BODY}\n\n{TAIL}"


def test_a_standfirst_stays_and_so_does_a_publisher_in_the_text() -> None:
    article = one(f"{TITLE}\nOwners Hope for a Mild Winter\n9 May 2025\n\n{BODY}\n\nEastmarch Courier\n\n{TAIL}\n")
    assert article.text.split("\n\n") == ["Owners Hope for a Mild Winter", BODY, "Eastmarch Courier", TAIL]
    assert (article.source, article.published) == (None, "2025-05-09")


@pytest.mark.parametrize("line", ["By the numbers", "By Train and Boat", "BY THE SEA", "WHAT COMES NEXT"])
def test_what_only_looks_like_a_byline(line: str) -> None:
    article = one(f"{TITLE}\n\n{BODY}\n\n{line}\n\n{TAIL}\n")
    assert article.author is None
    assert line in article.text


@pytest.mark.parametrize(
    ("lines", "published", "updated"),
    [
        ("9 May 2025", "2025-05-09", None),
        ("Friday, 9 May 2025", "2025-05-09", None),
        ("Published 9 May 2025", "2025-05-09", None),
        ("Updated 9 May 2025", "2025-05-09", "2025-05-09"),
        ("Updated 13 sec ago", None, None),
        ("Published: 8 May 2025\nUpdated: 9 May 2025, 14:30 GMT", "2025-05-08", "2025-05-09T14:30:00+00:00"),
        ("By Jane Roe | 9 May 2025 | 3 min read", "2025-05-09", None),
        ("By Jane Roe, 9 May 2025", "2025-05-09", None),
        ("Updated: 9/5/2025", None, None),
    ],
)
def test_dates_under_the_headline(lines: str, published: str | None, updated: str | None) -> None:
    article = one(f"{TITLE}\n{lines}\n\n{BODY}\n")
    assert (article.published, article.updated) == (published, updated)
    assert article.text == BODY


@pytest.mark.parametrize(
    ("paragraph", "place"),
    [
        ("DHELM: The farm grows.", "DHELM"),
        ("DHELM — The farm grows.", "DHELM"),
        ("PORT DHELM (AP) — The farm grows.", "PORT DHELM"),
        ("DHELM, May 9 (Reuters) - A farm grows.", "DHELM"),
        ("ST. DHELM, Eastmarch (Courier) — “It grows,” he said.", "ST. DHELM, Eastmarch"),
        ("Dhelm, 14 October: The farm grows.", "Dhelm"),
        ("Dhelm (Courier) — The farm grows.", "Dhelm"),
        ("DHELM/VELMOOR: Two farms grow.", "DHELM/VELMOOR"),
        ("Background: The farm is old.", None),
        ("UPDATE: The farm grows.", None),
        ("NATO — the alliance — buys mussels.", None),
        ("Roe, 54: The farmer.", None),
        ("CALLOWAY, who farms: It grows.", None),
        ("The farm grows: it doubles.", None),
        ("DHELM is a town.", None),
    ],
)
def test_datelines(paragraph: str, place: str | None) -> None:
    assert dateline_place(paragraph) == place


def test_the_dateline_stays_in_the_text() -> None:
    article = one(f"{TITLE}\n\n{BODY}\n")
    assert article.place == "DHELM"
    assert article.text == BODY


def test_a_speaker_is_no_place() -> None:
    article = one(
        f"{TITLE}\n\nCOURIER: Why here, of all the places in the sound?\n\nROE: It is deep, and it is calm.\n"
    )
    assert article.place is None


def test_bullets_keep_their_marker_and_captions_their_paragraph() -> None:
    bullets = "   •  Lines to double\n   • Work to begin in spring"
    page = f"{TITLE}\n\n{bullets}\n{BODY}\nMussels on a rope in Dhelm. (Courier)\n{TAIL}\n"
    assert one(page).text.split("\n\n") == [
        "• Lines to double",
        "• Work to begin in spring",
        BODY,
        "Mussels on a rope in Dhelm. (Courier)",
        TAIL,
    ]


def test_hard_wrapped_lines_are_joined() -> None:
    page = (
        f"{TITLE}\n\nDHELM: The mussel farm in the sound will double its lines by next\n"
        "spring, its owners said on Monday. Neighbours have until June to object,\nthe harbour office said.\n"
        "   A second paragraph begins with an indent after a short last line, as\nmany old texts do.\n"
    )
    assert one(page).text.split("\n\n") == [
        "DHELM: The mussel farm in the sound will double its lines by next spring, its owners said on Monday. "
        "Neighbours have until June to object, the harbour office said.",
        "A second paragraph begins with an indent after a short last line, as many old texts do.",
    ]


def test_short_paragraphs_on_lines_of_their_own_stay_apart() -> None:
    rows = [
        "DHELM: The mussel farm in the sound will double its lines soon.",
        "Its owners said so on Monday at a meeting in the village hall.",
        "Neighbours have until June to object, the harbour office said.",
    ]
    assert one(f"{TITLE}\n" + "\n".join(rows)).text.split("\n\n") == rows


def test_a_page_without_a_headline_gets_its_first_sentence() -> None:
    start = "The mussel farm in the sound off Dhelm will double its lines by next spring, and its"
    text = f"{start} owners are hiring. More soon."
    article = one(text)
    assert article.title == f"{start}…"
    assert len(article.title) <= 90
    assert article.text == text


@pytest.mark.parametrize("text", ["", " \n\t\n", "Share\nFollow\n", "---\n", "\ufeff\u200b"])
def test_nothing_left_is_no_article(text: str) -> None:
    assert from_text(text) == []


def test_a_section_name_over_the_headline_goes() -> None:
    article = one(f"Business\n\n{TITLE}\n\n{BODY}\n")
    assert (article.title, article.text) == (TITLE, BODY)


def test_a_headline_alone_is_its_own_text() -> None:
    article = one(TITLE)
    assert (article.title, article.text) == (TITLE, TITLE)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\u00a0b\u202fc\td", "a b c d"),
        ("zero\u200bwidth\ufeff \u2060soft\u00adhyphen\x07", "zerowidth softhyphen"),
        ("lone \ud800 half", "lone \ufffd half"),
        ("spaces   here  \nand there ", "spaces here\nand there"),
        ("“curly” ‘quotes’ – — … é e\u0301", "“curly” ‘quotes’ – — … é e\u0301"),
        ("👩\u200d🚀 na\u200dme", "👩\u200d🚀 name"),
    ],
)
def test_characters(text: str, expected: str) -> None:
    assert normalise(text) == expected


ODD_TEXT = st.text(
    st.one_of(
        st.characters(codec=None, exclude_categories=[]),
        st.sampled_from("ab \t\n\r\x0b\x1c\x85\u00a0\u00ad\u200b\u200c\u200d\u200e\u2028\ufeffé👩"),
    )
)


@given(ODD_TEXT)
def test_normalising_again_changes_nothing(text: str) -> None:
    once = normalise(text)
    assert normalise(once) == once
    assert not any(unicodedata.category(character) in ("Cc", "Cs") for character in once.replace("\n", ""))


@given(ODD_TEXT)
def test_any_text_gives_whole_articles(text: str) -> None:
    for article in from_text(text):
        assert article.title.strip()
        assert article.text.strip()
        assert all(paragraph.strip() for paragraph in article.text.split("\n\n"))
