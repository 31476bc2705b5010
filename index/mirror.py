"""Files and folders into a library: to add what they hold, or to have the library hold what a folder does."""

import os
from collections.abc import Callable, Iterable, Iterator, Set
from dataclasses import dataclass
from pathlib import Path

from index.errors import EmptyFolderError
from index.failure import Failure
from index.intake import Intake
from index.library import Library
from index.load.sources import Address, Source, file_source, sources
from index.readings import Readings
from index.sandbox.limits import Limits
from index.writer import Writer

Progress = Callable[[int, int, float], None]
"""Told passages done, passages known so far, and what share of the bytes to be read they were read from (0 to 1)."""


@dataclass(frozen=True)
class Mirrored:
    """What taking in files did, or would do.

    Attributes:
        added: Ids of articles that are new.
        replaced: Ids of articles that newer versions took the place of.
        removed: Ids of articles whose files are gone, or do not hold them any more.
        unchanged: How many articles of the files were there already.
        kept: How many articles stay although their file cannot be read now.
        waiting: Files that were changed a moment ago and are left for the next time.
        failures: What could not be read, each with its reason.
    """

    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    unchanged: int = 0
    kept: int = 0
    waiting: tuple[str, ...] = ()
    failures: tuple[Failure, ...] = ()

    @property
    def is_change(self) -> bool:
        """Whether the library is, or would be, another than before."""
        return bool(self.added or self.replaced or self.removed)


def add_files(
    library: Library, paths: Iterable[str | Path], *, limits: Limits = Limits(), progress: Progress | None = None
) -> Mirrored:
    """Add the articles of files and folders; what has not changed since it was last read is not opened.

    An article that has changed (same URL, or same place in a file) replaces what it was; none is removed because its
    file is gone.

    Args:
        library: Where to.
        paths: Files, folders and patterns, as `index.load.sources.sources` takes them; addresses are passed over.
        limits: What reading may cost.
        progress: Told how far it is, after each batch.

    Returns:
        What was done.

    Raises:
        LibraryBusyError: Another process is writing.
    """
    found = [item for item in sources(paths) if not isinstance(item, Address)]
    return _Run(library, found, None, limits).go(progress)


def mirror(
    library: Library,
    folder: str | Path,
    *,
    allow_empty: bool = False,
    dry_run: bool = False,
    settle: float = 0.0,
    limits: Limits = Limits(),
    progress: Progress | None = None,
) -> Mirrored:
    """Make a library hold what a folder does: add, replace and remove.

    Only articles that were read from files under this folder are removed, and of these none that also came from
    elsewhere. A file that is there but cannot be read keeps what it held.

    It may be stopped at any moment; the next run goes on from there.

    Args:
        library: Where to.
        folder: The folder.
        allow_empty: Whether a folder that is missing, or holds no file that we read, may empty the library.
        dry_run: Only tell what would be done.
        settle: Seconds for which a file must have been left alone to be read.
        limits: What reading may cost.
        progress: Told how far it is, after each batch.

    Returns:
        What was done, or would be.

    Raises:
        EmptyFolderError: The folder is missing or empty, and that is not allowed.
        LibraryBusyError: Another process is writing.
    """
    there = os.path.isdir(folder)
    own = file_source(library.folder).path + os.sep  # the library's own files, where it lies in the folder
    found = [
        item
        for item in sources([Path(folder)] * there)
        if isinstance(item, Failure) or (isinstance(item, Source) and not item.path.startswith(own))
    ]
    root = file_source(folder).origin
    if not any(isinstance(item, Source) for item in found):
        if not allow_empty and (not there or library.readings.places_under(root)):
            raise EmptyFolderError(_refusal(folder, there))
        found = []
    return _Run(library, found, root, limits, settle).go(progress, dry_run)


def _refusal(folder: str | Path, there: bool) -> str:
    what = "holds no file that we read" if there else "is not a folder that is there"
    return (
        f"{folder} {what}. Nothing was changed: to mirror it would remove every article that was read from it. Check "
        "the path, and whether its disk is there. To remove them all the same, add --allow-empty to dateline sync."
    )


