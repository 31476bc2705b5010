"""What files hold beside what they held when they were last read: only what differs is opened."""

import hashlib
import os
import stat
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import chain, islice

from index.article import Article
from index.failure import Failure
from index.load.files import read_each
from index.load.sources import Source
from index.load.version import reader_version
from index.readings import Entry, FileState, Reading, Readings
from index.sandbox.limits import Limits

_RECORDED_TOGETHER = 256  # files
_LOOKED_AT_WHOLE = 64
"""Articles; a file of no more is only taken in when it was seen not to change while it was read."""
_CHANGING = "was changed while it was being read: sync again when it is whole"


class Intake:
    """A set of files on the way into a library.

    A file is as it was where its state is, its last change does not lie within a tick of the clock of the last look
    at it, and the reader is the same. Else its bytes are hashed, and read where the hash is another.

    Args:
        found: The files, in any order, and what could not be listed.
        before: What was read of them before, by path; may hold files that are gone.
        known: Ids of the articles that are in the library.
        readings: Where what is read is remembered; None to remember nothing.
        limits: What reading may cost.
        settle: Seconds for which a file must have been left alone to be read: what is being written is waited for.

    Attributes:
        known: The ids of the articles that were in the library.
        held: What each file holds, by path, as far as known: a file that is yet to be read is missing.
        gone: Paths of files that are there no more.
        to_read: Paths to be read.
        waiting: Paths of files that were changed a moment ago.
        failures: What could not be read, each with its reason.
    """

    def __init__(
        self,
        found: Iterable[Source | Failure],
        before: Mapping[str, Reading],
        known: Iterable[str],
        readings: Readings | None,
        limits: Limits,
        settle: float,
    ) -> None:
        self._before = before
        self._readings = readings
        self._limits = limits
        self._reader = f"{reader_version()} {limits}"
        self._settle_ns = int(settle * 1e9)
        self._sources: dict[str, Source] = {}
        self._recorded: list[Reading] = []
        self._newest: dict[str, _Version] = {}
        self._sizes: dict[str, int] = {}
        self._bytes = self._of_file = 0
        self.known = frozenset(known)
        self.held: dict[str, Reading] = {}
        self.gone: list[str] = []
        self.to_read: list[str] = []
        self.waiting: list[str] = []
        self.failures: list[Failure] = []
        for item in found:
            if isinstance(item, Failure):
                self.failures.append(item)
            else:
                self._sources[item.origin] = item
        for path in sorted(self._sources):
            self._compare(path)
        for path in sorted(before.keys() - self._sources.keys()):
            if _is_gone(path):
                self.gone.append(path)
            else:  # it is there, but its folder cannot be listed
                self.held[path] = before[path]

    # Looking

    def _compare(self, path: str) -> None:
        state, known = self._look(path), self._before.get(path)
        if state and self._settle_ns and state.seen_ns - state.last_change_ns < self._settle_ns:
            self.waiting.append(path)
            if known:
                self.held[path] = known
        elif state and known and self._is_same(path, known, state):
            self.held[path] = known
            self.failures += [Failure(*failure) for failure in known.failures]
        else:
            self.to_read.append(path)
            self._sizes[path] = state.size if state else 0

    def _is_same(self, path: str, known: Reading, state: FileState) -> bool:
        if known.reader != self._reader or not known.sha256:
            return False
        if known.state.is_that_of(state) and known.state.can_be_trusted:
            return True
        if known.state.size != state.size or known.sha256 != self._hash(path):
            return False
        self._record(replace(known, state=state))
        return True

    def _look(self, path: str) -> FileState | None:
        try:
            return FileState.of(self._sources[path].path)
        except (OSError, ValueError):
            return None

    def _hash(self, path: str) -> str:
        """SHA-256 of a file's bytes; "" where it cannot be read, and where it is a pipe or the like."""
        try:
            with open(self._sources[path].path, "rb", opener=_without_waiting) as file:
                if not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
                    return ""
                return hashlib.file_digest(file, "sha256").hexdigest()
        except (OSError, ValueError):
            return ""

    # Reading

    def read(self, paths: Iterable[str]) -> Iterator[Article]:
        """Read files, and remember what they hold.

        What a file held before and cannot be read now is still held by it.

        Args:
            paths: Which of the files.

        Yields:
            Their articles, but for those of which another file holds a newer version.
        """
        paths = sorted(paths)
        for path in paths:
            self.held.pop(path, None)
        self._newest = {}
        for path, entry in self.entries():
            _is_newest(self._newest, path, entry)
        looks: dict[str, tuple[FileState | None, str]] = {}
        for source, items in read_each(self._looked_at(paths, looks), limits=self._limits):
            if isinstance(source, Source):
                yield from self._read(source.origin, items, *looks.pop(source.origin))
                self._bytes, self._of_file = self._bytes + self._sizes.get(source.origin, 0), 0
        self.flush()

    @property
    def share(self) -> float:
        """What share of the bytes of the files to be read has been read, 0 to 1; an article counts its characters."""
        total = sum(self._sizes.values())
        return min(1.0, (self._bytes + self._of_file) / total) if total else 0.0

    def _looked_at(self, paths: list[str], looks: dict[str, tuple[FileState | None, str]]) -> Iterator[Source]:
        for path in paths:
            # State and hash before the reading: where a file changes meanwhile, they are those of what it was.
            looks[path] = self._look(path), self._hash(path)
            yield self._sources[path]

    def _read(
        self, path: str, items: Iterator[Article | Failure], state: FileState | None, sha256: str
    ) -> Iterator[Article]:
        before = self._before.get(path)
        entries: list[Entry] = []
        failures: list[Failure] = []
        begun = list(islice(items, _LOOKED_AT_WHOLE))
        if len(begun) < _LOOKED_AT_WHOLE and self._is_changing(path, state):
            begun, failures = [], [_changing(self._sources[path])]
        for item in chain(begun, items):
            if isinstance(item, Failure):
                failures.append(item)
                continue
            entry = _entry(item)
            entries.append(entry)
            self._of_file = min(self._of_file + len(item.text), self._sizes.get(path, 0))
            if _is_newest(self._newest, path, entry):
                yield item
        if not failures and self._is_changing(path, state):
            failures = [_changing(self._sources[path])]
        if state and _is_gone(self._sources[path].path):  # since we looked
            self.gone.append(path)
            self.held[path] = Reading(path, FileState(0, 0, 0, "", 0), "", "")
            return
        if failures and before:
            entries += _kept(before.entries, entries)
        self.failures += failures
        whole = not any(failure.may_pass or failure.reason == _CHANGING for failure in failures)
        reading = Reading(
            path,
            state or FileState(0, 0, 0, "", 0),
            sha256 if whole else "",  # without a hash it is read again
            self._reader,
            tuple(entries),
            tuple((failure.path, failure.reason) for failure in failures),
        )
        self.held[path] = reading
        self._record(reading)

    def _is_changing(self, path: str, state: FileState | None) -> bool:
        now = self._look(path)
        return state is not None and (now is None or not now.is_that_of(state))

    def _record(self, reading: Reading) -> None:
        self._recorded.append(reading)
        if len(self._recorded) % _RECORDED_TOGETHER == 0:
            self.flush()

    def flush(self) -> None:
        """Remember what is not yet remembered of what was read."""
        if self._readings is not None:
            self._readings.record(self._recorded)
            self._recorded.clear()

    @property
    def is_settled(self) -> bool:
        """Whether there is nothing to read and nothing to remember."""
        return not self.to_read and not self._recorded

    # Which version is the newest

    def entries(self) -> Iterator[tuple[str, Entry]]:
        """Pairs of path and entry of all that the files hold, as far as known, in the order of paths."""
        for path in sorted(self.held):
            for entry in self.held[path].entries:
                if not entry.kept or entry.article_id in self.known:
                    yield path, entry

    def wanted(self) -> list[tuple[str, Entry]]:
        """Those of `entries` that a library of these files has: of the same URL the newest, the last of equals."""
        newest: dict[str, _Version] = {}
        for path, entry in self.entries():
            _is_newest(newest, path, entry)
        return [
            (path, entry)
            for path, entry in self.entries()
            if not entry.url or newest[entry.url].article_id == entry.article_id
        ]

    def ids_now_or_before(self) -> set[str]:
        """The ids of all articles that these files hold or held."""
        readings = chain(self._before.values(), self.held.values())
        return {entry.article_id for reading in readings for entry in reading.entries}

    def is_sure(self, origin: str) -> bool:
        """Whether it is known what is at an origin: not where a file is waited for, or cannot be got at."""
        begin = origin.rpartition("#")[0]
        paths = [begin, *(begin[:at] for at, sign in enumerate(begin) if sign == "!")]
        for path in paths:
            if path in self._sources:
                return path in self.held
        return all(_is_gone(path) for path in paths)


