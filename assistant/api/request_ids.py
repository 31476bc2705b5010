"""An id for each request: sent back as `X-Request-Id`, and named in problems and in the log."""

import re
import secrets
from contextvars import ContextVar

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADER = "x-request-id"
_ACCEPTED = re.compile(r"[\w.:-]{1,64}", re.ASCII)
_current: ContextVar[str | None] = ContextVar("request_id", default=None)


def request_id() -> str | None:
    """The id of the request being answered; None outside of one."""
    return _current.get()


class RequestIds:
    """Wraps an ASGI application: takes over a request's id where a proxy gave it one, else gives it one."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        given = Headers(scope=scope).get(_HEADER, "")
        identity = given if _ACCEPTED.fullmatch(given) else secrets.token_hex(8)

        async def send_with_id(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message)[_HEADER] = identity
            await send(message)

        token = _current.set(identity)
        try:
            await self._app(scope, receive, send_with_id)
        finally:
            _current.reset(token)
