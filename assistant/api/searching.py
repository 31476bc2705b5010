"""The route that searches."""

from fastapi import APIRouter

from assistant.api.answers import SearchBody
from assistant.api.problems import described
from assistant.api.requests import SearchIn
from assistant.assistant import Assistant
from assistant.bodies import passage_body


def search_router(assistant: Assistant) -> APIRouter:
    """The route, over an assistant's library."""
    router = APIRouter(tags=["ask"])
    library = assistant.library

    @router.post("/v1/search", responses=described(409))
    def search(body: SearchIn) -> SearchBody:
        """Find passages by meaning and by words."""
        hits = assistant.search(body.query, body.k or assistant.settings.k, body.filters.to_filters())
        found = {hit.passage.article_id for hit in hits}
        titles = {article_id: article.title for article_id in found if (article := library.find(article_id))}
        passages = [passage_body(hit, titles.get(hit.passage.article_id, "")) for hit in hits]
        return SearchBody(body.query, library.index_id, passages)

    return router
