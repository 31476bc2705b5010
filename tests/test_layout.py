"""Rows of print put together to paragraphs."""

from hypothesis import given
from hypothesis import strategies as st

from index.load.documents import document_articles
from index.load.layout import Row, paragraph_lines, without_page_furniture
from index.load.metadata import Metadata


def column(*texts: str, page: int = 1, left: float = 50, top: float = 700, size: float = 10) -> list[Row]:
    """Rows under each other; one that begins with a tab stands further in."""
    return [
        Row(
            text=text.strip().removesuffix("\u00ad"),
            page=page,
            left=left + 12 * text.startswith("\t"),
            right=left + 5 * len(text),
            base=top - 12 * number,
            size=size,
            is_broken=text.endswith("\u00ad"),
        )
        for number, text in enumerate(texts)
    ]


def paragraphs(*rows: Row) -> list[str]:
    return [line.text for line in paragraph_lines(rows)]


def test_a_paragraph_begins_where_a_row_stands_further_in_and_behind_a_short_row_that_ends_a_sentence() -> None:
    rows = column(
        "\tThe bridge will close to cars from Monday, the roads",
        "office said, and the boats will pass as they always did.",
        "\tIt will open again in spring, when all its cables have",
        "been renewed.",
        "Nobody was hurt, a spokeswoman of the roads office said.",
    )
    assert [text.split()[0] for text in paragraphs(*rows)] == ["The", "It", "Nobody"]


def test_a_word_that_goes_on_in_the_next_row_is_one_and_chinese_has_no_spaces() -> None:
    assert paragraphs(*column("The bridge will be re\u00ad", "newed.")) == ["The bridge will be renewed."]
    assert paragraphs(*column("内政部长周五会见了美国代办娜塔", "莉贝克。")) == [
        "内政部长周五会见了美国代办娜塔莉贝克。"
    ]


def test_an_item_of_a_list_may_hang() -> None:
    rows = column("• Take the boat from the quay at Low Mill, which", "\truns every hour", "• Or walk")
    assert paragraphs(*rows) == ["• Take the boat from the quay at Low Mill, which runs every hour", "• Or walk"]


def test_what_is_larger_is_a_headline_and_what_is_largest_the_first_of_them() -> None:
    body = "The bridge will close to cars from Monday, the roads office said, and the boats will pass."
    rows = [
        *column("Bridge to close", top=740, size=24),
        *column(body, "for a week", top=700),
        *column("What to do", top=600, size=14),
        *column(body, top=560),
    ]
    assert [line.heading for line in paragraph_lines(rows)] == [1, 0, 2, 0]


def test_rows_at_the_edges_that_are_on_every_page_are_not_of_the_article() -> None:
    pages = [
        *(row for n in (1, 2, 3) for row in column("Annual report 2025", page=n, top=800)),
        *(row for n in (1, 2, 3) for row in column(f"Words of page {n}, all its own.", page=n)),
        *(row for n in (1, 2, 3) for row in column(f"{n} / 3", page=n, top=20)),
    ]
    kept, furniture = without_page_furniture(pages)
    assert [row.text for row in kept] == [f"Words of page {n}, all its own." for n in (1, 2, 3)]
    assert len(furniture) == 6


@given(
    st.lists(st.lists(st.sampled_from(["goes on", "ends.", "Begins", "\tstands in", "• item", "br\u00ad"]), max_size=5))
)
def test_every_row_is_on_its_page(document: list[list[str]]) -> None:
    rows = [
        row
        for page, texts in enumerate(document, start=1)
        for row in column(*(f"{text.rstrip()} w{page}x{number}y" for number, text in enumerate(texts)), page=page)
    ]
    lines = paragraph_lines(rows)
    assert " ".join(line.text for line in lines).split() == " ".join(row.text for row in rows).split()
    for article in document_articles(lines, Metadata(title="A title that no row has")):
        assert list(article.pages) == sorted(article.pages)
        assert article.pages[:1] in ((), (0,))
        assert all(start <= len(article.text) for start in article.pages)
        for row in rows:
            word = row.text.split()[-1]
            if word in article.text:
                assert article.page_at(article.text.index(word)) == row.page
