"""What newsrooms exchange: NewsML-G2, NITF, ninjs, schema.org's JSON-LD, feeds and tables."""

import json
from pathlib import Path
from typing import Any

import pytest

from index.article import Article
from index.errors import UnreadableError
from index.load import Failure, read, read_text
from index.load.formats import entries

TITLE = "Bridge over Anse Sound to close for a week"
LEAD = "DHELM (AP) — The bridge will close to cars from Monday, the roads office said."
TAIL = "Boats pass as before & cost 4 crowns."
WORDS = f"{LEAD}\n\n{TAIL}"


def articles(data: str | bytes, suffix: str) -> list[Article]:
    found = [entry for _, entry in entries(suffix, data.encode() if isinstance(data, str) else data)]
    assert all(isinstance(entry, Article) for entry in found), found
    return [entry for entry in found if isinstance(entry, Article)]


def article(data: str | bytes, suffix: str) -> Article:
    (found,) = articles(data, suffix)
    return found


def told(found: Article) -> dict[str, str | None]:
    names = ("title", "text", "source", "url", "author", "published", "updated", "place", "language", "section")
    return {name: getattr(found, name) for name in names}


def expected(**others: str | None) -> dict[str, str | None]:
    usual = {
        "title": TITLE,
        "text": WORDS,
        "source": "Eastmarch Agency",
        "url": "https://agency.example/bridge",
        "author": "Jane Roe",
        "published": "2025-05-09T08:30:00+00:00",
        "updated": "2025-05-10T06:00:00+00:00",
        "place": "Dhelm",
        "language": "en",
        "section": "transport",
    }
    return usual | others


BLOCKS = (
    f"<p>{LEAD.replace('DHELM', '<location>DHELM</location>')}</p>\n<p>Boats pass <em>as before</em> &amp; cost "
    "<money unit='crown'>4&nbsp;crowns</money>.</p>"
)
NITF = f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE nitf SYSTEM "nitf-3-6.dtd">
<nitf xml:lang="en-GB">
  <head>
    <title>Bridge</title>
    <tobject><tobject.subject tobject.subject.refnum="04015000" tobject.subject.type="transport"/></tobject>
    <docdata><date.issue norm="20250509T103000+0200"/><doc.copyright holder="Someone else"/></docdata>
    <pubdata ex-ref="https://agency.example/bridge"/>
  </head>
  <body>
    <body.head>
      <hedline><hl1>{TITLE}</hl1><hl2>Ferries to run</hl2></hedline>
      <byline>By <person>Jane Roe</person><byttl>Staff Writer</byttl></byline>
      <distributor><org>Eastmarch Agency</org></distributor>
      <dateline><location><city>Dhelm</city>, <country>Veskary</country></location></dateline>
      <abstract><p>A summary.</p></abstract>
    </body.head>
    <body.content>
      <media media-type="image"><media-reference source="a.jpg"/></media>
      <block>{BLOCKS}</block>
    </body.content>
    <body.end><tagline>jr/mm</tagline></body.end>
  </body>
</nitf>"""

ITEM = """<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="https://agency.example/bridge" version="3"
    standard="NewsML-G2" standardversion="2.32" conformance="power" xml:lang="de">
  <itemMeta>
    <itemClass qcode="ninat:text"/>
    <provider qcode="nprov:EA"><name>Eastmarch Agency</name></provider>
    <versionCreated>2025-05-10T08:00:00+02:00</versionCreated>
    <firstCreated>2025-05-09T10:30:00+02:00</firstCreated>
    <pubStatus qcode="stat:usable"/>
  </itemMeta>
  <contentMeta>
    <located qcode="geo:1"><name>Dhelm</name><broader qcode="c:V"><name>Veskary</name></broader></located>
    <creator uri="https://agency.example/roe"><name>Jane Roe</name></creator>
    <language tag="en-GB"/>
    <subject type="cpnat:abstract" qcode="medtop:20000337"/>
    <subject type="cpnat:abstract" qcode="medtop:04015000"><name xml:lang="en">transport</name></subject>
    <headline>Bridge over Anse Sound
      to close for a week</headline>
  </contentMeta>
  <contentSet>{content}</contentSet>
