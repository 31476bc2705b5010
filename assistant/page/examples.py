"""Example questions that the library at hand can serve."""

from collections.abc import Iterable

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


def example_questions(articles: Iterable[ArticleSummary]) -> list[str]:
    """The example questions whose articles the library holds; empty for a library of other articles.

    Args:
        articles: What the library holds.
    """
    titles = [article.title.casefold() for article in articles]
    served = (
        question
        for question, needles in _EXAMPLES
        if any(needle.casefold() in title for needle in needles for title in titles)
    )
    return list(served)[:_SHOWN]
