"""Where pages are cut into stories: layouts as they arrive, each with the headlines it must give."""

import pytest

from index.load.text import from_text

FERRY = "Ferry returns to Velmoor after a winter of repairs"
TOLLS = "Island council puts off vote on bridge tolls"
LEAD = (
    "The car ferry to Velmoor sailed again on Friday after five months in dock, and the first crossing was full "
    "an hour before it left the quay."
)
MORE = (
    "Harbour master Ines Calloway said the new engines had used a fifth less fuel on trial runs than the old pair, "
    "which dated from 1988."
)
VOTE = (
    "Councillors on Sundry Isle voted on Thursday to wait for a second traffic count before they decide whether "
    "drivers must pay to cross the bridge."
)
DELAY = "The count takes six weeks, engineer Tomas Brandt told the meeting, and rain can make it longer."
STORY = f"{FERRY}\n\nVELMOOR: {LEAD}"
OTHER = f"{TOLLS}\n\nSUNDRY ISLE: {VOTE}"

CUT = {
    "two stories with all the clutter of a news site": f"""{FERRY}

Dock workers wave as the ferry leaves the quay in Velmoor on May 9, 2025. (Courier)
Short Url
Updated 09 May 2025
Follow

{FERRY}

  • Repairs took five months
  • Fares stay as they were

VELMOOR: {LEAD}
{MORE}



Passengers line the rail (left) as the ferry turns in the harbour on May 9, 2025. (Handout)

{MORE}


{TOLLS}

Updated 13 sec ago
Follow

{TOLLS}

  • Second count takes six weeks

SUNDRY ISLE: {VOTE}

{DELAY}
""",
    "headlines printed twice and nothing else": (
        f"{FERRY}\n\n{FERRY}\n\n{LEAD}\n\n{MORE}\n\n{TOLLS}\n\n{TOLLS}\n\n{VOTE}\n"
    ),
    "a dateline under each headline": f"{STORY}\n\n{MORE}\n\n{TOLLS}\n\nSUNDRY ISLE — {VOTE}\n",
    "agency datelines": f"{FERRY}\n\nVELMOOR, May 9 (Courier) - {LEAD}\n\n{TOLLS}\n\nSUNDRY ISLE (Courier) — {VOTE}\n",
    "quiet datelines with a date": f"{FERRY}\n\nVelmoor, 9 May: {LEAD}\n\n{TOLLS}\n\nSundry Isle, 8 May: {VOTE}\n",
    "bylines and even spacing": f"{FERRY}\n\nBy Jane Roe\n\n{LEAD}\n\n{TOLLS}\n\nBy Sam Poe\n\n{VOTE}\n",
    "bylines and dates tight under the headline": (
        f"{FERRY}\nBy Jane Roe, Courier\n9 May 2025\n\n{LEAD}\n\n{MORE}\n\n{TOLLS}\nBy Sam Poe\n8 May 2025\n\n{VOTE}\n"
    ),
    "a date line and several blank lines": f"{FERRY}\n9 May 2025\n\n{LEAD}\n\n\n\n{TOLLS}\n8 May 2025\n\n{VOTE}\n",
    "a date line and a drawn line": f"{FERRY}\n9 May 2025\n\n{LEAD}\n\n* * *\n\n{TOLLS}\n8 May 2025\n\n{VOTE}\n",
    "publisher and date": (
        f"{FERRY}\n\nEastmarch Courier\n9 May 2025\n\n{LEAD}\n\n{TOLLS}\n\nEastmarch Courier\n8 May 2025\n\n{VOTE}\n"
    ),
    "names in capitals, dates": f"{FERRY}\nJANE ROE\n9 May 2025\n\n{LEAD}\n\n{TOLLS}\nSAM POE\n8 May 2025\n\n{VOTE}\n",
    "published and updated on one line": (
        f"{FERRY}\nPublished: 9 May 2025 | Updated: 10 May 2025\n\n{LEAD}\n\n"
        f"{TOLLS}\nPublished: 8 May 2025 | Updated: 9 May 2025\n\n{VOTE}\n"
    ),
    "page widgets only": (
        f"{FERRY}\nShort Url\nFollow\n3 min read\n\n{LEAD}\n\n{TOLLS}\nListen to this article\n2 min read\n\n{VOTE}\n"
    ),
    "a caption that is a plain sentence before the clutter": (
        f"{FERRY}\n\nDock workers wave on Friday.\nShort Url\nUpdated 9 May 2025\n\n{LEAD}\n\n{MORE}\n\n"
        f"{TOLLS}\n\nCars queue at the bridge on Thursday.\nShort Url\nUpdated 8 May 2025\n\n{VOTE}\n"
    ),
    "a standfirst between headline and byline": (
        f"{FERRY}\nFares stay the same until autumn\nBy Jane Roe\n\n{LEAD}\n\n"
        f"{TOLLS}\nA second count comes first\nBy Sam Poe\n\n{VOTE}\n"
    ),
    "hard-wrapped columns": (
        f"{FERRY}\n\nVELMOOR: The car ferry sailed again on Friday after five months in\n"
        "dock, and the first crossing was full an hour before it left. The crew\nsaid it was a smooth trip.\n\n"
        f"{TOLLS}\n\nSUNDRY ISLE: Councillors voted on Thursday to wait for a second count\n"
        "before they decide whether drivers must pay to cross the bridge, which\nopened in 1974.\n"
    ),
    "Markdown headings with datelines": f"# {STORY}\n\n## The engines\n\n{MORE}\n\n# {OTHER}\n",
    "share buttons and links behind the first story": (
        f"{STORY}\n\nShare\nFacebook\nX\nCopy link\n\nRelated stories\nMussel farm to double in size\n"
        f"School boat gets a new skipper\n\n{OTHER}\n"
    ),
    "links and no blank lines": (
        f"{FERRY}\nVELMOOR: {LEAD}\nRead also:\nMussel farm to double in size\n{TOLLS}\nBy Sam Poe\n{VOTE}\n"
    ),
    "a question for a headline": (f"{STORY}\n\nWho pays for the bridge?\nBy Sam Poe\nUpdated 2 hours ago\n\n{VOTE}\n"),
    "Windows line ends": f"{STORY}\n\n{OTHER}\n".replace("\n", "\r\n"),
}

