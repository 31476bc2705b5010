"""What each format tells of its article."""

import json
from pathlib import Path

import pytest

from index.article import Article
from index.load import read
from index.load.html import from_html
from index.load.json_articles import from_json
from index.load.markdown import from_markdown

TITLE = "Bridge over Anse Sound to close for a week"
LEAD = "DHELM: The bridge will close to cars from Monday, the roads office said."
TAIL = "Boats pass as before."


def markdown(text: str) -> Article:
    (article,) = from_markdown(text)
    return article


def page(text: str) -> Article:
    (article,) = from_html(text)
    return article


def entry(**fields: object) -> Article:
    ((_, article),) = from_json(json.dumps(fields))
    assert isinstance(article, Article), article
    return article


def test_front_matter() -> None:
    article = markdown(f"""---
title: {TITLE}
date: 2025-05-09
updated: 2025-05-10T08:00:00Z
site: Eastmarch Courier
author: Jane Roe
url: https://courier.example/bridge
language: en-GB
---

# {TITLE}

{LEAD}

{TAIL}
""")
    assert article == Article(
        title=TITLE,
        text=f"{LEAD}\n\n{TAIL}",
        source="Eastmarch Courier",
        url="https://courier.example/bridge",
        author="Jane Roe",
        published="2025-05-09",
        updated="2025-05-10T08:00:00+00:00",
        place="DHELM",
        language="en",
    )


def test_front_matter_place_goes_before_the_dateline() -> None:
    assert markdown(f"---\ntitle: {TITLE}\nplace: Anse\npublished: May 9, 2025\n---\n{LEAD}").place == "Anse"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "/bridge", "ftp://courier.example"])
def test_only_web_addresses_are_kept(url: str) -> None:
    assert markdown(f"---\nurl: {url}\n---\n# {TITLE}\n\n{LEAD}").url is None


def test_markup_goes_and_words_stay() -> None:
    article = markdown(f"""# {TITLE}

DHELM: The **bridge** will [close](https://courier.example) to *cars*
from Monday &amp; reopen \\*soon\\*.

![The bridge at dusk. (Courier)](bridge.jpg)

## What to do

* Take the boat
* Wait

1. First
2. Second

> It is safe, said Ana Brandt.

---

<p>The end of <b>it</b>.</p>
""")
    assert article.title == TITLE
    assert article.text.split("\n\n") == [
        "DHELM: The bridge will close to cars from Monday & reopen *soon*.",
        "The bridge at dusk. (Courier)",
        "What to do",
        "• Take the boat",
        "• Wait",
        "1. First",
        "2. Second",
        "It is safe, said Ana Brandt.",
        "The end of it.",
    ]


def test_markdown_of_two_stories() -> None:
    other = "# Mussel farm to double\n\n*8 May 2025*\n\nVELMOOR: The farm grows by a half.\n"
    first, second = from_markdown(f"# {TITLE}\n\n*9 May 2025*\n\n{LEAD}\n\n{other}")
    assert (first.title, first.published, first.place) == (TITLE, "2025-05-09", "DHELM")
    assert (second.title, second.published, second.place) == ("Mussel farm to double", "2025-05-08", "VELMOOR")


def test_text_between_rules_is_no_front_matter() -> None:
    assert markdown(f"---\n\n{TAIL}\n\n---\n\n{LEAD}").text == f"{TAIL}\n\n{LEAD}"


HTML = f"""<!DOCTYPE html>
<html lang="en-GB"><head>
<title>{TITLE} | Eastmarch Courier</title>
<meta property="og:site_name" content="Eastmarch Courier">
<meta name="author" content="Jane Roe">
<meta property="article:published_time" content="2025-05-09T10:30:00+02:00">
<meta property="article:modified_time" content="2025-05-10T08:00:00Z">
<link rel="canonical" href="https://courier.example/bridge">
</head><body>
<nav><a href="/">Home</a> <a href="/world">World</a></nav>
<article><h1>{TITLE}</h1>
<figure><img src="a.jpg"><figcaption>The bridge at dusk on Friday. (Courier)</figcaption></figure>
<p>Updated 13 sec ago</p><p>Follow</p>
<p>{LEAD}</p>
<ul><li>Boats run every hour</li><li>Buses stop at the quay</li></ul>
<h2>What to do</h2>
<blockquote><p>It is safe, said <em>Ana Brandt</em>.</p></blockquote>
<p class="caption">A queue of cars at the quay. (Handout)</p>
<p>{TAIL}</p>
</article>
<aside><h3>Related</h3><a href="/x">Another story altogether</a></aside>
<footer>Copyright Eastmarch Courier</footer>
</body></html>"""