@dataclass(frozen=True, order=True)
class _Version:
    changed: str
    path: str
    article_id: str = field(compare=False)


def _is_newest(newest: dict[str, _Version], path: str, entry: Entry) -> bool:
    """Whether no newer version of an article was seen; then this one is noted as the newest."""
    if not entry.url:
        return True
    version, best = _Version(entry.changed, path, entry.article_id), newest.get(entry.url)
    if best and version < best:
        return best.article_id == entry.article_id
    newest[entry.url] = version
    return True


def _is_gone(path: str) -> bool:
    try:
        os.lstat(path)
    except (FileNotFoundError, NotADirectoryError):
        return True
    except (OSError, ValueError):
        return False
    return False


def _entry(article: Article) -> Entry:
    return Entry(article.origin or "", article.id, article.url, article.updated or article.published or "")


def _kept(before: Iterable[Entry], now: Iterable[Entry]) -> list[Entry]:
    """What a file held before and may still hold, where not all of it can be read now.

    That is all but what another article has taken the place of, one that is new to the file.
    """
    before = list(before)
    old, new = {entry.article_id for entry in before}, {entry.article_id for entry in now}
    taken = {entry.origin for entry in now if entry.article_id not in old}
    return [replace(entry, kept=True) for entry in before if entry.article_id not in new and entry.origin not in taken]


def _changing(source: Source) -> Failure:
    return Failure(source.name, _CHANGING)


def _without_waiting(path: str, flags: int) -> int:
    return os.open(path, flags | getattr(os, "O_NONBLOCK", 0))  # opening a pipe would wait for ever
