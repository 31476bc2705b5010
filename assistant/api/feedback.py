"""Routes for feedback."""

from typing import Annotated

from fastapi import APIRouter, Query

from assistant.api.answers import FeedbackListBody
from assistant.api.problems import described
from assistant.api.requests import FeedbackIn
from assistant.feedback import Feedback, FeedbackStore


def feedback_router(store: FeedbackStore) -> APIRouter:
    """The routes, over what is kept."""
    router = APIRouter(tags=["feedback"])

    @router.post("/v1/feedback", status_code=201, responses=described(409))
    def give(body: FeedbackIn) -> Feedback:
        """Say what you think of an answer."""
        feedback = Feedback(**body.model_dump())
        store.keep(feedback)
        return feedback

    @router.get("/v1/feedback")
    def given(
        offset: Annotated[int, Query(ge=0, le=2**31)] = 0, limit: Annotated[int, Query(ge=1, le=1_000)] = 100
    ) -> FeedbackListBody:
        """List what was said, newest first."""
        return FeedbackListBody(*store.page(offset, limit))

    return router
