"""What a request needs to be allowed: the one list of what is open, and of what each key may do."""

import re
from enum import StrEnum


class Scope(StrEnum):
    """What a key may do. `ADMIN` includes the others."""

    ASK = "ask"
    READ = "read"
    WRITE = "write"
    ADMIN = "admin"


OPEN = frozenset({("GET", "/healthz"), ("GET", "/readyz"), ("GET", "/login"), ("POST", "/login")})
"""All that is answered without a key: to the letter, so that no other spelling of a path is."""

_ANY_KEY: frozenset[Scope] = frozenset()
_PAGE = frozenset({Scope.ASK, Scope.READ})
_RULES: tuple[tuple[str, re.Pattern[str], frozenset[Scope]], ...] = tuple(
    (methods, re.compile(path), scopes)
    for methods, path, scopes in (
        ("POST", r"/v1/(?:ask|chat/completions|feedback)", frozenset({Scope.ASK})),
        ("GET", r"/v1/models(?:/[^/]*)?", frozenset({Scope.ASK})),
        ("POST", r"/v1/search", frozenset({Scope.READ})),
        (
            "GET",
            r"/v1/(?:status|library|articles(?:/[^/]*)?|eval/reports(?:/[^/]*)?)|/metrics",
            frozenset({Scope.READ}),
        ),
        ("POST PUT DELETE", r"/v1/articles(?:/[^/]*)?", frozenset({Scope.WRITE})),
        ("GET", r"/v1/jobs/[^/]*", frozenset({Scope.WRITE})),
        ("GET", r"/docs|/openapi\.json|/docs-static/[^/]*", _ANY_KEY),
        ("POST", r"/logout", _ANY_KEY),
        ("GET POST DELETE", r"/mcp", _PAGE),
        ("GET", r"/|/config|/theme\.css|/(?:assets|static)/.*", _PAGE),
        ("GET POST", r"/gradio_api/.*", _PAGE),
    )
)


def needed(method: str, path: str) -> frozenset[Scope] | None:
    """The scopes that a request needs.

    What no rule names needs `ADMIN`: a route that is added and forgotten here is closed, not open.

    Args:
        method: The HTTP method; HEAD is taken as GET.
        path: The path, decoded, from the application's root.

    Returns:
        The scopes, empty where any key will do; None where no key is needed.
    """
    method = "GET" if method == "HEAD" else method
    if (method, path) in OPEN:
        return None
    for methods, pattern, scopes in _RULES:
        if method in methods.split() and pattern.fullmatch(path):
            return scopes
    return frozenset({Scope.ADMIN})


def allows(held: frozenset[Scope], wanted: frozenset[Scope]) -> bool:
    """Whether scopes suffice."""
    return Scope.ADMIN in held or wanted <= held
