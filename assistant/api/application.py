"""The API: its routes, put together."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version
from typing import TYPE_CHECKING

from fastapi import FastAPI
from fastapi.concurrency import run_in_threadpool
from fastapi.responses import StreamingResponse

from assistant.api.articles import articles_router
from assistant.api.completions import completions_router
from assistant.api.description import describe
from assistant.api.feedback import feedback_router
from assistant.api.health import health_router
from assistant.api.problems import described, register_problems
from assistant.api.reports import reports_router
from assistant.api.requests import AskIn
from assistant.api.searching import search_router
from assistant.api.streaming import DESCRIBED, events
from assistant.assistant import Assistant
from assistant.bodies import AnswerBody, answer_body
from assistant.feedback import FeedbackStore
from assistant.jobs import Jobs
from assistant.reports import Reports

if TYPE_CHECKING:
    from opentelemetry.trace import TracerProvider

BODY_BYTES = 4 << 20
"""The longest body of a request that brings no article: a hundred turns of a conversation fit."""


def create_api(assistant: Assistant, tracers: "TracerProvider | None" = None) -> FastAPI:
    """The FastAPI application with the API's routes.

    Args:
        assistant: What answers.
        tracers: Where spans of requests go; none: nowhere.
    """
    from fastapi_offline import FastAPIOffline

    library = assistant.library
    jobs = Jobs(library, assistant.settings)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        yield
        await run_in_threadpool(jobs.close)

    # FastAPI's own /docs loads its script and style from another host; this one serves them itself.
    api: FastAPI = FastAPIOffline(
        static_url="/docs-static",
        redoc_url=None,
        title="Dateline",
        summary="Question answering over news articles, every answer cited to the letter.",
        version=version("dateline"),
        responses=described(400, 401, 403, 413, 422, 429, 503, 504),
        max_body_size=BODY_BYTES,
        lifespan=lifespan,
        telemetry={
            "tracing": tracers is not None,
            "tracer_provider": tracers,
            "metrics": False,
            "logs": False,
            "operation_spans": False,
            "auto_configure": False,
        },
    )
    register_problems(api)
    describe(api)

    # Plain functions, not coroutines: the server runs them in threads, so that one question holds up no other.

    @api.post("/v1/ask", tags=["ask"], response_model=AnswerBody, responses={200: DESCRIBED, **described(409)})
    def ask(body: AskIn) -> AnswerBody | StreamingResponse:
        """Answer a question with cited passages, or abstain.

        With `stream`, server-sent events come while the answer is made: `passages`, `token`, `citation`, then `answer`
        or `error`.
        """
        question = body.to_question(assistant.settings.k)
        if not body.stream:
            return answer_body(assistant.ask(question))
        answers = assistant.chain.stream(question)
        # The first one shows whether the question can be asked: where it cannot, that is a problem, not a stream.
        first = next(answers)
        return StreamingResponse(events(first, answers), media_type="text/event-stream")

    api.include_router(search_router(assistant))
    api.include_router(articles_router(assistant, jobs))
    api.include_router(completions_router(assistant))
    api.include_router(feedback_router(FeedbackStore(library.folder)))
    api.include_router(reports_router(Reports(assistant.settings.reports)))
    api.include_router(health_router(assistant))
    return api