UNCUT = {
    "one plain story": f"{STORY}\n\n{MORE}\n\n{DELAY}\n",
    "subheads": f"{STORY}\n\nA fifth less fuel\n\n{MORE}\n\nWhat comes next\n\n{DELAY}\n",
    "subheads among many blank lines": f"{STORY}\n\n\n\n\nA fifth less fuel\n\n{MORE}\n",
    "drawn lines between sections": f"{STORY}\n\n***\n\nA fifth less fuel\n\n{MORE}\n\n---\n\n{DELAY}\n",
    "a headline quoted on its own line": f"{STORY}\n\nThe Courier’s front page said:\n\n{TOLLS}\n\n{MORE}\n",
    "a headline in quotation marks": f"{STORY}\n\n“{TOLLS}”\n\n{MORE}\n",
    "another story's headline on its own line, no colon": f"{STORY}\n\n{TOLLS}\n\n{MORE}\n",
    "a quoted headline with its dateline": (f"{STORY}\n\nThe report that started it began:\n\n{OTHER}\n"),
    "a pull quote without a full stop": f"{STORY}\n\n“The engines sing now”\n\nInes Calloway\n\n{MORE}\n",
    "captions with credits": (
        f"{STORY}\n\nThe ferry at the quay on Friday. (Courier)\n\n{MORE}\n\n"
        f"Ines Calloway (R) beside the old engine (Handout)\n\n{DELAY}\n"
    ),
    "a list of links in the middle": (
        f"{STORY}\n\nRead also:\n{TOLLS}\n8 May 2025\nMussel farm to double in size\n7 May 2025\n\n{MORE}\n"
    ),
    "one link in the middle": f"{STORY}\n\nRead more: {TOLLS}\n\n{MORE}\n",
    "an advertisement under a subhead": f"{STORY}\n\nA fifth less fuel\n\nAdvertisement\n\n{MORE}\n",
    "a timeline of dates": (f"{STORY}\n\nHow the repairs went\n\n14 October 2024\n\n{MORE}\n\n9 May 2025\n\n{DELAY}\n"),
    "a conversation written down": (
        f"{STORY}\n\nWhat she told us\n\nCOURIER: Was it worth the wait for the islanders?\n\n"
        "CALLOWAY: It was. Nobody here wants to go through another winter like it.\n"
    ),
    "a question and an answer": f"{STORY}\n\nWhy did it take so long?\n\n{MORE}\n",
    "share buttons at the end": f"{STORY}\n\n{MORE}\n\nShare\nFollow\nFacebook\nTopics: ferry, Velmoor\n",
    "the last subhead before buttons": f"{STORY}\n\nWhat comes next\n\n{MORE}\n\nFollow\nShare\n",
    "no headline at all": f"VELMOOR: {LEAD}\n\n{MORE}\n",
    "a Markdown document with sections": f"# {STORY}\n\n## The engines\n\n{MORE}\n\n# Sources\n\n{DELAY}\n",
    "a list of headlines at the end": f"{STORY}\n\n{MORE}\n\nMost read\n{TOLLS}\nMussel farm to double in size\n",
}


