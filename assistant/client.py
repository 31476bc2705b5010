"""A client of a running server: `Client("http://127.0.0.1:7860").ask("Who met Natalie Baker?").answer`."""

import time
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar
from urllib.parse import quote

import httpx
from pydantic import TypeAdapter

from assistant.answer import Turn
from assistant.api.answers import (
    ArticlesBody,
    FeedbackListBody,
    JobBody,
    ReplacedBody,
    ReportBody,
    ReportsBody,
    SearchBody,
)
from assistant.api.health import StatusBody
from assistant.bodies import AnswerBody, ArticleBody
from assistant.feedback import Feedback, Rating
from index.catalog import ArticleSummary
from index.listing import Order

_T = TypeVar("_T")
_POLL = 0.2
"""Seconds between two looks at a job."""


class ApiError(Exception):
    """The server refused, or could not do, what was asked.

    Attributes:
        status: The HTTP status.
        detail: What is wrong and what to do.
        request_id: What the server's log calls the request.
        retry_after: Seconds after which it is worth trying again, where the server says so.
    """

    def __init__(self, status: int, detail: str, request_id: str | None, retry_after: int | None) -> None:
        super().__init__(f"{status}: {detail}")
        self.status = status
        self.detail = detail
        self.request_id = request_id
        self.retry_after = retry_after


