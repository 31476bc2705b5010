"""The API's routes."""

from dataclasses import asdict, dataclass
from importlib.metadata import version
from typing import Any

from fastapi import FastAPI, Query
from fastapi.responses import JSONResponse

from assistant.api.problems import problem, register_problems
from assistant.api.requests import AskIn, SearchIn
from assistant.assistant import Assistant
from assistant.bodies import AnswerBody, ArticleBody, PassageBody, answer_body, article_body, passage_body
from index.catalog import ArticleSummary

_PROBLEM: dict[str, Any] = {"description": "A problem (RFC 9457); `detail` says what to do."}


@dataclass(frozen=True)
class SearchBody:
    """What a search found, best first."""

    query: str
    index_id: str
    passages: list[PassageBody]


@dataclass(frozen=True)
class ArticlesBody:
    """A page of the articles, newest first; `total` counts them all."""

    total: int
    articles: list[ArticleSummary]


def create_api(assistant: Assistant) -> FastAPI:
    """The FastAPI application with the API's routes.

    Args:
        assistant: What answers.
    """
    from fastapi_offline import FastAPIOffline

    # FastAPI's own /docs loads its script and style from another host; this one serves them itself.
    api: FastAPI = FastAPIOffline(
        static_url="/docs-static",
        redoc_url=None,
        title="Dateline",
        summary="Question answering over news articles, every answer cited to the letter.",
        version=version("dateline"),
        responses={422: _PROBLEM},
    )
    register_problems(api)
    library = assistant.library

    # Plain functions, not coroutines: the server runs them in threads, so that one question holds up no other.

    @api.post("/v1/ask", tags=["ask"], responses={409: _PROBLEM})
    def ask(body: AskIn) -> AnswerBody:
        """Answer a question with cited passages, or abstain."""
        return answer_body(assistant.ask(body.to_question(assistant.settings.k)))

    @api.post("/v1/search", tags=["ask"], responses={409: _PROBLEM})
    def search(body: SearchIn) -> SearchBody:
        """Find passages by meaning and by words."""
        hits = assistant.search(body.query, body.k or assistant.settings.k, body.filters.to_filters())
        passages = [passage_body(hit, library.article(hit.passage.article_id).title) for hit in hits]
        return SearchBody(body.query, library.index_id, passages)

    @api.get("/v1/articles", tags=["articles"])
    def articles(offset: int = Query(0, ge=0), limit: int = Query(100, ge=1, le=1_000)) -> ArticlesBody:
        """List the articles, newest first."""
        summaries = library.articles()
        return ArticlesBody(len(summaries), summaries[offset : offset + limit])

    @api.get("/v1/articles/{article_id}", tags=["articles"], responses={404: _PROBLEM})
    def article(article_id: str) -> ArticleBody:
        """One article, with the text that every citation's offsets refer to, and its copies."""
        return article_body(library.article(article_id), library.copies(article_id))

    @api.get("/healthz", tags=["health"])
    def healthz() -> dict[str, str]:
        """Whether the process is alive."""
        return {"status": "ok"}

    @api.get("/readyz", tags=["health"], responses={503: _PROBLEM}, response_model=None)
    def readyz() -> dict[str, Any] | JSONResponse:
        """Whether questions can be answered: the models are loaded and something is indexed."""
        if not assistant.warm:
            return problem(503, "The models are still loading. Try again in a few seconds.")
        if library.is_empty():
            return problem(503, "Nothing is indexed yet. Add articles: dateline add PATH…")
        return {"status": "ready", **asdict(library.status())}

    return api
