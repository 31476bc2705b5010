"""The sentence that a span stands in: what is quoted."""

from index.article import Article
from index.sentences import sentences


def sentence_around(article: Article, start: int, end: int) -> tuple[int, int]:
    """The sentence of an article that a span stands in, or the run of sentences where it crosses their ends."""
    spans = [(first, behind) for first, behind in sentences(article.text) if first < end and start < behind]
    return (min(spans[0][0], start), max(spans[-1][1], end)) if spans else (start, end)
