"""Requests to an application, byte for byte: a client would tidy their paths up first."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote


@dataclass
class Reply:
    """What an application answered."""

    status: int = 0
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""

    def json(self) -> Any:
        return json.loads(self.body)


def send(app: Any, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
    """Send one request, as a server would hand it to the application; `_` in a header's name is a hyphen."""
    return asyncio.run(asend(app, method, path, body, **headers))


async def asend(app: Any, method: str, path: str, body: bytes = b"", **headers: str) -> Reply:
    """The same within a loop."""
    path, _, query = path.partition("?")
    named = {"host": "127.0.0.1", **{name.replace("_", "-"): value for name, value in headers.items()}}
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http",
        "path": unquote(path, errors="replace"), "raw_path": path.encode(), "query_string": query.encode(),
        "root_path": "", "headers": [(name.encode(), value.encode()) for name, value in named.items()],
        "client": ("127.0.0.1", 5000), "server": ("127.0.0.1", 7860), "state": {},
    }  # fmt: skip
    reply, sent = Reply(), False

    async def receive() -> dict[str, Any]:
        nonlocal sent
        if sent:
            await asyncio.sleep(0.3)  # time to answer; some of Gradio's streams only end with this
            return {"type": "http.disconnect"}
        sent = True
        return {"type": "http.request", "body": body}

    async def take(message: Any) -> None:
        if message["type"] == "http.response.start":
            reply.status = message["status"]
            reply.headers = {name.decode().lower(): value.decode() for name, value in message["headers"]}
        elif message["type"] == "http.response.body":
            reply.body += message.get("body", b"")

    await app(scope, receive, take)
    return reply


def routes(app: Any, prefix: str = "") -> Iterator[tuple[str, str]]:
    """Every route of an application and of all that is mounted in it, as method and path."""
    for route in getattr(app, "routes", None) or []:
        path = prefix + (getattr(route, "path", None) or "")
        for method in getattr(route, "methods", None) or ():
            yield method, path
        if inner := getattr(route, "original_router", None):
            yield from routes(inner, path)
        elif getattr(route, "app", None) is not None and not getattr(route, "methods", None):
            mounted = route.app
            while not hasattr(mounted, "routes") and hasattr(mounted, "_app"):
                mounted = mounted._app
            yield from routes(mounted, path)
            yield "GET", f"{path}/anything"
