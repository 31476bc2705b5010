"""The chat page: a question box, answers with numbered citations, and the article that a citation points into."""

import os
import tempfile
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from fastapi import FastAPI

    from assistant.assistant import Assistant


def mount_page(app: "FastAPI", assistant: "Assistant") -> "FastAPI":
    """Serve the chat page at `/` of an application.

    Call it when all other routes are there: what they serve stays theirs, everything else goes to the page.

    Args:
        app: Serves the page besides its own routes.
        assistant: Answers the questions asked on it.

    Returns:
        The same application.
    """
    _keep_gradio_to_itself()
    from assistant.page.blocks import build_page
    from assistant.page.mounting import mount

    return mount(app, build_page(assistant))


@cache
def _keep_gradio_to_itself() -> None:
    """Switch Gradio's telemetry off and give it a temporary folder of its own; it reads both when imported."""
    os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
    os.environ["GRADIO_RUN_HISTORY"] = "False"
    os.environ["GRADIO_TEMP_DIR"] = _temporary_folder().name


@cache
def _temporary_folder() -> "tempfile.TemporaryDirectory[str]":
    """A folder that is removed when the process ends."""
    return tempfile.TemporaryDirectory(prefix="dateline-page-")
