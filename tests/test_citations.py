from dataclasses import replace

from hypothesis import assume, given
from hypothesis import strategies as st

from assistant.citations import cite, verify
from assistant.reading import Span, Statement
from index.article import Article


@given(st.text(min_size=1), st.data())
def test_a_citation_of_a_span_resolves_to_the_letter(text: str, data: st.DataObject) -> None:
    places = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=4, max_size=4)))
    assume(places[1] < places[2])
    article = Article(title="t", text=text)
    span = Span(article, places[1], places[2], places[0], places[3], 0.5)
    statement = Statement(span.words, span)
    citation = verify(cite(span, 1, 0, len(span.words)), statement, article)
    assert article.text[citation.start : citation.end] == citation.quote
    assert citation.verified


def test_a_citation_is_not_verified_where_the_article_is_gone_or_has_changed() -> None:
    article = Article(title="t", text="The bridge is shut. It will open in May.")
    span = Span(article, 4, 10, 0, 19, 0.5)
    statement, citation = Statement(span.words, span), cite(span, 1, 0, 6)
    assert verify(citation, statement, article).verified
    assert not verify(citation, statement, None).verified
    assert not verify(citation, statement, replace(article, text=f" {article.text}")).verified


def test_a_citation_of_a_paged_article_names_the_page_on_which_its_quote_begins() -> None:
    article = Article(title="t", text="The bridge is shut.\n\nIt will open in May.", pages=(0, 21))
    assert cite(Span(article, 36, 39, 21, 41, 0.5), 1, 0, 3).page == 2
    assert cite(Span(article, 4, 10, 0, 41, 0.5), 1, 0, 6).page == 1
    assert cite(Span(replace(article, pages=()), 4, 10, 0, 19, 0.5), 1, 0, 6).page is None


def test_a_citation_of_other_words_than_the_quote_is_not_verified() -> None:
    article = Article(title="t", text="The bridge is shut. It will open in May.")
    outside = Span(article, 36, 39, 0, 19, 0.5)
    assert not verify(cite(outside, 1, 0, 3), Statement("May", outside), article).verified
