"""Example questions that the library at hand can serve."""

import re
from collections.abc import Callable, Iterator, Sequence

from index.article import Article
from index.catalog import ArticleSummary

_SHOWN = 4
_EXAMPLES = (
    ("Who met Natalie Baker?", ("Naqvi", "Natalie Baker", "Pakistan shares concerns with US")),
    ("How many votes did Ilmara Dost win by?", ("Dost wins governorship",)),
    ("How long was Marten Oskrey jailed for?", ("Oskrey jailed",)),
    ("Why did the Ommery ferry run aground?", ("ferry",)),
    ("Which fighter jets may Bangladesh buy?", ("Bangladesh treads carefully", "Bangladesh")),
    ("What did the vice president say about the war?", ("Pakistan shares concerns with US",)),
)
"""A question, and words of titles of which one must be in the library for it to be offered."""


_LOOKED_AT = 20
"""Newest articles in which people are looked for."""
_PERSON = re.compile(r"(?<![.!?“\"‘] )\b((?:[A-Z][a-z’'-]+ ){1,2}[A-Z][a-z’'-]+), (?:an?|the) [a-z]")
"""A name, not at the beginning of a sentence, with what the person is behind it: so the article says who it is."""


def example_questions(
    articles: Sequence[ArticleSummary], find: Callable[[str], Article | None] = lambda _: None
) -> list[str]:
    """Questions that the library can answer: those of the sample articles, else who the people in its news are.

    Args:
        articles: What the library holds, newest first.
        find: Gives an article by its id.
    """
    titles = [article.title.casefold() for article in articles]
    served = [
        question
        for question, needles in _EXAMPLES
        if any(needle.casefold() in title for needle in needles for title in titles)
    ]
    return list(dict.fromkeys([*served, *_people(articles, find)]))[:_SHOWN]


def _people(articles: Sequence[ArticleSummary], find: Callable[[str], Article | None]) -> Iterator[str]:
    """Who the first such person of each article is."""
    for summary in articles[:_LOOKED_AT]:
        article = find(summary.id)
        if article and (person := _PERSON.search(article.text)):
            yield f"Who is {person[1]}?"