</newsItem>"""
XHTML = f"<html xmlns='http://www.w3.org/1999/xhtml'><head><title>x</title></head><body>{BLOCKS}</body></html>"
INNER_NITF = (
    f"<nitf xmlns='http://iptc.org/std/NITF/2006-10-18/'><body><body.content>{BLOCKS}</body.content></body></nitf>"
)
CONTENTS = {
    "NITF": f"<inlineXML contenttype='application/nitf+xml'>{INNER_NITF}</inlineXML>",
    "XHTML": f"<inlineXML contenttype='application/xhtml+xml'>{XHTML}</inlineXML>",
    "plain data": f"<inlineData contenttype='text/plain'>{LEAD}\n\n{TAIL.replace('&', '&amp;')}</inlineData>",
    "HTML data": f"<inlineData contenttype='text/html'><![CDATA[<p>{LEAD}</p><p>Boats pass as before &amp; cost 4"
    " crowns.</p>]]></inlineData>",
    "an empty rendition before": f"<inlineXML/><inlineXML>{XHTML}</inlineXML>",
}


def test_nitf() -> None:
    assert told(article(NITF, ".xml")) == expected(updated=None)
    assert told(article(NITF, ".nitf")) == expected(updated=None)


def test_nitf_of_an_archive_with_its_own_metadata() -> None:
    text = """<nitf><head><title>T</title><meta name="online_sections" content="World; Health"/>
    <docdata><doc-id id-string="1"/></docdata>
    <pubdata name="The Paper" date.publication="20070119T000000" ex-ref="https://paper.example/1"/></head>
    <body><body.head><hedline><hl1>Rain</hl1></hedline><byline class="print_byline">By JANE ROE</byline></body.head>
    <body.content><block class="full_text"><p>It rained.</p></block></body.content></body></nitf>"""
    found = article(text, ".xml")
    assert (found.source, found.section, found.published) == ("The Paper", "World", "2007-01-19")
    assert (found.author, found.url) == ("JANE ROE", "https://paper.example/1")


@pytest.mark.parametrize("content", CONTENTS)
def test_newsml_g2_with_every_kind_of_content(content: str) -> None:
    assert told(article(ITEM.format(content=CONTENTS[content]), ".xml")) == expected()


def test_a_newsml_g2_message_of_several_items() -> None:
    item = ITEM.format(content=CONTENTS["NITF"])
    picture = item.replace("ninat:text", "ninat:picture")
    empty = ITEM.format(content="<remoteContent href='a.xml'/>")
    message = (
        "<?xml version='1.0'?><newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'><header><sent>2025-05-10</sent>"
        f"</header><itemSet>{picture}{item}{empty}<packageItem/>{item.replace('bridge', 'quay')}</itemSet>"
        "</newsMessage>"
    )
    (_, first), (_, failed), (place, last) = entries(".xml", message.encode())
    assert isinstance(first, Article)
    assert isinstance(failed, UnreadableError)
    assert str(failed).startswith("item 2: has no text")
    assert isinstance(last, Article)
    assert (place, last.url) == (2, "https://agency.example/quay")


NINJS_1: dict[str, Any] = {
    "uri": "https://agency.example/bridge",
    "type": "text",
    "firstcreated": "2025-05-09T08:30:00Z",
    "versioncreated": "2025-05-10T06:00:00Z",
    "language": "en-GB",
    "headline": TITLE,
    "byline": "By Jane Roe",
    "located": "Dhelm",
    "infosource": [{"name": "Eastmarch Agency", "rel": "provider"}],
    "place": [{"name": "Veskary", "rel": "mentions"}],
    "subject": [{"name": "transport", "code": "04015000"}],
    "body_text": f"{LEAD} {TAIL}",
    "body_xhtml": f"<p>{LEAD}</p><p>{TAIL.replace('&', '&amp;')}</p>",
}
NINJS_3 = {
    "uri": "https://agency.example/bridge",
    "standard": {"name": "ninjs", "version": "3.0"},
    "type": "text",
    "firstCreated": "2025-05-09T08:30:00Z",
    "versionCreated": "2025-05-10T06:00:00Z",
    "language": "en",
    "headlines": [{"role": "short", "value": "Bridge closes"}, {"role": "main", "value": TITLE}],
    "by": "Jane Roe",
    "located": "Dhelm",
    "infoSources": [{"name": "Eastmarch Agency"}],
    "subjects": [{"name": "transport", "rel": "about"}],
    "bodies": [
        {"role": "main", "contentType": "text/plain", "value": f"{LEAD} {TAIL}"},
        {"role": "web", "contentType": "text/html", "value": f"<p>{LEAD}</p>\n<p>{TAIL}</p>"},
    ],
}


@pytest.mark.parametrize(
    "item",
    [
        NINJS_1,
        {**NINJS_1, "body_xhtml": None, "body_html": f"<p>{LEAD}</p><p>{TAIL}</p>"},
        {**{key: value for key, value in NINJS_1.items() if not key.startswith("body_")}, "body_text": WORDS},
        {**{key: value for key, value in NINJS_1.items() if key != "headline"}, "headline_main": TITLE},
        NINJS_3,
        {**NINJS_3, "descriptions": [{"role": "lead", "value": "<p>In short.</p>"}]},
        {**{key.lower(): value for key, value in NINJS_3.items()}, "genres": [{"name": "Interview"}]},
        {**NINJS_3, "bodies": [{"role": "nitf", "contentType": "text/vnd.IPTC.NITF", "value": NITF}]},
    ],
)
def test_ninjs(item: dict[str, Any]) -> None:
    assert told(article(json.dumps(item), ".json")) == expected()
    assert told(article(json.dumps([item]), ".json")) == expected()
    (line,) = read_text(f"{json.dumps(item)}\n")
    assert told(line) == expected()


def test_ninjs_of_a_headline_and_a_description() -> None:
    item = {"uri": "urn:x:1", "versioncreated": "2025-05-10T06:00:00Z", "headlines": [{"value": TITLE}]}
    found = article(json.dumps({**item, "descriptions": [{"value": TAIL}], "by": "NTB"}), ".json")
    assert (found.title, found.text, found.author, found.url) == (TITLE, TAIL, "NTB", None)
    assert (found.published, found.updated) == ("2025-05-10T06:00:00+00:00", None)
    ((_, failed),) = entries(".json", json.dumps(item).encode())
    assert "has no text" in str(failed)


NODE: dict[str, Any] = {
    "@type": "NewsArticle",
    "headline": TITLE,
    "datePublished": "2025-05-09T10:30:00+02:00",
    "dateModified": "2025-05-10T08:00:00+02:00",
    "author": [{"@type": "Person", "name": "Jane Roe"}],
    "publisher": {"@type": "NewsMediaOrganization", "name": "Eastmarch Agency"},
    "contentLocation": {"@type": "Place", "name": "Dhelm"},
    "articleSection": ["transport", "local"],
    "inLanguage": "en-GB",
    "mainEntityOfPage": {"@type": "WebPage", "@id": "https://agency.example/bridge"},
}
BY_REFERENCE = [
    {"@type": "WebSite", "@id": "#site", "name": "Something else"},
    {**NODE, "@type": ["Article", "ReportageNewsArticle"], "author": {"@id": "#roe"}, "publisher": {"@id": "#agency"}},
    {"@type": "Person", "@id": "#roe", "name": "Jane Roe"},
    {"@type": "Organization", "@id": "#agency", "name": "Eastmarch Agency"},
]
LINKED_DATA = {
    "an object": json.dumps(NODE),
    "a list": json.dumps([{"@type": "BreadcrumbList"}, NODE]),
    "a graph with references": json.dumps({"@context": "https://schema.org", "@graph": BY_REFERENCE}),
    "nested": json.dumps({"@type": "WebPage", "mainEntity": NODE}),
    "names as strings": json.dumps(
        {
            **NODE,
            "author": "Jane Roe",
            "publisher": "Eastmarch Agency",
            "dateline": "Dhelm",
            "url": NODE["mainEntityOfPage"]["@id"],
        }
    ),
    "in a comment": f"<!--\n{json.dumps(NODE)}\n-->",
    "beside related ones": json.dumps([NODE, {"@type": "NewsArticle", "headline": "Another", "author": "Al Poe"}]),
}


@pytest.mark.parametrize("kind", LINKED_DATA)
def test_schema_org_in_a_page(kind: str) -> None:
    body = f"<h1>{TITLE}</h1><p>{LEAD}</p><p>Boats pass as before &amp; cost 4 crowns.</p>"
    broken = '<script type="application/ld+json">{"@type": "NewsArticle", </script>'
    script = f'<script type="application/ld+json">{LINKED_DATA[kind]}</script>'
    head = f"<head><title>Other</title>{broken}{script}</head>"
    page = f"<html lang='de'>{head}<body><article>{body}</article></body></html>"
    assert told(article(page, ".html")) == expected()


def test_schema_org_of_several_authors_and_of_none_but_their_pages() -> None:
    authors = [{"name": "Jane Roe"}, {"name": "Sam Poe"}, "https://paper.example/roe", {"name": "Jane Roe"}]
    found = article(json.dumps({**NODE, "author": authors, "articleBody": WORDS}), ".json")
    assert told(found) == expected(author="Jane Roe, Sam Poe")


def test_linked_data_with_the_characters_of_html() -> None:
    found = article(
        json.dumps({**NODE, "headline": "Tolls &amp; boats: &#8220;no&#8221;", "articleBody": WORDS}), ".json"
    )
    assert found.title == "Tolls & boats: “no”"


def test_a_page_whose_text_is_only_in_its_linked_data() -> None:
    script = f'<script type="application/ld+json">{json.dumps({**NODE, "articleBody": WORDS})}</script>'
    assert told(article(f"<html><head>{script}</head><body><div id='root'></div></body></html>", ".html")) == expected()


RSS = f"""<?xml version="1.0" encoding="windows-1252"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Eastmarch Agency</title><link>https://agency.example</link><language>en-gb</language>
<item><title>{TITLE}</title><link>https://agency.example/bridge</link><dc:creator>Jane Roe</dc:creator>
<pubDate>Fri, 09 May 2025 10:30:00 +0200</pubDate><category>transport</category><description>In short.</description>
<content:encoded><![CDATA[<p>{LEAD}</p><script>alert(1)</script>
<p>Boats pass as before &amp; cost 4 crowns.</p>]]></content:encoded>
</item>
<item><title>Café opens &amp;amp; stays</title><description>Café by the quay.</description></item>
<item><title>No words</title></item>
</channel></rss>"""
ATOM = f"""<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>Eastmarch Agency</title>
<entry><title>{TITLE}</title><link rel="alternate" href="https://agency.example/bridge"/><id>urn:1</id>
<published>2025-05-09T08:30:00Z</published><updated>2025-05-10T06:00:00Z</updated>
<author><name>Jane Roe</name></author><category term="t" label="transport"/>
<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>{LEAD}</p>
<p>Boats pass as before &amp; cost 4 crowns.</p></div></content></entry></feed>"""


def test_rss() -> None:
    (_, first), (_, second), (place, failed) = entries(".rss", RSS.encode("cp1252"))
    assert isinstance(first, Article)
    assert told(first) == expected(updated=None, place="DHELM")
    assert isinstance(second, Article)
    assert (second.title, second.text, second.published) == ("Café opens & stays", "Café by the quay.", None)
    assert (place, str(failed)[:20]) == (2, "entry 3: has no text")


def test_atom() -> None:
    assert told(article(ATOM, ".xml")) == expected(place="DHELM")


def test_a_feed_is_read_from_its_bytes_and_never_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    monkeypatch.setattr(socket, "socket", None)
    with pytest.raises(UnreadableError, match="is not XML"):
        list(entries(".rss", b"http://agency.example/feed.xml"))


TABLES = {
    "commas": ",",
    "semicolons": ";",
    "tabs": "\t",
    "bars": "|",
}


@pytest.mark.parametrize("delimiter", TABLES.values(), ids=TABLES)
def test_a_table_with_a_row_an_article(delimiter: str) -> None:
    import csv
    import io

    names = ["Headline", "Article Body", "Publisher", "Link", "By-line", "date_published", "Last modified", "Dateline",
             "lang", "Category", "views"]  # fmt: skip
    row = [TITLE, WORDS, "Eastmarch Agency", "https://agency.example/bridge", "Jane Roe", "2025-05-09T10:30:00+02:00",
           "2025-05-10T06:00:00Z", "Dhelm", "en", "transport", "12"]  # fmt: skip
    table = io.StringIO(newline="")
    csv.writer(table, delimiter=delimiter).writerows([names, row, [], ["Only a title"], row[:2]])
    (place, first), (_, short), (_, last) = entries(".csv", table.getvalue().encode("utf-8-sig"))
    assert isinstance(first, Article)
    assert (place, told(first)) == (0, expected())
    assert str(short).startswith("row 4: has no text")
    assert isinstance(last, Article)
    assert (last.title, last.source) == (TITLE, None)


def test_a_cell_longer_than_the_csv_modules_own_limit() -> None:
    words = " ".join(["It rained in Tollen."] * 10_000)
    assert article(f"title,text\nRain,{words}\n", ".csv").text == words


BOMB = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'
BAD = {
    "a.xml": {
        "": "is empty",
        "no XML": "is not XML",
        "<nitf><body>": "is not well-formed XML",
        "<svg/>": "is XML of a kind we do not read (<svg>)",
        f"{BOMB}<nitf><body><body.content><p>&b;</p></body.content></body></nitf>": "declares entities",
        f"{BOMB}<rss><channel><item><title>&b;</title></item></channel></rss>": "declares entities",
        "<nitf><body><body.content/></body></nitf>": "has no text",
        "<newsMessage xmlns='http://iptc.org/std/nar/2006-10-01/'/>": "holds no text item",
        "<packageItem/>": "holds no text item",
        "<rss/>": "is not a feed with articles",
        "<feed": "is not XML",
        "<newsItem>" * 5000: "is not well-formed XML",
    },
    "a.csv": {"a,b\n1,2\n": "has no column of texts", "text\n": "holds no article"},
    "a.json": {'{"bodies": 3, "headlines": "x"}': "has no text", '{"versioncreated": 3}': "has no text"},
}


@pytest.mark.parametrize(("name", "text", "reason"), [(n, t, r) for n, cases in BAD.items() for t, r in cases.items()])
def test_what_cannot_be_read_says_why(name: str, text: str, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_text(text, encoding="utf-8")
    (failure,) = read([tmp_path / name])
    assert isinstance(failure, Failure)
    assert reason in failure.reason


def test_external_entities_are_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("secret", encoding="utf-8")
    text = NITF.replace('SYSTEM "nitf-3-6.dtd"', f'SYSTEM "file://{tmp_path}/secret"')
    assert "secret" not in article(text, ".xml").text


@pytest.mark.parametrize("text", [NITF, ITEM.format(content=CONTENTS["NITF"]), ATOM])
def test_standard_input_of_xml(text: str) -> None:
    assert read_text(text)[0].title == TITLE


def test_a_headline_printed_again_in_the_text_is_not_part_of_it() -> None:
    body = f"<html><head><title>x</title></head><body><h1>{TITLE}</h1><p>{TAIL}</p></body></html>"
    assert article(json.dumps({**NINJS_3, "bodies": [{"role": "html5", "value": body}]}), ".json").text == TAIL


@pytest.mark.parametrize(
    ("byline", "author"),
    [
        ("<byline>By The Associated Press</byline>", "The Associated Press"),
        ("<byline>By Jane Roe, <byttl>Staff Reporter</byttl></byline>", "Jane Roe"),
        ("<byline>By Jane Roe</byline><byline>By Sam Poe</byline>", "Jane Roe, Sam Poe"),
        ("<byline><byttl>Sports Desk</byttl></byline>", None),
    ],
)
def test_bylines_of_nitf(byline: str, author: str | None) -> None:
    text = f"<nitf><body><body.head>{byline}</body.head><body.content><p>Rain.</p></body.content></body></nitf>"
    assert article(text, ".xml").author == author


def test_nitf_that_is_only_a_body_and_dated_by_its_story() -> None:
    text = f"<nitf><body.content><block><pre>{LEAD}\n\n{TAIL.replace('&', '&amp;')}</pre></block></body.content></nitf>"
    assert article(text, ".xml").text == WORDS
    dated = NITF.replace('<date.issue norm="20250509T103000+0200"/>', "").replace(
        "</location></dateline>", '</location><story.date norm="20250509"/></dateline>'
    )
    assert article(dated, ".xml").published == "2025-05-09"


def test_an_organisation_that_made_an_item_is_not_its_author() -> None:
    item = ITEM.format(content=CONTENTS["NITF"]).replace("<name>Jane Roe</name>", "<name>The Sports Network</name>")
    assert article(item, ".xml").author is None
