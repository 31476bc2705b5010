"""Routes for eval reports."""

from typing import Annotated

from fastapi import APIRouter, Query

from assistant.api.answers import ReportBody, ReportsBody
from assistant.api.problems import described
from assistant.reports import Reports


def reports_router(reports: Reports) -> APIRouter:
    """The routes, over the reports of a folder."""
    router = APIRouter(prefix="/v1/eval", tags=["eval"])

    @router.get("/reports")
    def all_reports() -> ReportsBody:
        """List the reports, newest first, each with its figures over all questions."""
        return ReportsBody(reports.all())

    @router.get("/reports/{report_id}", responses=described(404))
    def report(report_id: str, wrong: Annotated[int, Query(ge=0, le=1_000)] = 20) -> ReportBody:
        """One report whole, with so many of the wrong answers."""
        return ReportBody(report_id, reports.figures(report_id), reports.wrong(report_id, wrong))

    return router
