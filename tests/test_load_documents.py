"""Documents and mail: what is read of each, and on which page it stands."""

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.answer import Question
from assistant.assistant import Assistant
from index.article import Article
from index.load import Failure, read, read_text
from index.load.documents import Block, block_lines, document_articles
from index.load.formats import entries
from index.load.metadata import Metadata
from tests import documents
from tests.documents import LEAD, MHT, RTF, TAIL, TITLE

WORDS = f"{LEAD}\n\nWhat to do\n\n• Take the boat\n\nMonday | 12 boats\n\n{TAIL}"
LONG = "The bridge carries nine thousand cars on a usual day, and the boats will carry half of them."


def article(data: bytes, suffix: str) -> Article:
    (found,) = (entry for _, entry in entries(suffix, data))
    assert isinstance(found, Article), found
    return found


def pages(found: Article) -> list[str]:
    """The text of each page."""
    return [found.text[start:end] for start, end in zip(found.pages, [*found.pages[1:], None], strict=True)]


def test_pdf_keeps_paragraphs_and_loses_what_is_printed_on_every_page() -> None:
    page = (f"# {TITLE}", "By Jane Roe", "9 May 2025", LEAD, LONG, TAIL)
    found = article(documents.pdf(page, title=TITLE, author="A. Printer", lang="en-GB"), ".pdf")
    assert found.text.split("\n\n") == [LEAD, LONG, TAIL]
    assert (found.title, found.author, found.published) == (TITLE, "Jane Roe", "2025-05-09")
    assert (found.place, found.language, found.source) == ("DHELM", "en", "Eastmarch Courier")
    assert found.url == "https://courier.example/bridge"
    assert found.pages == (0,)


def test_pdf_says_on_which_page_a_paragraph_stands_also_where_it_goes_over_to_the_next() -> None:
    over = " ".join([LONG] * 15)
    found = article(documents.pdf((f"# {TITLE}", LEAD, over, TAIL)), ".pdf")
    assert found.text.split("\n\n") == [LEAD, over, TAIL]
    assert len(found.pages) >= 3
    first, second, *_ = pages(found)
    assert first.startswith(LEAD)
    assert second.partition(" ")[0] in LONG.split()
    assert found.page_at(found.text.index(TAIL)) == len(found.pages)


def test_pdf_counts_empty_pages_and_stories_that_begin_further_on() -> None:
    second = ("# Mussel farm to double in size", "By Sam Poe", "VELMOOR: The farm grows by a half.", LONG)
    found = [
        entry
        for _, entry in entries(
            ".pdf", documents.pdf((f"# {TITLE}", "By Jane Roe", LEAD, LONG, "\f", TAIL, "\f", *second), size=(420, 400))
        )
    ]
    bridge, farm = found
    assert isinstance(bridge, Article)
    assert isinstance(farm, Article)
    assert [bridge.page_at(bridge.text.index(words)) for words in (LEAD, TAIL)] == [1, 2]
    assert (farm.title, farm.author, farm.page_at(0), farm.pages) == (second[0][2:], "Sam Poe", 3, (0, 0, 0))


def test_pdf_in_columns_is_read_column_by_column() -> None:
    paragraphs = [
        f"Paragraph {n} tells of the farm, and that its {n} lines will be doubled by the spring." for n in range(24)
    ]
    found = article(documents.pdf((f"# {TITLE}", *paragraphs), columns=2, size=(420, 400)), ".pdf")
    assert found.text.split("\n\n") == paragraphs


def test_pdf_takes_from_its_own_fields_only_what_it_does_not_show() -> None:
    found = article(documents.pdf((LEAD, LONG), title="Microsoft Word - bridge.doc", author="Jane Roe"), ".pdf")
    assert found.title == LEAD
    assert found.author == "Jane Roe"
    assert found.published is not None  # when it was made
    assert article(documents.pdf((LEAD, LONG), title=TITLE, author="hp-user"), ".pdf").title == TITLE
    assert article(documents.pdf((LEAD, LONG), title=TITLE, author="hp-user"), ".pdf").author is None


