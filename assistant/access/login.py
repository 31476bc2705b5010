"""Logging in to the page with a key, and out."""

from html import escape
from typing import Annotated

from fastapi import APIRouter, Cookie, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from assistant.access.guard import COOKIE
from assistant.access.keys import SESSION, KeyStore

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Dateline: log in</title>
<style>
body {{ font: 1.125rem/1.5 Georgia, serif; max-width: 26rem; margin: 18vh auto 0; padding: 0 1.25rem; }}
h1 {{ font-weight: 400; font-size: 2.25rem; margin: 0 0 1.5rem; border-bottom: 1px solid; }}
label, input, button {{ display: block; width: 100%; box-sizing: border-box; font: inherit; }}
input {{ margin: .25rem 0 1rem; padding: .5rem; border: 1px solid; border-radius: 2px; }}
button {{ padding: .5rem; cursor: pointer; }}
.problem {{ color: light-dark(#8c1d18, #ff9a92); }}
</style>
</head>
<body>
<main>
<h1>Dateline</h1>
{problem}
<form method="post" action="{action}">
<label for="key">Your key</label>
<input id="key" name="key" type="password" autocomplete="current-password" required autofocus>
<button type="submit">Log in</button>
</form>
</main>
</body>
</html>
"""


def login_router(keys: KeyStore) -> APIRouter:
    """The routes, over a library's keys."""
    router = APIRouter(include_in_schema=False)

    @router.get("/login")
    def form(request: Request) -> HTMLResponse:
        return _page(request)

    @router.post("/login", max_body_size=10_000)
    def log_in(request: Request, key: Annotated[str, Form(max_length=1_000)]) -> Response:
        known = keys.find(key.strip())
        if known is None:
            return _page(request, "This is no valid key. Whoever runs this server makes one: dateline key create", 401)
        response = RedirectResponse(request.scope.get("root_path", "") + "/", 303)
        response.set_cookie(
            COOKIE,
            keys.log_in(known),
            max_age=int(SESSION.total_seconds()),
            secure=request.url.scheme == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    @router.post("/logout")
    def log_out(dateline_session: Annotated[str | None, Cookie()] = None) -> Response:
        if dateline_session:
            keys.log_out(dateline_session)
        response = RedirectResponse("/login", 303)
        response.delete_cookie(COOKIE)
        return response

    return router


def _page(request: Request, problem: str = "", status: int = 200) -> HTMLResponse:
    told = f'<p class="problem" role="alert">{escape(problem)}</p>' if problem else ""
    html = _PAGE.format(problem=told, action=escape(request.scope.get("root_path", "") + "/login"))
    headers = {
        "content-security-policy": _POLICY,
        "cache-control": "no-store",
        "referrer-policy": "same-origin",
        "x-content-type-options": "nosniff",
    }
    return HTMLResponse(html, status, headers)
