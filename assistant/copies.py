"""Copies in answers: what several papers print alike is read once, and the others are named."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from assistant.answer import Publication
from assistant.reading import Evidence
from index.article import Article
from index.catalog import ArticleSummary
from index.copies import is_printed_in, says_too
from index.library import Library


def read_once(found: Sequence[Evidence], library: Library) -> list[Evidence]:
    """Leave out the passages that say nothing which a better one of a copy of their article does not.

    Args:
        found: Passages, best first.
        library: What knows which articles are copies.

    Returns:
        Those kept, in order, each with the ids of the others' articles that are copies of its own.
    """
    copies = library.copies_among({item.article.id for item in found})
    kept: list[Evidence] = []
    for item in found:
        others = copies.get(item.article.id, frozenset())
        printed = [other.hit.passage.text for other in kept if other.article.id in others]
        if not printed or not is_printed_in(item.hit.passage.text, printed):
            kept.append(replace(item, copies=others))
    return kept


def also_published(article_id: str, source: str | None, quote: str, library: Library) -> tuple[Publication, ...]:
    """Where else the quoted words were published: in copies by other publishers, the first one first.

    A later version by the same publisher is not another publication; nor is a copy that was cut before these words.
    """
    return tuple(
        Publication(copy.source, copy.id, copy.url, copy.title, copy.published)
        for copy in library.copies(article_id)
        if not is_same_publisher(source, copy.source)
        and (article := library.find(copy.id))
        and says_too(article.text, quote)
    )


def is_same_publisher(one: str | None, other: str | None) -> bool:
    """Whether two publishers are known and the same, so that their articles are versions of one, not copies."""
    return one is not None and other is not None and one.casefold() == other.casefold()


def named(publications: Iterable[Publication | ArticleSummary | Article], most: int = 3) -> str:
    """Publishers in a line, each once: `Northwold Herald, Carrow Post and 2 others`; empty for none."""
    names = list(dict.fromkeys(item.source or item.title for item in publications))
    if len(names) > most:
        names = [*names[: most - 1], f"{len(names) - most + 1} others"]
    return " and ".join([", ".join(names[:-1]), names[-1]] if len(names) > 1 else names)