def test_docx() -> None:
    found = article(documents.docx(), ".docx")
    assert (found.title, found.text) == (TITLE, WORDS)
    assert (found.author, found.published) == ("Jane Roe", "2025-05-09T08:30:00+00:00")
    assert (found.place, found.language, found.section) == ("DHELM", "en", "Transport")
    assert pages(found)[1] == "as before, and cost 4 crowns."


def test_odt() -> None:
    found = article(documents.odt(), ".odt")
    assert (found.title, found.text) == (TITLE, WORDS)
    assert (found.author, found.published, found.language) == ("Jane Roe", "2025-05-09", "en")
    assert pages(found)[1] == "as before, and cost 4 crowns."


def test_rtf() -> None:
    found = article(RTF, ".rtf")
    assert found.title == TITLE
    assert found.text.split("\n\n")[0] == "DHELM: The “old” bridge will close in été to cars"
    assert found.text.endswith(TAIL)
    assert (found.author, found.published, found.place, found.pages) == ("Jane Roé", "2025-05-09", "DHELM", ())


def test_mail_of_plain_text() -> None:
    message = documents.eml(f"By Jane Roe\n\n{LEAD}\n\n{TAIL}\n\n-30-\n")
    message["Content-Language"] = "en-GB"
    found = article(message.as_bytes(), ".eml")
    assert (found.title, found.text) == (TITLE, f"{LEAD}\n\n{TAIL}")
    assert (found.source, found.author, found.place) == ("Eastmarch Agency", "Jane Roe", "DHELM")
    assert (found.published, found.language) == ("2025-05-09T08:30:00+00:00", "en")


def test_mail_of_html_and_of_both() -> None:
    page = f"<html><body><div><p>{LEAD}</p><p>{LONG}</p><p>{TAIL}</p></div></body></html>"
    html = documents.eml(
        html=page, From="Jane Roe <jane@agency.example>", Archived_At="<https://agency.example/bridge>"
    )
    found = article(html.as_bytes(), ".eml")
    assert found.text == f"{LEAD}\n\n{LONG}\n\n{TAIL}"
    assert (found.title, found.author, found.source, found.url) == (
        TITLE,
        "Jane Roe",
        None,
        "https://agency.example/bridge",
    )
    assert article(documents.eml("See the page.", page).as_bytes(), ".eml").text == found.text
    whole = f"{LEAD}\n\n{LONG}\n\nIn words of its own.\n"
    assert article(documents.eml(whole, page).as_bytes(), ".eml").text.endswith("In words of its own.")


def test_mail_with_documents() -> None:
    message = documents.eml("The report is attached.")
    for name, data in (("a.docx", documents.docx()), ("logo.png", b"\x89PNG"), ("b.pdf", b"%PDF-1.7 broken")):
        message.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    (_, body), (_, attached), (position, failed) = entries(".eml", message.as_bytes())
    assert isinstance(body, Article)
    assert isinstance(attached, Article)
    assert attached.text == WORDS
    assert position == 2
    assert str(failed).startswith("attachment b.pdf is not a PDF")


def test_a_web_page_saved_by_a_browser_has_the_pages_date_and_address() -> None:
    found = article(MHT, ".mht")
    assert (found.title, found.text) == (TITLE, f"{LEAD}\n\n{TAIL}")
    assert (found.url, found.published, found.author) == ("https://agency.example/bridge", "2025-05-09", None)


