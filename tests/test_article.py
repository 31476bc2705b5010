from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article

BRIDGE = Article("Ferris bridge to close", "The bridge will close.", source="Tollen Post", published="2025-02-20")


def test_an_article_of_the_first_fields_keeps_the_id_it_always_had() -> None:
    known = "6b3d7d29588940d1e574ad5d2c8c2fbc3143776dbb2ec8ab3453c35083f50a6f"
    article = Article("Interior minister sees envoy again", "Words.", "S", published="2025-05-09", language="en")
    assert article.content_hash == known


def test_section_and_pages_are_part_of_what_an_article_is_and_a_detected_language_is_not() -> None:
    others = [BRIDGE, replace(BRIDGE, section="Local"), replace(BRIDGE, pages=(0,)), replace(BRIDGE, language="en")]
    assert len({article.id for article in others}) == len(others)
    assert replace(BRIDGE, language="en", language_detected=True).id == BRIDGE.id


def test_a_text_without_pages_has_no_page() -> None:
    assert BRIDGE.page_at(0) is None


@given(st.lists(st.text(), min_size=1))
def test_the_page_of_an_offset_is_the_one_whose_words_stand_there(pages: list[str]) -> None:
    starts = tuple(sum(map(len, pages[:number])) for number in range(len(pages)))
    article = Article("t", "".join(pages), pages=starts)
    found = [article.page_at(offset) for offset in range(len(article.text))]
    assert found == [number for number, page in enumerate(pages, start=1) for _ in page]
