"""The article: what was published, cleaned, with the text that every offset refers to."""

import hashlib
import json
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from index.dates_shown import day_in_words


@dataclass(frozen=True)
class Article:
    """One story.

    `text` is the cleaned body: paragraphs separated by one blank line, clutter of the web page gone. Every offset
    in Dateline is a code-point offset into it. The title is not part of it.

    Dates are ISO 8601, a day (`2025-05-09`) or a moment (`2025-05-09T10:30:00+00:00`). `published` is the best date
    known: where a page shows only when it was updated, it is that.

    Attributes:
        title: The headline; never empty.
        text: The cleaned body; never empty.
        source: The publisher, e.g. `Arab News`.
        url: Where it was published.
        author: The byline's names.
        published: When it was published (ISO 8601).
        updated: When it was last updated (ISO 8601).
        place: The dateline's place as written, e.g. `ISLAMABAD`.
        language: ISO 639-1 code, e.g. `en`.
        section: The section of the paper, e.g. `Business`.
        pages: Where each page of a paged document begins in `text`: page 1 first, at 0, none before the one ahead of
            it, none beyond the text's end; an empty page begins where the next does. Empty where there are no pages.
        origin: Where it was read from: `path#position` in that file, or None (standard input, the API). Not part of
            what the article is: moving a file changes neither id nor hash.
        language_detected: Whether `language` was told from the text, because the file does not say. Then it is no part
            of what the article is either: a better detector changes neither id nor hash.
    """

    title: str
    text: str
    source: str | None = None
    url: str | None = None
    author: str | None = None
    published: str | None = None
    updated: str | None = None
    place: str | None = None
    language: str | None = None
    section: str | None = None
    pages: tuple[int, ...] = ()
    origin: str | None = field(default=None, compare=False)
    language_detected: bool = field(default=False, compare=False)

    @cached_property
    def content_hash(self) -> str:
        """SHA-256 over everything but the origin and a detected language, as 64 hexadecimal digits."""
        content: list[object] = [
            self.title,
            self.text,
            self.source,
            self.url,
            self.author,
            self.published,
            self.updated,
            self.place,
            None if self.language_detected else self.language,
        ]
        if self.section or self.pages:  # without them the hash is what it was before there were such fields
            content += [self.section, self.pages]
        return hashlib.sha256(json.dumps(content, ensure_ascii=True).encode()).hexdigest()

    @property
    def id(self) -> str:
        """The first 16 digits of the content hash: a changed article is another article, so old links never lie."""
        return self.content_hash[:16]

    @property
    def context(self) -> str:
        """What stands before a passage when it is embedded and read: `title · 9 May 2025 · `."""
        return "".join(f"{part} · " for part in (self.title, day_in_words(self.published)) if part)

    def page_at(self, offset: int) -> int | None:
        """The page on which the character at an offset of `text` stands, from 1; None where there are no pages."""
        return bisect_right(self.pages, offset) or None

    @property
    def published_day(self) -> int | None:
        """The day of publication as the number yyyymmdd, to filter by; None where unknown."""
        return int(self.published[:10].replace("-", "")) if self.published else None