BAD: list[tuple[str, bytes, str]] = [
    *((f"a{suffix}", b"", "is empty") for suffix in (".pdf", ".docx", ".odt", ".rtf")),
    ("a.eml", b"", "is not a message"),
    ("a.pdf", b"no PDF", "is not a PDF that can be read"),
    ("a.pdf", documents.pdf((LEAD,))[:700], "is not a PDF"),
    ("a.pdf", documents.pdf((LEAD,), encrypt="secret"), "locked with a password"),
    ("a.docx", b"PK\x03\x04 broken", "is not a Word document that can be read"),
    ("a.docx", documents.docx()[:3000], "is not a Word document that can be read"),
    ("a.docx", documents.odt(), "is not a Word document that can be read"),
    ("a.odt", documents.docx(), "is not an OpenDocument text that can be read"),
    ("a.odt", documents.odt()[:800], "is not an OpenDocument text that can be read"),
    ("a.odt", documents.odt("<a>"), "is not well-formed XML"),
    ("a.odt", documents.odt("<a/>"), "is an OpenDocument of another kind"),
    ("a.odt", documents.odt('<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'), "declares entities"),
    ("a.rtf", b"plain words", "is not rich text"),
    ("a.rtf", b"{\\rtf1 }", "holds no article"),
    ("a.eml", b"\x00\x01\x02", "is not a message"),
    ("a.eml", documents.eml("").as_bytes(), "has no text"),
    ("a.mht", MHT.replace(LEAD.encode(), b"").replace(TAIL.encode(), b"")[:300], "has no text"),
]


@pytest.mark.parametrize(("name", "data", "reason"), BAD)
def test_what_cannot_be_read_says_why(name: str, data: bytes, reason: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(data)
    (tmp_path / "good.txt").write_text(f"{TITLE}\n\n{LEAD}\n", encoding="utf-8")
    failure, good = read([tmp_path])
    assert isinstance(failure, Failure)
    assert reason in failure.reason
    assert isinstance(good, Article)


WORD = st.text("abcdeé ", max_size=12)


@settings(max_examples=60)
@given(st.lists(st.lists(WORD, min_size=1, max_size=4), min_size=1, max_size=5))
def test_pages_begin_at_0_never_go_back_and_stay_within_the_text(document: list[list[str]]) -> None:
    """A document is a list of paragraphs, each a list of what it has on one page and on the next."""
    blocks = [Block("\f".join(f"{word} p{number}" for number, word in enumerate(pieces))) for pieces in document]
    lines = block_lines([Block("# A headline of it", heading=1), *blocks])
    (found,) = document_articles(lines, Metadata(title="A headline of it"))
    if not any(len(pieces) > 1 for pieces in document):
        assert found.pages == ()
        return
    assert found.pages[0] == 0
    assert list(found.pages) == sorted(found.pages)
    assert found.pages[-1] <= len(found.text)
    assert len(found.pages) == 1 + sum(len(pieces) - 1 for pieces in document)
    for number, start in enumerate(found.pages[1:], start=2):  # each page begins with what was put on it
        assert found.page_at(start) == number
        assert found.text[start - 1].isspace() or not found.text[start].isspace()


def test_an_answer_from_a_pdf_names_the_page(assistant: Assistant) -> None:
    second = "Foreign Secretary Ilsa Marrow received the Danish ambassador Karl Holm on Tuesday, an aide said."
    data = documents.pdf((f"# {TITLE}", LEAD, LONG, "\f", second, TAIL), size=(420, 400))
    assistant.library.add([article(data, ".pdf")])
    (citation,) = assistant.ask(Question("Who received Karl Holm?")).citations
    assert citation.quote == second
    assert citation.page == 2


@pytest.mark.parametrize(
    ("title", "paragraphs"),
    [
        ("大桥关闭", ["内政部长周五会见了美国代办娜塔莉·贝克。", "大桥将于周一关闭。"]),
        ("پل بند رہے گا", ["وزیر داخلہ محسن نقوی نے جمعہ کو نیٹلی بیکر سے ملاقات کی۔", "پل پیر سے بند رہے گا۔"]),
        ("橋が閉鎖される", ["内務大臣は「橋は閉鎖される。」", "ベーカー氏と会談した。"]),
    ],
)
def test_text_whose_sentences_end_in_other_marks(title: str, paragraphs: list[str]) -> None:
    found = article("\n\n".join([title, *paragraphs]).encode(), ".txt")
    assert (found.title, found.text.split("\n\n")) == (title, paragraphs)


@pytest.mark.parametrize("data", [documents.pdf((f"# {TITLE}", LEAD, TAIL)), documents.docx(), documents.odt(), RTF])
def test_standard_input_of_documents(data: bytes) -> None:
    assert read_text(data)[0].title == TITLE