class _Run:
    """One taking in of files, of those under a folder where it is mirrored.

    First it is looked, without the lock, whether there is anything to do: where nothing has changed, a writer at work
    is no hindrance.
    """

    def __init__(
        self, library: Library, found: list[Source | Failure], folder: str | None, limits: Limits, settle: float = 0.0
    ) -> None:
        self._library = library
        self._readings = library.readings
        self._found = found
        self._folder = folder
        self._limits = limits
        self._settle = settle

    def go(self, progress: Progress | None, dry_run: bool = False) -> Mirrored:
        intake = self._look(None)
        if dry_run:
            return self._rehearse(intake)
        if intake.is_settled and not self._missing(intake) and not self._claims(intake) and not self._stale(intake):
            return _outcome(intake, intake.known, set())
        with self._library.changing() as writer:
            intake = self._look(self._readings)
            displaced = set(self._take_in(writer, intake, progress))
            if not intake.waiting:  # they may hold what others hold no more
                displaced |= set(writer.move(self._claims(intake)))
                self._remove(writer, intake)
            return _outcome(intake, set(self._library.ids()), displaced)

    def _look(self, readings: Readings | None) -> Intake:
        """Compare the files with what is known of them."""
        if self._folder is None:
            before = self._readings.of(item.origin for item in self._found if isinstance(item, Source))
        else:
            before = self._readings.under(self._folder)
        return Intake(self._found, before, self._library.ids(), readings, self._limits, self._settle)

    def _take_in(self, writer: Writer, intake: Intake, progress: Progress | None) -> list[str]:
        """Read and add what is new; returns the ids of articles that newer versions took the place of."""
        replaced: list[str] = []

        def tell(done: int, known: int) -> None:
            if progress:
                progress(done, known, intake.share)

        for paths in self._rounds(intake):
            # Who takes whose place is only known when all are read: what stood here may stand elsewhere now.
            replaced += writer.add(intake.read(paths), tell, settle=False).replaced
        intake.flush()
        return replaced

    def _rounds(self, intake: Intake) -> Iterator[set[str]]:
        """The paths to read: what has changed, then what this brought out of the shadow of another version."""
        done: set[str] = set()
        while paths := {*intake.to_read, *self._missing(intake)} - done:
            yield paths
            done |= paths

    def _remove(self, writer: Writer, intake: Intake) -> None:
        stale = self._stale(intake)
        writer.remove(self._orphans(intake, stale))
        self._readings.leave(stale)
        if self._folder is not None:
            self._readings.forget(intake.gone)

    def _missing(self, intake: Intake) -> set[str]:
        """Paths of files whose articles are not in the library although they should be.

        Where something from elsewhere has the same URL, it was added later, and stays.
        """
        there = set(self._library.ids())
        missing = [(path, entry) for path, entry in intake.wanted() if entry.article_id not in there]
        ours = intake.ids_now_or_before() if missing else set()
        return {path for path, entry in missing if (holder := self._holder(entry.url)) is None or holder in ours}

    def _holder(self, url: str | None) -> str | None:
        return self._readings.id_of_url(url) if url else None

    def _claims(self, intake: Intake) -> list[tuple[str, str]]:
        """Pairs of origin and id of articles that are not yet known to stand where they do."""
        there = set(self._library.ids())
        held = [(e.origin, e.article_id) for _, e in intake.wanted() if not e.kept and e.article_id in there]
        owners = self._readings.owners(origin for origin, _ in held)
        return [(origin, article_id) for origin, article_id in held if owners.get(origin) != article_id]

    def _stale(self, intake: Intake) -> set[tuple[str, str]]:
        """Pairs of origin and id of articles that no longer stand where they were read."""
        if self._folder is None:
            return set()
        held = {(entry.origin, entry.article_id) for _, entry in intake.wanted()}
        return {place for place in self._readings.places_under(self._folder) - held if intake.is_sure(place[0])}

    def _orphans(self, intake: Intake, stale: set[tuple[str, str]]) -> list[str]:
        """Those of stale articles that stand nowhere else."""
        if self._folder is None or not stale:
            return []
        stay = {entry.article_id for _, entry in intake.wanted()}
        stay |= {article_id for _, article_id in self._readings.places_under(self._folder) - stale}
        ids = {article_id for _, article_id in stale} - stay
        return sorted(ids - self._readings.held_elsewhere(ids, self._folder))

    def _rehearse(self, intake: Intake) -> Mirrored:
        """What `go` would do."""
        fresh: set[str] = set()
        for paths in self._rounds(intake):
            for _ in intake.read(paths):
                pass
            fresh |= paths
        wanted = intake.wanted()
        added = [entry for path, entry in wanted if path in fresh and entry.article_id not in intake.known]
        displaced = {self._readings.id_of_url(entry.url) for entry in added if entry.url}
        gone = {*displaced, *self._orphans(intake, self._stale(intake))} - {None} - {e.article_id for _, e in wanted}
        displaced |= set(self._readings.owners(entry.origin for entry in added).values())
        after = (intake.known | {entry.article_id for entry in added}) - gone
        return _outcome(intake, after, displaced)


def _outcome(intake: Intake, after: Set[str], displaced: Set[str | None]) -> Mirrored:
    gone = intake.known - after
    held = {entry.article_id for _, entry in intake.wanted()}
    return Mirrored(
        added=tuple(sorted(after - intake.known)),
        replaced=tuple(sorted(gone & displaced)),
        removed=tuple(sorted(gone - displaced)),
        unchanged=len(held & intake.known & after),
        kept=len({entry.article_id for _, entry in intake.wanted() if entry.kept}),
        waiting=tuple(intake.waiting),
        failures=tuple(intake.failures),
    )
