"""Routes that tell whether the server is well."""

from dataclasses import asdict
from typing import Literal

from fastapi import APIRouter
from fastapi.responses import JSONResponse
from pydantic import BaseModel

from assistant.api.problems import described, problem
from assistant.assistant import Assistant


class Health(BaseModel):
    """That all is well."""

    status: Literal["ok", "ready"]


class StatusBody(BaseModel):
    """What the library holds and how it was made."""

    articles: int
    passages: int
    index_id: str
    embedding_model: str
    weights_sha256: str
    dimension: int
    splitting: dict[str, int]


def health_router(assistant: Assistant) -> APIRouter:
    """The routes. Health and readiness need no key, so they tell nothing of the library."""
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    def healthz() -> Health:
        """Whether the process is alive."""
        return Health(status="ok")

    @router.get("/readyz", responses={200: {"model": Health}, **described(503)}, response_model=None)
    def readyz() -> Health | JSONResponse:
        """Whether questions can be answered: the models are loaded and something is indexed."""
        if not assistant.warm:
            return problem(503, "The models are still loading. Try again in a few seconds.", {"retry-after": "5"})
        if assistant.library.is_empty():
            return problem(503, "Nothing is indexed yet. Add articles: dateline add PATH…", {"retry-after": "60"})
        return Health(status="ready")

    @router.get("/v1/status")
    def status() -> StatusBody:
        """What the library holds and how it was made."""
        held = asdict(assistant.library.status())
        del held["folder"]  # where it lies on this machine is nobody's business
        return StatusBody(**held)

    return router
