"""The source column: an article with the quoted words marked, or the library's front page."""

import re
from collections.abc import Iterator, Sequence
from urllib.parse import quote as percent

from assistant.copies import is_same_publisher, named
from assistant.page.markup import byline, count, day, link, opener, place, text
from index.article import Article
from index.catalog import ArticleSummary

_BREAK = re.compile(r"\n\s*\n")
_BULLET = re.compile(r"[•▪‣*–-]\s")
_BULLET_POINT = '<p class="bullet">'
_EACH_END = 5
"""Words of a quote's beginning and end that find it in the original."""
_STEPS = (
    '<p class="steps" hidden><button type="button" class="quiet" data-step="-1">Previous source</button><span></span>'
    '<button type="button" class="quiet" data-step="1">Next source</button></p>'
)
_HEADLINES = 12
"""How many articles the front page lists."""


def article_page(
    article: Article, start: int = 0, end: int = 0, n: int = 0, copies: Sequence[ArticleSummary] = ()
) -> str:
    """An article in full, with `text[start:end]` marked.

    Args:
        article: What to show.
        start: Offset of the words to mark, in the article's text.
        end: Offset behind them; where the two are no range of the text, nothing is marked.
        n: Number of the citation that points here; 0 for none.
        copies: Copies of it; other publishers are named.
    """
    marked = 0 <= start < end <= len(article.text)
    credits = byline(*_credits(article, copies, article.text[start:end] if marked else ""))
    kicker = byline(text(article.source or ""), text(article.section or ""), place(article.place))
    return (
        f'<article class="sheet" data-article="{text(article.id)}" data-start="{start}" data-end="{end}">'
        f"<header>{_position(n, article.page_at(start)) if marked else ''}{_STEPS if n else ''}"
        f'<p class="kicker">{kicker}</p>'
        f'<h2 class="headline" tabindex="-1"{_language(article)}>{text(article.title)}</h2>'
        f'<p class="byline">{credits}</p></header>'
        f'<div class="body"{_language(article)}>{body(article.text, start, end if marked else start)}</div>'
        '<footer><button type="button" class="quiet back" data-back>Back to the conversation</button>'
        '<button type="button" class="quiet" data-front>All recent articles</button></footer></article>'
    )


def body(words: str, start: int, end: int) -> str:
    """A text as paragraphs, with `words[start:end]` marked: one `<mark>` in each paragraph that it touches.

    The first mark has the id `quote`. Without its tags the HTML is the text, to the letter: the blank lines between
    paragraphs stand between their elements.
    """
    parts, done, mark = [], 0, '<mark id="quote" class="quoted">'
    for first, last in _paragraphs(words):
        parts.append(text(words[done:first]))
        inside = text(words[first:last])
        marked_from, marked_to = max(start, first), min(end, last)
        if marked_from < marked_to:
            inside = (
                text(words[first:marked_from])
                + mark
                + text(words[marked_from:marked_to])
                + "</mark>"
                + text(words[marked_to:last])
            )
            mark = '<mark class="quoted">'
        parts.append(f"{_BULLET_POINT if _BULLET.match(words, first) else '<p>'}{inside}</p>")
        done = last
    return "".join(parts) + text(words[done:])


def front_page(articles: Sequence[ArticleSummary]) -> str:
    """The newest articles of the library, to be opened.

    Args:
        articles: All articles, newest first.
    """
    if not articles:
        return (
            '<section class="front"><h2 class="label">The library</h2><p class="lead">Nothing is indexed yet.</p>'
            "<p>Add articles with <code>dateline add PATH…</code>, then load this page again.</p></section>"
        )
    items = "".join(f"<li>{_headline(summary)}</li>" for summary in articles[:_HEADLINES])
    more = len(articles) - _HEADLINES
    rest = f'<p class="more">and {count(more, "more article")} to ask about</p>' if more > 0 else ""
    return f'<section class="front"><h2 class="label">Latest in the library</h2><ul>{items}</ul>{rest}</section>'


def problem(message: str) -> str:
    """What is shown in place of an article that cannot be."""
    return f'<section class="front"><h2 class="label">Not found</h2><p class="lead">{text(message)}</p></section>'


def _headline(summary: ArticleSummary) -> str:
    about = byline(text(summary.source or ""), place(summary.place), day(summary.published))
    inside = f'<span class="title">{text(summary.title)}</span><span class="byline">{about}</span>'
    return opener(summary.id, 0, 0, 0, "entry", inside)


def _credits(article: Article, copies: Sequence[ArticleSummary], quote: str) -> Iterator[str]:
    if article.author:
        yield f"By {text(article.author)}"
    yield day(article.published)
    if article.updated and article.updated[:10] != (article.published or "")[:10]:
        yield f"updated {day(article.updated)}"
    yield link(at_words(article.url, quote), "Original article")
    if others := [copy for copy in copies if not is_same_publisher(article.source, copy.source)]:
        yield f"Also published by {text(named(others))}"


def at_words(url: str | None, quote: str) -> str | None:
    """The address of an article, at the words of a quote: browsers that know text fragments jump to them.

    See https://wicg.github.io/scroll-to-text-fragment: `#:~:text=first words,last words`.
    """
    words = quote.split()
    if not url or not words or "#" in url:
        return url
    ends = [words] if len(words) <= 2 * _EACH_END else [words[:_EACH_END], words[-_EACH_END:]]
    return f"{url}#:~:text=" + ",".join(percent(" ".join(end), safe="").replace("-", "%2D") for end in ends)


def _position(n: int, page: int | None) -> str:
    """What is marked: which citation or none, and on which page it begins."""
    parts = byline(f"Source {n}" if n else "Passage", f"p. {page}" if page else "")
    return f'<p class="label">{parts}</p>'


def _language(article: Article) -> str:
    return f' lang="{text(article.language)}"' if article.language else ""


def _paragraphs(words: str) -> Iterator[tuple[int, int]]:
    """Offsets of the paragraphs; what lies between two is a blank line."""
    start = 0
    for gap in _BREAK.finditer(words):
        if gap.start() > start:
            yield start, gap.start()
        start = gap.end()
    if start < len(words):
        yield start, len(words)
