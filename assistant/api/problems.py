"""Errors as JSON: problem details (RFC 9457), whose `detail` says what is wrong and what to do."""

from http import HTTPStatus

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from index.errors import DatelineError, NothingIndexedError, QuestionError, UnknownArticleError

_STATUS: dict[type[DatelineError], int] = {
    QuestionError: 422,
    UnknownArticleError: 404,
    NothingIndexedError: 409,
}


def problem(status: int, detail: str, **more: object) -> JSONResponse:
    """A problem as a response.

    Args:
        status: The HTTP status.
        detail: What is wrong and what to do.
        more: Further members.
    """
    body = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status, "detail": detail, **more}
    return JSONResponse(body, status, media_type="application/problem+json")


def register_problems(api: FastAPI) -> None:
    """Answer every error of ours, of a request's form, and of a route that does not exist as a problem."""

    @api.exception_handler(DatelineError)
    async def ours(request: Request, error: DatelineError) -> JSONResponse:
        return problem(_STATUS.get(type(error), 503), str(error))

    @api.exception_handler(RequestValidationError)
    async def form(request: Request, error: RequestValidationError) -> JSONResponse:
        places = [(".".join(str(part) for part in e["loc"][1:]) or "body", e["msg"]) for e in error.errors()]
        detail = "The request is not as it should be: " + "; ".join(f"{place}: {text}" for place, text in places)
        return problem(422, f"{detail}. See /docs for what it takes.")

    @api.exception_handler(HTTPException)
    async def http(request: Request, error: HTTPException) -> JSONResponse:
        return problem(error.status_code, f"{error.detail}: {request.method} {request.url.path}. See /docs.")