class Client:
    """Asks a server.

    Args:
        url: Where it is.
        key: An API key, where it needs one.
        timeout: Seconds that an answer may take.
    """

    def __init__(self, url: str = "http://127.0.0.1:7860", key: str | None = None, timeout: float = 60.0) -> None:
        headers = {"authorization": f"Bearer {key}"} if key else {}
        self._http = httpx.Client(base_url=url, headers=headers, timeout=timeout, trust_env=False)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    # Asking

    def ask(
        self,
        question: str,
        history: Sequence[Turn] = (),
        *,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        article_ids: Sequence[str] = (),
        k: int | None = None,
    ) -> AnswerBody:
        """Answer a question, or abstain.

        Args:
            question: The question.
            history: The turns before it, oldest first.
            since: First day of publication.
            until: Last day of publication.
            sources: Only these publishers.
            article_ids: Only these articles.
            k: Passages looked at; None for the server's own number.

        Raises:
            ApiError: The server refused.
        """
        turns = [{"role": turn.role, "content": turn.content} for turn in history]
        filters = _filters(since, until, sources, article_ids)
        body = {"question": question, "history": turns, "filters": filters, "k": k}
        return self._call(AnswerBody, "POST", "/v1/ask", json=body)

    def search(
        self,
        query: str,
        *,
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        article_ids: Sequence[str] = (),
        k: int | None = None,
    ) -> SearchBody:
        """Find passages; the arguments are those of `ask`."""
        body = {"query": query, "filters": _filters(since, until, sources, article_ids), "k": k}
        return self._call(SearchBody, "POST", "/v1/search", json=body)

    # Articles

    def articles(
        self,
        offset: int = 0,
        limit: int = 100,
        *,
        q: str = "",
        since: date | None = None,
        until: date | None = None,
        sources: Sequence[str] = (),
        language: str | None = None,
        order: Order = "newest",
    ) -> ArticlesBody:
        """A page of the list of articles; `q` are words of the title."""
        wanted = {
            "offset": offset, "limit": limit, "q": q, "since": since and since.isoformat(),
            "until": until and until.isoformat(), "source": list(sources), "language": language, "order": order,
        }  # fmt: skip
        parameters = {name: value for name, value in wanted.items() if value is not None}
        return self._call(ArticlesBody, "GET", "/v1/articles", params=parameters)

    def all_articles(self, **wanted: Any) -> Iterator[ArticleSummary]:
        """All articles, page by page; the arguments are those of `articles`."""
        offset = 0
        while page := self.articles(offset, 1_000, **wanted).articles:
            yield from page
            offset += len(page)

    def article(self, article_id: str) -> ArticleBody:
        """One article, with its text."""
        return self._call(ArticleBody, "GET", f"/v1/articles/{quote(article_id, safe='')}")

    def add_article(self, text: str, title: str = "", **fields: str) -> JobBody:
        """Add an article; `fields` are `source`, `url`, `author`, `published` and so on."""
        return self._call(JobBody, "POST", "/v1/articles", json={"text": text, "title": title, **fields})

    def add_address(self, address: str) -> JobBody:
        """Add what lies at an address of the web."""
        return self._call(JobBody, "POST", "/v1/articles", json={"address": address})

    def add_files(self, *paths: Path | str) -> JobBody:
        """Add files."""
        files = [("files", (Path(path).name, Path(path).read_bytes())) for path in paths]
        return self._call(JobBody, "POST", "/v1/articles", files=files)

    def job(self, job_id: str) -> JobBody:
        """How far a job is."""
        return self._call(JobBody, "GET", f"/v1/jobs/{quote(job_id, safe='')}")

    def wait(self, job: JobBody, seconds: float = 600.0) -> JobBody:
        """A job when it is over.

        Raises:
            TimeoutError: It was not in this time.
        """
        deadline = time.monotonic() + seconds
        while job.state in ("waiting", "running"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"The job {job.id} was not over after {seconds:g} s.")
            time.sleep(_POLL)
            job = self.job(job.id)
        return job

    def replace(self, article_id: str, text: str, title: str = "", **fields: str) -> ReplacedBody:
        """Put an article in the place of another; the arguments are those of `add_article`."""
        body = {"text": text, "title": title, **fields}
        return self._call(ReplacedBody, "PUT", f"/v1/articles/{quote(article_id, safe='')}", json=body)

    def remove(self, article_id: str) -> None:
        """Remove an article."""
        self._send("DELETE", f"/v1/articles/{quote(article_id, safe='')}")

    # Quality

    def give_feedback(self, answer: AnswerBody, rating: Rating, comment: str = "", expected: str = "") -> Feedback:
        """Say what you think of an answer."""
        first = answer.citations[0] if answer.citations else None
        body = {
            "question": answer.question, "answer": answer.answer, "abstained": answer.abstained, "rating": rating,
            "comment": comment, "expected": expected, "article_id": first and first.article_id,
            "quote": first and first.quote, "index_id": answer.index_id, "answered_by": answer.answered_by,
        }  # fmt: skip
        return self._call(Feedback, "POST", "/v1/feedback", json=body)

    def feedback(self, offset: int = 0, limit: int = 100) -> FeedbackListBody:
        """A page of what was said."""
        return self._call(FeedbackListBody, "GET", "/v1/feedback", params={"offset": offset, "limit": limit})

    def reports(self) -> ReportsBody:
        """The eval reports, newest first."""
        return self._call(ReportsBody, "GET", "/v1/eval/reports")

    def report(self, report_id: str, wrong: int = 20) -> ReportBody:
        """One eval report, with so many of the wrong answers."""
        return self._call(ReportBody, "GET", f"/v1/eval/reports/{quote(report_id, safe='')}", params={"wrong": wrong})

    def status(self) -> StatusBody:
        """What the library holds."""
        return self._call(StatusBody, "GET", "/v1/status")

    def _call(self, kind: type[_T], method: str, path: str, **sent: Any) -> _T:
        return TypeAdapter(kind).validate_json(self._send(method, path, **sent).content)

    def _send(self, method: str, path: str, **sent: Any) -> httpx.Response:
        response = self._http.request(method, path, **sent)
        if not response.is_success:
            raise _error(response)
        return response


def _error(response: httpx.Response) -> ApiError:
    try:
        problem = response.json()
    except ValueError:
        problem = {}
    detail = problem.get("detail", response.reason_phrase) if isinstance(problem, dict) else response.reason_phrase
    after = response.headers.get("retry-after", "")
    return ApiError(
        response.status_code, detail, response.headers.get("x-request-id"), int(after) if after.isdigit() else None
    )


def _filters(
    since: date | None, until: date | None, sources: Sequence[str], article_ids: Sequence[str]
) -> dict[str, Any]:
    return {
        "since": since.isoformat() if since else None,
        "until": until.isoformat() if until else None,
        "sources": list(sources),
        "article_ids": list(article_ids),
    }
