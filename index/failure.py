"""What could not be read, and why."""

from dataclasses import dataclass, field

_LONGEST = 4096  # characters, as the longest path


@dataclass(frozen=True)
class Failure:
    """A file or page, or an entry of one, that could not be read.

    Attributes:
        path: The path or address as given or found; `path#position` for one entry, counted from 0 as in
            `Article.origin`; `path!name` for a file in an archive.
        reason: What is wrong and what to do about it.
        may_pass: Whether it may go better another time, on a machine less busy: it took too long, or its reader died.
    """

    path: str
    reason: str
    may_pass: bool = field(default=False, compare=False)


def shown(text: str) -> str:
    r"""A name or a reason as it may be printed: what a terminal obeys or hides (escapes, marks of direction) as `\x1b`.

    What is longer than the longest path is cut.
    """
    if len(text) > _LONGEST:
        text = f"{text[:_LONGEST]}…"
    if text.isprintable():
        return text
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in text)
