"""The page on the application: only the routes that it needs, behind those that are there already."""

import re
from typing import Any

from fastapi import FastAPI
from starlette.routing import Match, Mount
from starlette.types import Scope

from assistant.page.offline import Offline

_NEEDED = (
    ("GET", re.compile(r"/|/config|/theme\.css|/(?:assets|static/fonts/\w+)/[\w.-]+")),
    ("GET", re.compile(r"/gradio_api/(?:queue/data|heartbeat/\w+|startup-events)")),
    ("POST", re.compile(r"/gradio_api/(?:queue/join|cancel|reset)")),
)
"""Gradio has some sixty more: uploads, files, a proxy, editing of its own source. The page uses none of them."""


def mount(app: FastAPI, page: Any) -> FastAPI:
    """Serve a page at `/`, besides the routes that the application has.

    Args:
        app: The application.
        page: A `gradio.Blocks`.

    Returns:
        The same application.
    """
    import gradio as gr

    gr.mount_gradio_app(
        app, page, path="/", theme=_theme(), footer_links=[], run_history=False, ssr_mode=False, show_error=False,
        allowed_paths=None, blocked_paths=None, pwa=False, mcp_server=False, enable_monitoring=False,
    )  # fmt: skip
    mounted = app.router.routes.pop()
    app.router.routes.append(PageMount("/", app=Offline(mounted.app)))  # type: ignore[attr-defined]
    return app


class PageMount(Mount):
    """A mount that takes only what the page needs.

    A plain mount at `/` would answer everything that no earlier route matched to the letter: a wrong method or an
    unknown path of the API would get Gradio's answer in place of the API's.
    """

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Whether a request is for the page."""
        if scope["type"] != "http":
            return Match.NONE, {}
        if not is_needed(scope["method"], scope["path"].removeprefix(scope.get("root_path", ""))):
            return Match.NONE, {}
        return super().matches(scope)


def is_needed(method: str, path: str) -> bool:
    """Whether the page needs a route.

    Args:
        method: The HTTP method; HEAD is taken as GET.
        path: The path, from the application's root.
    """
    method = "GET" if method == "HEAD" else method
    return any(method == allowed and pattern.fullmatch(path) for allowed, pattern in _NEEDED)


def _theme() -> Any:
    """Gradio's plainest theme, in fonts that every system has: the default one would ask Google for its own."""
    import gradio as gr

    return gr.themes.Base(font=["Georgia", "serif"], font_mono=["ui-monospace", "monospace"])
