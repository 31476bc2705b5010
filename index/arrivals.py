"""Articles on their way into a library: which are new, which are known, which wait for a newer version."""

import pickle
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from tempfile import TemporaryFile

from index.article import Article
from index.catalog import Catalog
from index.passage import Passage
from index.splitting import Splitting, split

_SMALLEST, _LARGEST = 64, 4096
_QUICK = 3.0
"""Seconds; where a batch is encoded in less, the next may be twice as large."""
_KNOWN = 1024
"""Articles in a batch at the most, where few of them have passages to be encoded."""


@dataclass(frozen=True)
class Arrival:
    """An article on its way into a library.

    Attributes:
        article: The article.
        passages: What it is cut into; none where it is known.
        is_new: Whether it is to be added; else it is in the library, or comes before this in the same run.
    """

    article: Article
    passages: tuple[Passage, ...]
    is_new: bool


class Arrivals:
    """The articles of one run, taken as they come, however many there are.

    Of articles with the same URL the newest is added (the last of equals), and to add all again changes nothing. So an
    article whose URL is known already waits until the others have come: on the disk, for there may be many.

    Args:
        catalog: What the library holds.
        splitting: How new articles are cut.
    """

    def __init__(self, catalog: Catalog, splitting: Splitting) -> None:
        self._catalog = catalog
        self._splitting = splitting
        self._new: set[str] = set()
        self._changed: dict[str, str] = {}

    def of(self, articles: Iterable[Article]) -> Iterator[Arrival]:
        """The articles to be added, and those that are known; none that another of the run is a newer version of."""
        with TemporaryFile() as file:
            held: dict[str, int] = {}  # by URL, where in the file it begins
            for article in articles:
                if article.url:
                    changed = article.updated or article.published or ""
                    if changed < self._changed.get(article.url, ""):
                        continue
                    held.pop(article.url, None)
                if article.id in self._new or self._catalog.holds(article.id):
                    yield Arrival(article, (), is_new=False)
                elif article.url and (article.url in self._changed or self._catalog.holds_url(article.url)):
                    held[article.url] = file.seek(0, 2)
                    pickle.dump(article, file)
                else:
                    yield self._arrival(article)
                if article.url:
                    self._changed[article.url] = changed
            for place in held.values():
                file.seek(place)
                yield self._arrival(pickle.load(file))  # noqa: S301 - written above, in a file that has no name

    def _arrival(self, article: Article) -> Arrival:
        self._new.add(article.id)
        return Arrival(article, tuple(split(article, self._splitting)), is_new=True)


class Batches:
    """Cuts a row of arrivals into batches that are encoded and written together.

    A batch is large enough to be fast and small enough to show progress, so its size follows the encoder's speed.

    Args:
        arrivals: What to cut.

    Attributes:
        passages: How many passages have come so far.
    """

    def __init__(self, arrivals: Iterable[Arrival]) -> None:
        self._arrivals = arrivals
        self._size = _SMALLEST
        self.passages = 0

    def __iter__(self) -> Iterator[list[Arrival]]:
        """The batches."""
        batch: list[Arrival] = []
        size = 0
        for arrival in self._arrivals:
            batch.append(arrival)
            size += len(arrival.passages)
            self.passages += len(arrival.passages)
            if size >= self._size or len(batch) >= _KNOWN:
                yield batch
                batch, size = [], 0
        if batch:
            yield batch

    def took(self, seconds: float) -> None:
        """Hear how long encoding a batch took."""
        if seconds < _QUICK:
            self._size = min(2 * self._size, _LARGEST)
