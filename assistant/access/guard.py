"""The guard before every route, the page's own too: who asks, whether they may, how often, and how many at once."""

from collections.abc import Callable
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from assistant.access.exposure import is_loopback
from assistant.access.keys import Key, KeyStore
from assistant.access.queueing import Queue
from assistant.access.rates import Rates
from assistant.access.scopes import allows, needed
from assistant.api.problems import problem
from assistant.settings import Settings

if TYPE_CHECKING:
    from starlette.responses import Response

COOKIE = "dateline_session"
_SLOW = frozenset({"/v1/ask", "/v1/search", "/v1/chat/completions", "/mcp"})
"""What reads: the page has a queue of its own."""
_UNLIMITED = ("/assets/", "/static/", "/docs-static/")
"""Files of the page: a page that is opened asks for sixty of them."""
_CHANGES = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Guard:
    """Wraps an ASGI application.

    Where the library has keys, each request needs one, but those of `scopes.OPEN`. A request that comes from another
    site's page is refused: the browser would send the cookie along, or reach what only this machine should.

    Args:
        app: What is guarded.
        keys: The keys.
        settings: Rates and limits.
        told: Called with how many questions are being answered or waiting, whenever that changes.
    """

    def __init__(
        self, app: ASGIApp, keys: KeyStore, settings: Settings, told: Callable[[int], None] = lambda _: None
    ) -> None:
        self._app = app
        self._keys = keys
        self._settings = settings
        self._rates = Rates(settings.rate)
        self._queue = Queue(app, settings.at_once, settings.waiting, settings.answer_seconds, told)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":  # no route of ours is a websocket
            await send({"type": "websocket.close", "code": 1008})
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        refusal = self._refusal(scope, path)
        if refusal is not None:
            await refusal(scope, receive, send)
        elif path in _SLOW and scope["method"] == "POST":
            await self._queue(scope, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refusal(self, scope: Scope, path: str) -> "Response | None":
        headers = Headers(scope=scope)
        protected = self._keys.any()
        key, is_cookie = self._who(headers)
        if key is not None:
            scope.setdefault("state", {})["key_id"] = key.id
        if (is_cookie or key is None) and _is_from_elsewhere(scope["method"], headers):
            return problem(403, "A page of another site may not do this here. Send an API key to do it from elsewhere.")
        if not protected:
            return self._too_often(scope, None) if self._settings.unprotected else self._misnamed(headers)
        wanted = needed(scope["method"], path)
        if wanted is not None and key is None:
            if scope["method"] == "GET" and "text/html" in headers.get("accept", ""):
                return RedirectResponse("/login", 303)
            missing = "This needs a key: send it as `Authorization: Bearer KEY`, or log in at /login."
            return problem(401, missing, {"www-authenticate": "Bearer"})
        if wanted is not None and key is not None and not allows(key.scopes, wanted):
            names = ", ".join(sorted(wanted))
            return problem(403, f"This key may not do that: it needs the scope {names}. Ask for another key.")
        return None if path.startswith(_UNLIMITED) else self._too_often(scope, key)

    def _who(self, headers: Headers) -> tuple[Key | None, bool]:
        """Whose key was sent, and whether a cookie stood for it; a key that was sent goes before."""
        kind, _, secret = headers.get("authorization", "").partition(" ")
        if kind.lower() == "bearer":
            return self._keys.find(secret.strip()), False
        session = cookie_parser(headers.get("cookie", "")).get(COOKIE)
        return (self._keys.of_session(session), True) if session else (None, False)

    def _misnamed(self, headers: Headers) -> "Response | None":
        """Refuse a name that is not this machine's: another site's name may have been pointed here by its owner."""
        host = urlsplit(f"//{headers.get('host', '')}").hostname or ""
        if not is_loopback(self._settings.host) or is_loopback(host):
            return None
        return problem(421, "This server is reached as 127.0.0.1 or localhost only. For other names make a key.")

    def _too_often(self, scope: Scope, key: Key | None) -> "Response | None":
        client = scope.get("client") or ("nobody",)
        who, rate = (key.id, key.rate) if key else (f"at {client[0]}", None)
        seconds = self._rates.seconds_to_wait(who, rate)
        if not seconds:
            return None
        return problem(429, f"That was too often. Try again in {seconds} s.", {"retry-after": str(seconds)})


def _is_from_elsewhere(method: str, headers: Headers) -> bool:
    """Whether a request that changes something was sent by a page of another site."""
    origin = headers.get("origin")
    if method not in _CHANGES or origin is None:
        return False
    return urlsplit(origin).netloc.lower() != headers.get("host", "").lower()
