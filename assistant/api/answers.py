"""What the API's own routes answer; answers, articles and passages are in `assistant.bodies`."""

from dataclasses import dataclass
from typing import Any

from assistant.bodies import PassageBody
from assistant.feedback import Feedback
from assistant.jobs import Job, JobState
from assistant.reports import ReportSummary
from assistant.submitted import ItemState
from index.catalog import ArticleSummary


@dataclass(frozen=True)
class SearchBody:
    """What a search found, best first."""

    query: str
    index_id: str
    passages: list[PassageBody]


@dataclass(frozen=True)
class ArticlesBody:
    """A page of the articles; `total` counts all that the filters let through."""

    total: int
    articles: list[ArticleSummary]


@dataclass(frozen=True)
class FailureBody:
    """What could not be read, and why."""

    path: str
    reason: str


@dataclass(frozen=True)
class ItemBody:
    """One thing handed in, and what became of it; `articles` are ids."""

    name: str
    state: ItemState
    articles: list[str]
    failures: list[FailureBody]


@dataclass(frozen=True)
class JobBody:
    """A job: how far it is, and what it did; see `assistant.jobs.Job`."""

    id: str
    state: JobState
    error: str | None
    passages_done: int
    passages_known: int
    added: list[str]
    replaced: list[str]
    unchanged: list[str]
    items: list[ItemBody]
    created: str
    finished: str | None


@dataclass(frozen=True)
class ReplacedBody:
    """The article's id from now on, and the ids of those it took the place of; none where it was there already."""

    id: str
    replaced: list[str]


@dataclass(frozen=True)
class FeedbackListBody:
    """A page of the feedback, newest first; `total` counts all of it."""

    total: int
    feedback: list[Feedback]


@dataclass(frozen=True)
class ReportsBody:
    """The eval reports, newest first."""

    reports: list[ReportSummary]


@dataclass(frozen=True)
class ReportBody:
    """An eval report: its figures as in `report.json`, and wrong answers as in `results.jsonl`, the surest first."""

    id: str
    figures: dict[str, Any]
    wrong: list[dict[str, Any]]


def job_body(job: Job) -> JobBody:
    """A job as JSON shows it."""
    items = [
        ItemBody(item.name, item.state, list(item.articles), [FailureBody(f.path, f.reason) for f in item.failures])
        for item in job.items
    ]
    return JobBody(
        job.id, job.state, job.error, job.passages_done, job.passages_known,
        list(job.added), list(job.replaced), list(job.unchanged), items, job.created, job.finished,
    )  # fmt: skip
