"""Every request, seen from outside: logged and counted."""

import logging
import time

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.observing.logs import EVENT
from assistant.observing.metrics import Metrics

_REQUESTS = logging.getLogger("dateline.requests")
_QUIET = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked every few seconds by machines; counted, and logged only where they fail."""
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"})


class Observed:
    """Wraps an ASGI application. Paths are logged as routes, without ids and queries.

    Args:
        app: What answers.
        metrics: Counts.
    """

    def __init__(self, app: ASGIApp, metrics: Metrics) -> None:
        self._app = app
        self._metrics = metrics

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began, status = time.perf_counter(), 500

        async def send_observed(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self._app(scope, receive, send_observed)
        finally:
            self._note(scope, status, time.perf_counter() - began)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        method = scope["method"] if scope["method"] in _METHODS else "other"
        route = _route(scope)
        self._metrics.requests.labels(method, route, str(status)).inc()
        self._metrics.request_seconds.labels(route).observe(seconds)
        if route in _QUIET and status < 400:
            return
        event = {"method": method, "route": route, "status": status, "ms": round(seconds * 1_000, 1)}
        if key := scope.get("state", {}).get("key_id"):
            event["key"] = key
        _REQUESTS.info("request", extra={EVENT: event})


def _route(scope: Scope) -> str:
    """The route's own path; the page's, and what there is not, under one name each."""
    path = getattr(scope.get("route"), "path_format", None)
    if path:
        return str(path)
    return "page" if scope.get("route") is not None else "none"
