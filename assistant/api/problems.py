"""Errors as JSON: problem details (RFC 9457), whose `detail` says what is wrong and what to do."""

import logging
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.request_ids import RequestIds, request_id
from index.errors import (
    BusyError,
    DatelineError,
    LibraryBusyError,
    NothingIndexedError,
    QuestionError,
    ReadOnlyError,
    UnknownArticleError,
    UnknownJobError,
    UnknownReportError,
    UnreadableError,
)

TOO_LONG = "The request's body is too long. Send less at a time; /docs says what a route takes."
MEDIA_TYPE = "application/problem+json"
_STATUS: dict[type[DatelineError], int] = {
    QuestionError: 422,
    UnreadableError: 422,
    UnknownArticleError: 404,
    UnknownJobError: 404,
    UnknownReportError: 404,
    NothingIndexedError: 409,
    ReadOnlyError: 409,
    BusyError: 429,
}
"""All others are 503: something that the server needs is not there."""
_RETRY_AFTER: dict[type[DatelineError], int] = {BusyError: 5, LibraryBusyError: 5}
"""Seconds after which it is worth trying again."""

_log = logging.getLogger(__name__)


class Problem(BaseModel):
    """A problem (RFC 9457)."""

    type: str = Field("about:blank", description="What kind of problem it is: the one that the status tells.")
    title: str = Field(description="The status in words.", examples=["Not Found"])
    status: int = Field(description="The HTTP status.", examples=[404])
    detail: str = Field(description="What is wrong and what to do.")
    request_id: str | None = Field(None, description="What the server's log calls the request.")


def problem(status: int, detail: str, headers: dict[str, str] | None = None) -> JSONResponse:
    """A problem as a response.

    Args:
        status: The HTTP status.
        detail: What is wrong and what to do.
        headers: Further headers.
    """
    body = Problem(
        type="about:blank", title=HTTPStatus(status).phrase, status=status, detail=detail, request_id=request_id()
    )
    return JSONResponse(body.model_dump(), status, headers=headers, media_type=MEDIA_TYPE)


def described(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """What a route says of the problems it may answer with, for `responses`."""
    schema = {"schema": {"$ref": "#/components/schemas/Problem"}}
    return {status: {"description": HTTPStatus(status).phrase, "content": {MEDIA_TYPE: schema}} for status in statuses}


def register_problems(api: FastAPI) -> None:
    """Answer every error of ours, of a request's form, of a route that does not exist, and of a mistake of ours."""

    @api.exception_handler(DatelineError)
    async def ours(request: Request, error: DatelineError) -> JSONResponse:
        seconds = _RETRY_AFTER.get(type(error))
        headers = {"retry-after": str(seconds)} if seconds else None
        return problem(_STATUS.get(type(error), 503), str(error), headers)

    @api.exception_handler(RequestValidationError)
    async def form(request: Request, error: RequestValidationError) -> JSONResponse:
        places = [(".".join(str(part) for part in e["loc"][1:]) or "body", e["msg"]) for e in error.errors()]
        detail = "The request is not as it should be: " + "; ".join(f"{place}: {text}" for place, text in places)
        return problem(422, f"{detail}. See /docs for what it takes.")

    @api.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        detail = TOO_LONG
        if error.status_code != HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            detail = f"{error.detail}: {request.method} {request.url.path}. See /docs."
        return problem(error.status_code, detail, dict(error.headers or {}))

    made_by_fastapi = api.build_middleware_stack

    def outermost() -> ASGIApp:
        """FastAPI's own layers, within ours: it answers mistakes and long bodies outside of all added middleware."""
        return RequestIds(_LongBodies(made_by_fastapi()))

    api.build_middleware_stack = outermost  # type: ignore[method-assign]

    @api.exception_handler(Exception)
    async def unexpected(request: Request, error: Exception) -> JSONResponse:
        _log.error("A request failed", exc_info=error)
        return problem(500, "Something went wrong here. The server’s log says what, under the request_id.")


class _LongBodies:
    """Wraps an ASGI application: Starlette's own answer to a body that is too long, a line of text, as a problem."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def send_problem(message: Message) -> None:
            nonlocal replaced
            if message["type"] == "http.response.start" and message["status"] == HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
                replaced = Headers(scope=message).get("content-type", "").startswith("text/plain")
                if replaced:
                    await problem(413, TOO_LONG)(scope, receive, send)
            if not replaced:
                await send(message)

        await self._app(scope, receive, send_problem)
