"""How far a long command is: a bar on a terminal, with the time that is left."""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.article import Article
    from index.mirror import Progress


class FilesPassed:
    """What share of files, in the order they are read in, a row of articles has come through.

    Args:
        paths: Files, folders and patterns; what else there is counts for nothing.

    Attributes:
        share: Of all files, 0 to 1.
    """

    def __init__(self, paths: Iterable[str]) -> None:
        from index.load.sources import Source, sources

        origins = [source.origin for source in sources(paths) if isinstance(source, Source)]
        self._passed = {origin: number / len(origins) for number, origin in enumerate(origins, start=1)}
        self.share = 0.0 if origins else 1.0

    def through(self, articles: Iterable["Article"]) -> Iterator["Article"]:
        """The articles, as they come."""
        for article in articles:
            file = (article.origin or "").rpartition("#")[0]
            self.share = self._passed.get(file, self.share)
            yield article
        self.share = 1.0


@contextmanager
def adding_progress() -> Iterator["Progress"]:
    """Show a bar on standard error while the context lasts.

    Yields:
        The function to call with passages done, passages known so far, and what share of all that is to be read they
        were read from.
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

        def update(done: int, known: int, share: float) -> None:
            elapsed = bar.tasks[0].elapsed or 0.0
            completed = share * done / known if known else 0.0
            bar.update(task, completed=completed, passages=done, rate=done / elapsed if elapsed else 0.0)

        yield update


@contextmanager
def counting_progress(what: str, of: str) -> Iterator[Callable[[int, int], None]]:
    """Show a bar on standard error while the context lasts.

    Args:
        what: What is being done, e.g. `writing`.
        of: What is counted, e.g. `articles`.

    Yields:
        The function to call with how many are done and how many there are, as far as known.
    """
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn(what), BarColumn(), MofNCompleteColumn(), TextColumn(of), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("", total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)


@contextmanager
def draft_shown() -> Iterator[Callable[[str], None]]:
    """Show on standard error, while the context lasts, what a chat model has written so far; not checked, so pale.

    Yields:
        The function to call with the draft.
    """
    from rich.console import Console
    from rich.live import Live
    from rich.text import Text

    with Live(console=Console(stderr=True), transient=True, refresh_per_second=12) as live:
        yield lambda draft: live.update(Text(draft, style="dim"))
