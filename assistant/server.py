"""One process, one port: the chat page and the API."""

import signal
import sys
import threading
from typing import TYPE_CHECKING

from assistant.assistant import Assistant, open_library
from assistant.settings import Settings
from index.listing import Listing

if TYPE_CHECKING:
    from fastapi import FastAPI
    from langchain_core.callbacks import BaseCallbackHandler
    from opentelemetry.sdk.trace import TracerProvider
    from starlette.types import ASGIApp

    from assistant.observing.metrics import Metrics


def create_app(settings: Settings) -> "FastAPI":
    """The application: the API's routes, and the chat page at `/`.

    The models are loaded in the background, so that the page is up at once; a question that comes before waits.

    Raises:
        SettingsError: Others would reach it without a key, and the settings do not say that they may.
    """
    from assistant.access import Guard, KeyStore, require_safe_address
    from assistant.access.login import login_router
    from assistant.api import create_api
    from assistant.observing.metrics import Metrics
    from assistant.observing.requests import Observed
    from assistant.observing.traces import provider_to
    from assistant.page import mount_page

    keys = KeyStore(settings.library)
    require_safe_address(settings, keys)
    metrics = Metrics()
    tracers = provider_to(settings.traces, settings.log_content) if settings.traces else None
    assistant = Assistant(open_library(settings), settings, _callbacks(settings, metrics, tracers))
    metrics.watch(
        "dateline_articles", "Articles in the library.", lambda: assistant.library.listed(Listing(limit=0))[0]
    )
    app = create_api(assistant, tracers)
    app.include_router(login_router(keys))
    app.include_router(metrics.router())
    mount_page(app, assistant)
    app.add_middleware(Guard, keys=keys, settings=settings, told=metrics.asked.set)
    app.add_middleware(Observed, metrics=metrics)
    threading.Thread(target=assistant.warm_up, name="warm-up", daemon=True).start()
    return app


def _callbacks(settings: Settings, metrics: "Metrics", tracers: "TracerProvider | None") -> "list[BaseCallbackHandler]":
    """What is told of each question."""
    from assistant.observing.logs import AnswerLog
    from assistant.observing.metrics import AnswerMetrics
    from assistant.observing.traces import Traces

    told: list[BaseCallbackHandler] = [AnswerLog(settings.log_content), AnswerMetrics(metrics)]
    return [*told, Traces(tracers, settings.log_content)] if tracers else told


def serve(settings: Settings) -> None:
    """Serve until interrupted."""
    from assistant.observing.logs import log_as_json

    log_as_json()
    app = create_app(settings)
    address = f"http://{settings.host}:{settings.port}"
    sys.stdout.write(f"Dateline: the chat page at {address}/, the API at {address}/docs. Stop with Ctrl-C.\n")
    sys.stdout.flush()
    _run(app, settings)


def create_tools_app(assistant: Assistant) -> "ASGIApp":
    """The assistant's tools at `/mcp`, behind the same guard as everything else.

    Raises:
        SettingsError: Others would reach it without a key, and the settings do not say that they may.
    """
    from assistant.access import Guard, KeyStore, require_safe_address
    from assistant.tools import tools_app

    settings = assistant.settings
    keys = KeyStore(settings.library)
    require_safe_address(settings, keys)
    return Guard(tools_app(assistant), keys, settings)


def serve_tools(assistant: Assistant) -> None:
    """Serve the tools over HTTP until interrupted."""
    from assistant.observing.logs import log_as_json

    log_as_json()
    app = create_tools_app(assistant)
    host, port = assistant.settings.host, assistant.settings.port
    sys.stderr.write(f"Dateline: tools for agents at http://{host}:{port}/mcp. Stop with Ctrl-C.\n")
    _run(app, assistant.settings)


_KEPT_SECONDS = 75
"""How long an idle connection stays open: longer than clients and proxies keep theirs (5 to 60 s), lest one that asks
just then finds it closed."""


def _run(app: "ASGIApp", settings: Settings) -> None:
    import uvicorn

    # Once its requests are answered, uvicorn has the signal do what it did before. By default that would end the
    # process at once: traces that wait to be sent, and temporary folders, would be left behind.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    uvicorn.run(
        app, host=settings.host, port=settings.port, log_config=None, access_log=False, server_header=False,
        timeout_graceful_shutdown=10, timeout_keep_alive=_KEPT_SECONDS,
    )  # fmt: skip
