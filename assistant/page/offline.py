"""What keeps the page on this machine: HTML without a trace of other hosts, and headers that forbid them."""

import base64
import hashlib
import re
from functools import cache
from importlib.resources import files
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_ICON = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="5" fill="#8c1d18"/>'
    '<path d="M9 6h7c6 0 9 4 9 10s-3 10-9 10H9zm5 4v12h2c3 0 4-2 4-6s-1-6-4-6z" fill="#fbf9f4"/></svg>'
)
_REMOTE = (
    re.compile(r'<meta\s[^>]*?(?:property|name)="(?:og|twitter):[^>]*>\s*'),
    re.compile(r'<link\s[^>]*?rel="(?:preconnect|dns-prefetch|manifest)"[^>]*>\s*'),
    # It loads a script, and posts to whatever page frames this one.
    re.compile(r"<script\b[^>]*>(?:(?!</script>).)*?iframe-?resizer(?:(?!</script>).)*</script>\s*", re.I | re.S),
)
"""What Gradio's index page says of other hosts (preview pictures, early connections), and of being framed by one."""

_STYLES = ("base.css", "ask.css", "library.css", "quality.css")
_SCRIPTS = ("places.js", "ask.js", "library.js", "quality.js")
_INLINE_SCRIPT = re.compile(r"<script(?![^>]*\ssrc=)[^>]*>(.*?)</script>", re.S)
_HEADERS = {
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
}


def rewritten(html: str) -> str:
    """Gradio's index page as we serve it: nothing of other hosts, our own icon, style and script."""
    for pattern in _REMOTE:
        html = pattern.sub("", html)
    ours = (
        '<meta name="description" content="Questions answered from news articles, with the sentence that says so." />'
        '<meta name="color-scheme" content="light dark" />'
        f'<link rel="icon" href="data:image/svg+xml,{quote(_ICON)}" />'
        f"<style>{''.join(map(own, _STYLES))}</style><script>{''.join(map(own, _SCRIPTS))}</script>"
    )
    # Behind Gradio's own style sheet, so that ours wins where both say something.
    return html.replace("</head>", f"{ours}</head>", 1)


def content_security_policy(html: str = "") -> str:
    """A policy that allows only this server, and of inline scripts only those of this page, by their hash.

    `unsafe-eval` has to stay: Gradio compiles the template of each HTML component in the browser.

    Args:
        html: The page; empty where no page is sent.
    """
    hashes = (base64.b64encode(hashlib.sha256(script.encode()).digest()) for script in _INLINE_SCRIPT.findall(html))
    scripts = " ".join(f"'sha256-{digest.decode()}'" for digest in hashes)
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'unsafe-eval' {scripts}".strip(),
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        )
    )


class Offline:
    """Wraps an ASGI application: rewrites its HTML pages and puts security headers on all it sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # A compressed page could not be rewritten; assets keep their compression.
        if scope["path"].endswith("/"):
            scope = {**scope, "headers": [item for item in scope["headers"] if item[0] != b"accept-encoding"]}
        start: Message = {}
        body = bytearray()

        async def send_rewritten(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(_HEADERS)
                start = message
                if not _is_html(message):
                    MutableHeaders(scope=message)["content-security-policy"] = content_security_policy()
                    await send(message)
            elif message["type"] != "http.response.body" or not _is_html(start):
                await send(message)
            else:
                body.extend(message.get("body", b""))
                if not message.get("more_body", False):
                    await _send_page(start, bytes(body), send)

        await self._app(scope, receive, send_rewritten)


async def _send_page(start: Message, body: bytes, send: Send) -> None:
    html = rewritten(body.decode()) if body else ""
    content = html.encode()
    headers = MutableHeaders(scope=start)
    headers["content-security-policy"] = content_security_policy(html)
    headers["cache-control"] = "no-store"
    if content:
        headers["content-length"] = str(len(content))
    await send(start)
    await send({"type": "http.response.body", "body": content})


def _is_html(start: Message) -> bool:
    return Headers(scope=start).get("content-type", "").startswith("text/html")


@cache
def own(name: str) -> str:
    """A file of the page's own, in `web`."""
    return files(__package__).joinpath("web", name).read_text(encoding="utf-8")