@pytest.mark.parametrize("layout", CUT)
def test_cuts_where_a_story_begins(layout: str) -> None:
    articles = from_text(CUT[layout])
    titles = [article.title for article in articles]
    assert titles == [FERRY, "Who pays for the bridge?" if "question" in layout else TOLLS]
    first, second = articles
    assert "bridge" not in first.text
    assert "ferry" not in second.text


@pytest.mark.parametrize("layout", UNCUT)
def test_does_not_cut_inside_a_story(layout: str) -> None:
    articles = from_text(UNCUT[layout])
    assert len(articles) == 1
    assert LEAD in articles[0].text


def test_three_stories_of_different_looks() -> None:
    third = f"Mussel farm to double\nShort Url\nFollow\n\n{DELAY}\n"
    page = f"{FERRY}\nBy Jane Roe\n\n{LEAD}\n\n{OTHER}\n\n{third}"
    assert [article.title for article in from_text(page)] == [FERRY, TOLLS, "Mussel farm to double"]


def test_the_site_layout_in_full() -> None:
    first, second = from_text(CUT["two stories with all the clutter of a news site"])
    assert (first.published, first.updated, first.place) == ("2025-05-09", "2025-05-09", "VELMOOR")
    assert (second.published, second.updated, second.place) == (None, None, "SUNDRY ISLE")
    assert first.text.split("\n\n") == [
        "Dock workers wave as the ferry leaves the quay in Velmoor on May 9, 2025. (Courier)",
        "• Repairs took five months",
        "• Fares stay as they were",
        f"VELMOOR: {LEAD}",
        MORE,
        "Passengers line the rail (left) as the ferry turns in the harbour on May 9, 2025. (Handout)",
        MORE,
    ]
    assert second.text.split("\n\n") == ["• Second count takes six weeks", f"SUNDRY ISLE: {VOTE}", DELAY]


def test_a_headline_with_nothing_under_it_stays_with_the_story_above() -> None:
    (article,) = from_text(f"{STORY}\n\n{TOLLS}\nShort Url\nFollow\n")
    assert article.text.endswith(TOLLS)


def test_links_are_not_part_of_the_text() -> None:
    (article,) = from_text(UNCUT["a list of links in the middle"])
    assert article.text.split("\n\n") == [f"VELMOOR: {LEAD}", MORE]


def test_a_quoted_headline_stays_in_the_text() -> None:
    (article,) = from_text(UNCUT["a headline quoted on its own line"])
    assert TOLLS in article.text.split("\n\n")
