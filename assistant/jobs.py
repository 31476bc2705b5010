"""Jobs: what was handed in is added one after the other, in the background, and how far it is can be asked."""

import logging
import queue
import secrets
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

from assistant.settings import Settings
from assistant.submitted import Item, Submission
from index.errors import BusyError, DatelineError, UnknownJobError
from index.library import Library

JobState = Literal["waiting", "running", "done", "failed"]
WAITING = 20
"""Jobs that may wait; more are refused: each may have a file of the largest size on the disk."""
_REMEMBERED = 1_000
"""Jobs that can be asked about, the newest ones."""

_POLL = 0.2
"""Seconds between looks whether the server is being stopped."""

_log = logging.getLogger(__name__)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


@dataclass
class Job:
    """A submission on its way into the library.

    Attributes:
        id: Cannot be guessed.
        items: What was handed in.
        state: How far it is; `failed` where it could not be carried out, or no item could be read.
        error: Why it could not be carried out.
        passages_done: Passages indexed.
        passages_known: Passages known so far.
        added: Ids of articles that are new.
        replaced: Ids of articles that these took the place of.
        unchanged: Ids of articles that were there already.
        created: When it was handed in (ISO 8601).
        finished: When it was over.
    """

    items: list[Item]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    state: JobState = "waiting"
    error: str | None = None
    passages_done: int = 0
    passages_known: int = 0
    added: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
    created: str = field(default_factory=_now)
    finished: str | None = None


class Jobs:
    """Adds submissions to a library, one at a time: it takes one writer.

    Args:
        library: Where to.
        settings: What reading may cost.
    """

    def __init__(self, library: Library, settings: Settings) -> None:
        self._library = library
        self._settings = settings
        self._jobs: dict[str, Job] = {}
        self._lock = threading.Lock()
        self._waiting: queue.Queue[tuple[Job, Submission]] = queue.Queue(WAITING)
        self._worker: threading.Thread | None = None
        self._closing = threading.Event()

    def close(self) -> None:
        """Stop behind the passages that are being written; what waits is not begun."""
        self._closing.set()
        if self._worker:
            self._worker.join()

    def submit(self, submission: Submission) -> Job:
        """Have a submission added; it is closed when that is done.

        Raises:
            BusyError: Too many are waiting, or the server is being stopped.
        """
        self._require_open()
        job = Job(submission.items)
        with self._lock:
            try:
                self._waiting.put_nowait((job, submission))
            except queue.Full:
                submission.close()
                raise BusyError(f"{WAITING} jobs are waiting already. Try again when some are done.") from None
            self._jobs[job.id] = job
            for old in list(self._jobs)[:-_REMEMBERED]:
                del self._jobs[old]
            if self._worker is None:
                self._worker = threading.Thread(target=self._work, name="jobs", daemon=True)
                self._worker.start()
        return job

    def job(self, job_id: str) -> Job:
        """The job of this id.

        Raises:
            UnknownJobError: There is none, or it was long ago.
        """
        job = self._jobs.get(job_id)
        if job is None:
            raise UnknownJobError(
                f"There is no job {job_id!r}. Jobs are remembered until the server stops, the last {_REMEMBERED:,} of "
                "them; what they added is in the list of articles."
            )
        return job

    def _work(self) -> None:
        while not self._closing.is_set() or not self._waiting.empty():
            try:
                job, submission = self._waiting.get(timeout=_POLL)
            except queue.Empty:
                continue
            try:
                self._require_open()
                self._carry_out(job, submission)
            except DatelineError as error:
                job.error, job.state = str(error), "failed"
            except Exception:
                _log.exception("A job failed")
                job.error, job.state = "Something went wrong here. The server’s log says what.", "failed"
            finally:
                job.finished = _now()
                submission.close()

    def _carry_out(self, job: Job, submission: Submission) -> None:
        job.state = "running"

        def tell(done: int, known: int) -> None:
            job.passages_done, job.passages_known = done, known
            self._require_open()

        added = self._library.add(submission.read(self._settings), tell)
        job.added, job.replaced, job.unchanged = added.added, added.replaced, added.unchanged
        job.state = "done" if any(item.articles for item in job.items) else "failed"

    def _require_open(self) -> None:
        """Make sure that the server is not being stopped.

        Raises:
            BusyError: It is.
        """
        if self._closing.is_set():
            raise BusyError("The server was stopped. What was added until then is kept; hand in the rest again.")
