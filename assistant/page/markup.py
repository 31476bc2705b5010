"""Text into HTML: everything that comes from articles, questions and models passes through here."""

from html import escape
from urllib.parse import urlsplit

from index.dates_shown import day_in_words


def text(words: str) -> str:
    """Text as HTML that a browser turns back into just this text; safe in an attribute too.

    A carriage return is written as a reference, for a parser would make it a line feed. U+0000 cannot stand in HTML
    at all and is shown as the replacement character.
    """
    return escape(words).replace("\r", "&#13;").replace("\0", "\ufffd")


def day(iso: str | None) -> str:
    """`2025-05-09` as a `<time>` that reads `9 May 2025`; nothing for nothing."""
    if not iso:
        return ""
    try:
        return f'<time datetime="{text(iso)}">{text(day_in_words(iso) or "")}</time>'
    except ValueError:
        return text(iso)


def place(name: str | None) -> str:
    """A dateline's place; shown in capitals, however it is written."""
    return f'<span class="place">{text(name)}</span>' if name else ""


def link(url: str | None, words: str) -> str:
    """A link to another site, where the address is one that a browser may follow; nothing otherwise."""
    if not url or not is_web_address(url):
        return ""
    return (
        f'<a href="{text(url)}" target="_blank" rel="noopener noreferrer">{text(words)}'
        '<span class="unseen"> (opens in a new tab)</span></a>'
    )


def is_web_address(url: str) -> bool:
    """Whether it is an absolute http or https address; a `javascript:` one is not."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)


def opener(article_id: str, start: int, end: int, n: int, css_class: str, inside: str) -> str:
    """A button that shows an article in the source column.

    Args:
        article_id: The article to show.
        start: Offset of the words to highlight; equal to `end` for none.
        end: Offset behind them.
        n: The citation's number; 0 where it is no citation.
        css_class: What it looks like.
        inside: Its content, as HTML.
    """
    return (
        f'<button type="button" class="{css_class}" aria-controls="source" data-article="{text(article_id)}" '
        f'data-start="{start}" data-end="{end}" data-n="{n}">{inside}</button>'
    )


def byline(*parts: str) -> str:
    """Parts of HTML in one line, with dots between; empty ones are left out."""
    return '<span class="dot" aria-hidden="true"> · </span>'.join(part for part in parts if part)


def count(number: int, noun: str) -> str:
    """`1 article`, `1,204 articles`."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