def test_a_page_with_its_metadata() -> None:
    article = page(HTML)
    assert (article.title, article.source, article.author) == (TITLE, "Eastmarch Courier", "Jane Roe")
    assert (article.published, article.updated) == ("2025-05-09T08:30:00+00:00", "2025-05-10T08:00:00+00:00")
    assert (article.url, article.language, article.place) == ("https://courier.example/bridge", "en", "DHELM")


def test_a_page_keeps_its_paragraphs_and_captions_and_loses_its_clutter() -> None:
    assert page(HTML).text.split("\n\n") == [
        "The bridge at dusk on Friday. (Courier)",
        LEAD,
        "• Boats run every hour",
        "• Buses stop at the quay",
        "What to do",
        "It is safe, said Ana Brandt.",
        "A queue of cars at the quay. (Handout)",
        TAIL,
    ]


@pytest.mark.parametrize("count", [1, 2, 3, 12])
def test_a_page_loses_neither_its_first_nor_its_last_paragraph(count: int) -> None:
    paragraphs = [f"Paragraph {number} tells of the bridge and its {number} arches." for number in range(count)]
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    article = page(f"<html><head><title>{TITLE}</title></head><body><h1>{TITLE}</h1>{body}</body></html>")
    assert article.title == TITLE
    assert article.text.split("\n\n") == paragraphs


def test_a_date_in_the_text_is_not_the_day_of_publication() -> None:
    body = f"<p>{LEAD} It opened on 3 June 1974.</p><p>{TAIL}</p>"
    assert page(f"<html><head><title>{TITLE}</title></head><body>{body}</body></html>").published is None


def test_a_page_is_one_article() -> None:
    second = "<h2>Mussel farm to double</h2><p>VELMOOR: The farm grows by a half, its owners said.</p>"
    body = f"<h1>{TITLE}</h1><p>{LEAD}</p>{second}"
    assert len(from_html(f"<html><body><article>{body}</article></body></html>")) == 1


def test_json_fields() -> None:
    article = entry(
        headline=f" {TITLE} ",
        body=f"{LEAD}\r\n\r\n{TAIL}\u200b",
        date="9 May 2025",
        updated="2025-05-10",
        source="Eastmarch Courier",
        author="Jane Roe",
        url="https://courier.example/bridge",
        place="Dhelm",
        language="EN",
    )
    assert article == Article(
        title=TITLE,
        text=f"{LEAD}\n\n{TAIL}",
        source="Eastmarch Courier",
        url="https://courier.example/bridge",
        author="Jane Roe",
        published="2025-05-09",
        updated="2025-05-10",
        place="Dhelm",
        language="en",
    )


def test_json_text_is_not_searched_for_clutter() -> None:
    assert entry(title=TITLE, text=f"{LEAD}\n\nShare\n\n{TAIL}").text == f"{LEAD}\n\nShare\n\n{TAIL}"


def test_json_without_a_title_gets_the_first_sentence() -> None:
    assert entry(text=f"{LEAD} {TAIL}", title=None).title == LEAD


def test_a_relative_date_in_json_is_no_date() -> None:
    assert entry(text=TAIL, published="13 sec ago").published is None


def test_a_list_with_a_bad_entry() -> None:
    first, bad = (found for _, found in from_json(json.dumps({"articles": [{"text": TAIL}, {"title": TITLE}]})))
    assert isinstance(first, Article)
    assert str(bad).startswith('entry 2: "text" is missing')


def test_text_with_line_separators_inside_a_json_string(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(json.dumps({"title": TITLE, "text": "One.\u2028Two."}, ensure_ascii=False))
    (article,) = read([tmp_path])
    assert isinstance(article, Article)
    assert article.text == "One.\n\nTwo."
