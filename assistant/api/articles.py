"""Routes for the articles: list, show, add, replace, remove; and for the jobs that add them."""

from typing import Annotated, Any

from fastapi import APIRouter, Query, Request, Response
from fastapi.concurrency import run_in_threadpool
from fastapi.exceptions import RequestValidationError
from pydantic import ValidationError
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException

from assistant.api.answers import ArticlesBody, JobBody, ReplacedBody, job_body
from assistant.api.problems import described
from assistant.api.requests import AddressIn, ArticleIn, Day, FiltersIn, NewArticle, Word
from assistant.assistant import Assistant
from assistant.bodies import ArticleBody, article_body
from assistant.jobs import Jobs
from assistant.submitted import Submission, read_one, submit
from index.listing import Listing, Order, Overview
from index.sandbox.limits import MIB

_FILES = 100
"""Files that one request may bring."""
_ADD: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"oneOf": [model.model_json_schema() for model in (ArticleIn, AddressIn)]},
                "examples": {
                    "article": {"value": ArticleIn.model_config["json_schema_extra"]["examples"][0]},  # type: ignore[index]
                    "address": {"value": AddressIn.model_config["json_schema_extra"]["examples"][0]},  # type: ignore[index]
                },
            },
            "multipart/form-data": {
                "schema": {
                    "type": "object",
                    "required": ["files"],
                    "properties": {
                        "files": {
                            "type": "array",
                            "minItems": 1,
                            "maxItems": _FILES,
                            "items": {"type": "string", "format": "binary"},
                        }
                    },
                }
            },
        },
    }
}


def articles_router(assistant: Assistant, jobs: Jobs) -> APIRouter:
    """The routes.

    Args:
        assistant: Whose articles.
        jobs: Adds what is handed in.
    """
    router = APIRouter(tags=["articles"])
    library, settings = assistant.library, assistant.settings
    largest = (settings.max_file_mb + 1) * MIB  # a file of the largest size, and what is around it in a form

    @router.get("/v1/articles")
    def articles(
        offset: Annotated[int, Query(ge=0, le=2**31, description="How many to pass over.")] = 0,
        limit: Annotated[int, Query(ge=1, le=1_000, description="How many to list.")] = 100,
        since: Annotated[Day | None, Query(description="First day of publication, inclusive.")] = None,
        until: Annotated[Day | None, Query(description="Last day of publication, inclusive.")] = None,
        source: Annotated[list[Word] | None, Query(max_length=100, description="Publishers.")] = None,
        language: Annotated[Word | None, Query(description="Language (ISO 639-1).")] = None,
        q: Annotated[Word, Query(max_length=200, description="Words, or parts of words, of the title.")] = "",
        order: Annotated[Order, Query(description="How they are sorted.")] = "newest",
    ) -> ArticlesBody:
        """List the articles, newest first, by pages."""
        filters = FiltersIn(since=since, until=until, sources=source or []).to_filters()
        total, page = library.listed(Listing(filters, q, language, order, offset, limit))
        return ArticlesBody(total, page)

    @router.get("/v1/library")
    def overview() -> Overview:
        """What the library holds: its articles, counted by publisher, language and day."""
        return library.overview()

    @router.post(
        "/v1/articles",
        status_code=202,
        responses=described(409, 415),
        openapi_extra=_ADD,
        max_body_size=largest,
    )
    async def add(request: Request, response: Response) -> JobBody:
        """Add an article's text (JSON), what lies at an address (JSON), or files (a form), in the background.

        The answer names the job; ask `GET /v1/jobs/{job_id}` how far it is.
        """
        submission = await _submission(request)
        job = jobs.submit(submission)
        response.headers["location"] = f"/v1/jobs/{job.id}"
        return job_body(job)

    @router.get("/v1/jobs/{job_id}", tags=["articles"], responses=described(404))
    def job(job_id: str) -> JobBody:
        """How far a job is, and what became of each item."""
        return job_body(jobs.job(job_id))

    @router.get("/v1/articles/{article_id}", responses=described(404))
    def article(article_id: str) -> ArticleBody:
        """One article, with the text that every citation's offsets refer to, and its copies."""
        return article_body(library.article(article_id), library.copies(article_id))

    @router.put("/v1/articles/{article_id}", responses=described(404, 409), max_body_size=largest)
    def replace(article_id: str, body: ArticleIn) -> ReplacedBody:
        """Put an article in the place of another.

        An id is a hash of the content: a changed article has another, which the answer tells.
        """
        library.article(article_id)
        article = read_one(body.fields(), settings)
        done = library.replace(article_id, article)
        return ReplacedBody(article.id, list(done.replaced))

    @router.delete("/v1/articles/{article_id}", status_code=204, responses=described(404, 409))
    def remove(article_id: str) -> None:
        """Remove an article from every store."""
        library.remove([article_id])

    return router


async def _submission(request: Request) -> Submission:
    """What a request hands in.

    Raises:
        RequestValidationError: It is not as it should be.
        HTTPException: It is of a kind that is not taken.
    """
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == "application/json":
        new = _new_article(await request.body())
        if isinstance(new, AddressIn):
            return submit(lambda submission: submission.add_address(new.address))
        return submit(lambda submission: submission.add_article(new.fields()))
    if kind == "multipart/form-data":
        async with request.form(max_files=_FILES, max_fields=_FILES) as form:
            files = [item for item in form.getlist("files") if isinstance(item, UploadFile)]
            if not files:
                raise _invalid("files", "send at least one file, in the form's field `files`")

            def save(submission: Submission) -> None:
                for file in files:
                    submission.add_file(file.filename or "file", file.file)

            return await run_in_threadpool(submit, save)
    raise HTTPException(415, "Send application/json or multipart/form-data")


def _new_article(body: bytes) -> ArticleIn | AddressIn:
    try:
        return NewArticle.validate_json(body)
    except ValidationError as error:
        raise RequestValidationError(
            [{**e, "loc": ("body", *e["loc"])} for e in error.errors(include_url=False, include_context=False)]
        ) from None


def _invalid(field: str, message: str) -> RequestValidationError:
    return RequestValidationError([{"type": "value_error", "loc": ("body", field), "msg": message, "input": None}])
