"""What a file says about its article besides the text."""

import re
from dataclasses import dataclass, fields
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Metadata:
    """The fields of an article that a file states outright; see `index.article.Article` for what each is."""

    title: str | None = None
    source: str | None = None
    url: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    place: str | None = None
    language: str | None = None
    section: str | None = None

    def __or__(self, other: "Metadata") -> "Metadata":
        """What is known here, and from the other what is not."""
        names = (field.name for field in fields(self))
        return Metadata(**{name: getattr(self, name) or getattr(other, name) for name in names})


def web_url(text: str | None) -> str | None:
    """The address, if it is one of the web: a citation links to it, so `javascript:` and the like must not pass."""
    text = (text or "").strip()
    try:
        parts = urlsplit(text)
    except ValueError:
        return None
    return text if parts.scheme in ("http", "https") and parts.netloc and not re.search(r"\s", text) else None


def language_code(text: str | None) -> str | None:
    """The two letters of a language tag (`en-GB` -> `en`), or None."""
    match = re.fullmatch(r"([a-z]{2})(?:[-_].*)?", (text or "").strip().lower())
    return match[1] if match else None
