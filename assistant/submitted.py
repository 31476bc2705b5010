"""What is handed to a running server to be added: an article's fields, files, or an address."""

import json
import shutil
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import IO, Literal

from assistant.loading import client_of, limits_of
from assistant.settings import Settings
from index.article import Article
from index.errors import UnreadableError
from index.failure import Failure, shown
from index.load.files import read_each
from index.load.formats import KNOWN
from index.load.sources import Address, Source

ItemState = Literal["waiting", "reading", "read", "failed"]


@dataclass
class Item:
    """One thing handed in, and what became of it.

    Attributes:
        name: What to call it: a file's name, an address, or an article's title.
        state: How far it is; `failed` where no article came of it.
        articles: Ids of the articles read from it.
        failures: What of it could not be read.
    """

    name: str
    state: ItemState = "waiting"
    articles: list[str] = field(default_factory=list)
    failures: list[Failure] = field(default_factory=list)


class Submission:
    """Items to be added, kept in a folder of their own until `close`.

    Files lie there under numbers: no name that comes from outside is ever a path.
    """

    def __init__(self) -> None:
        self.items: list[Item] = []
        self._sources: list[Source | Address] = []
        self._folder = TemporaryDirectory(prefix="dateline-submitted-")

    def add_file(self, name: str, content: IO[bytes]) -> None:
        """Take a file; its format is told by its name, or by its first characters."""
        suffix = Path(name).suffix.lower()
        self._put(name, suffix if suffix in KNOWN else "", content)

    def add_article(self, fields: Mapping[str, str]) -> None:
        """Take an article's fields, named as in a JSON file."""
        path = self._next_path()
        path.write_text(json.dumps(fields), encoding="utf-8")
        self._note(fields.get("title") or "article", Source("article", str(path), ".json", ""))

    def add_address(self, address: str) -> None:
        """Take an address to be fetched."""
        self._note(address, Address(address))

    def read(self, settings: Settings) -> Iterator[Article]:
        """Read the articles, noting at each item what became of it."""
        for item, (source, found) in zip(
            self.items,
            read_each(self._sources, limits=limits_of(settings), client=client_of(settings)),
            strict=True,
        ):
            item.state = "reading"
            for read in found:
                if isinstance(read, Failure):
                    item.failures.append(read)
                    continue
                # Where an upload lay is gone with the job: it is no place that a later version could stand at.
                article = replace(read, origin=None) if isinstance(source, Source) else read
                item.articles.append(article.id)
                yield article
            item.state = "read" if item.articles else "failed"

    def close(self) -> None:
        """Delete the files."""
        self._folder.cleanup()

    def _put(self, name: str, suffix: str, content: IO[bytes]) -> None:
        path = self._next_path()
        with path.open("wb") as file:
            shutil.copyfileobj(content, file)
        self._note(name, Source(shown(name), str(path), suffix, ""))

    def _note(self, name: str, source: Source | Address) -> None:
        self.items.append(Item(shown(name)))
        self._sources.append(source)

    def _next_path(self) -> Path:
        return Path(self._folder.name, str(len(self.items)))


def read_one(fields: Mapping[str, str], settings: Settings) -> Article:
    """The one article that these fields make.

    Raises:
        UnreadableError: They make none.
    """
    submission = Submission()
    try:
        submission.add_article(fields)
        articles = list(submission.read(settings))
        if not articles:
            raise UnreadableError("; ".join(failure.reason for failure in submission.items[0].failures))
        return articles[0]
    finally:
        submission.close()


def submit(fill: Callable[[Submission], None]) -> Submission:
    """A submission filled by a function; where that fails, nothing of it is left."""
    submission = Submission()
    try:
        fill(submission)
    except BaseException:
        submission.close()
        raise
    return submission
