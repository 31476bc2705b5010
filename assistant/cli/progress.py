"""How far adding is: a bar on a terminal, with the rate and the time that is left."""

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Article


class BytesRead:
    """What share of the files given has been read; how many articles they hold is known only at the end.

    Args:
        paths: Files and folders; what is neither counts for nothing.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        self._sizes = {file: size for path in paths for file, size in _files(path)}
        self._total = sum(self._sizes.values())
        self._read = 0
        self._file = ""
        self._of_file = 0

    def through(self, articles: Iterable["Article"]) -> Iterator["Article"]:
        """The articles, as they come; each counts for its characters, all of a file for the file's bytes."""
        for article in articles:
            file = (article.origin or "").rpartition("#")[0]
            if file != self._file:
                self._read += self._sizes.pop(self._file, 0)
                self._file, self._of_file = file, 0
            self._of_file = min(self._of_file + len(article.text), self._sizes.get(file, 0))
            yield article
        self._read, self._of_file = self._total, 0

    @property
    def share(self) -> float:
        """Of all bytes, 0 to 1."""
        return (self._read + self._of_file) / self._total if self._total else 0.0


def _files(path: str) -> Iterator[tuple[str, int]]:
    names = [path]
    if os.path.isdir(path):
        names = [str(Path(parent, name)) for parent, _, names in os.walk(path) for name in names]
    for name in names:
        if os.path.isfile(name):
            yield os.path.abspath(name), os.path.getsize(name)


@contextmanager
def adding_progress(read: BytesRead) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while the context lasts.

    Args:
        read: What has been read.

    Yields:
        The function to call with passages done and passages known so far.
    """
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        Progress,
        TaskProgressColumn,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        TextColumn("indexing"),
        BarColumn(),
        TaskProgressColumn(),
        TextColumn("{task.fields[passages]:,} passages, {task.fields[rate]:.0f} a second,"),
        TimeElapsedColumn(),
        TextColumn("gone,"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=1.0, passages=0, rate=0.0)

        def update(done: int, known: int) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            share = read.share * done / known if known else 0.0
            bar.update(task, completed=share, passages=done, rate=done / elapsed if elapsed else 0.0)

        yield update
