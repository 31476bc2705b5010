"""Citations: made from spans, and checked against the stored articles."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from assistant.accounts import Accounts
from assistant.answer import Citation
from assistant.copies import also_published
from assistant.reading import Span, Statement
from index.article import Article
from index.library import Library


@dataclass(frozen=True)
class Cited:
    """An answer's text, its note and the citations of both; only what could be verified."""

    text: str
    note: str
    citations: tuple[Citation, ...]


def cite_all(statements: Iterable[Statement], accounts: Accounts | None, library: Library) -> Cited:
    """Put an answer together from its parts, each with its citation; what cannot be verified is left out.

    Args:
        statements: The parts of the answer, in order.
        accounts: Which other account the note tells of; None for no note.
        library: Where the articles are, to verify the quotes against.
    """
    text = ""
    citations: list[Citation] = []
    for statement in statements:
        start = len(text) + bool(text)
        made = [
            verify(cite(span, n, start, start + len(statement.text)), statement, library.find(span.article.id))
            for n, span in enumerate((statement.span, *statement.more), start=len(citations) + 1)
        ]
        if all(citation.verified for citation in made):
            text += (" " if text else "") + statement.text
            citations += (_with_publications(citation, library) for citation in made)
    note = ""
    if citations and accounts and accounts.other:
        other = Statement(accounts.other.words, accounts.other)
        citation = cite(other.span, len(citations) + 1, len(text), len(text))
        citation = verify(citation, other, library.find(citation.article_id))
        if citation.verified:
            note = accounts.note
            citations.append(_with_publications(citation, library))
    return Cited(text, note, tuple(citations))


def _with_publications(citation: Citation, library: Library) -> Citation:
    elsewhere = also_published(citation.article_id, citation.source, citation.quote, library)
    return replace(citation, also_published_by=elsewhere)


def cite(span: Span, n: int, answer_start: int, answer_end: int) -> Citation:
    """The citation of a span.

    Args:
        span: What answers, and the quote that shows it.
        n: The citation's number in the answer, from 1.
        answer_start: Offset, in the answer, of the part that the quote supports.
        answer_end: Offset behind that part.
    """
    article = span.article
    return Citation(
        n=n,
        article_id=article.id,
        title=article.title,
        source=article.source,
        url=article.url,
        published=article.published,
        quote=article.text[span.quote_start : span.quote_end],
        start=span.quote_start,
        end=span.quote_end,
        answer_start=answer_start,
        answer_end=answer_end,
        verified=False,
        score=span.confidence,
        page=article.page_at(span.quote_start),
        place=article.place,
    )


def verify(citation: Citation, statement: Statement, stored: Article | None) -> Citation:
    """Check a citation to the letter.

    It is verified where the stored article has the quote at just these offsets, and, for an answer in the article's
    own words, those words stand in the quote. (What a chat model wrote in words of its own was checked against the
    quote when it was tied to it, see `assistant.chat`.)

    Args:
        citation: What to check.
        statement: The part of the answer that it supports.
        stored: The article as the library holds it now; None where it is gone.

    Returns:
        The citation with `verified` set.
    """
    resolves = (
        stored is not None and bool(citation.quote) and stored.text[citation.start : citation.end] == citation.quote
    )
    return replace(citation, verified=resolves and (not statement.is_verbatim or statement.text in citation.quote))
