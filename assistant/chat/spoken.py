"""What a model says, as text that can be shown: thoughts left out, characters that are none or that mislead dropped."""

import re
from collections.abc import Iterable, Iterator

_UNSEEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200b\u200e\u200f\u202a-\u202e\u2060\u2066-\u2069\ufeff]")
"""Controls, and marks that nobody sees and that turn the order of words about."""
_BEGINS, _ENDS = "<think>", "</think>"


def spoken(deltas: Iterable[str]) -> Iterator[str]:
    """The words meant to be read; empty strings are passed on, they are signs of life.

    Args:
        deltas: The model's words as they come, in any pieces.
    """
    thinking, held = False, ""
    for delta in _whole_characters(deltas):
        held += delta
        said = ""
        while True:
            mark = _ENDS if thinking else _BEGINS
            before, found, behind = held.partition(mark)
            kept = "" if found else _beginning_of(mark, held)
            if not thinking:
                said += before.removesuffix(kept) if kept else before
            held = behind if found else kept
            if not found:
                break
            thinking = not thinking
        yield _UNSEEN.sub("", said)
    if held and not thinking:
        yield _UNSEEN.sub("", held)


def _beginning_of(mark: str, text: str) -> str:
    """What, at the end of a text, may be the beginning of a mark."""
    return next((mark[:n] for n in range(len(mark) - 1, 0, -1) if text.endswith(mark[:n])), "")


def _whole_characters(deltas: Iterable[str]) -> Iterator[str]:
    """Halves of a surrogate pair put together, also across two deltas; a half without its other is replaced."""
    half = ""
    for delta in deltas:
        joined = half + delta
        half = joined[-1] if joined and "\ud800" <= joined[-1] <= "\udbff" else ""
        yield _repaired(joined[: len(joined) - len(half)])
    if half:
        yield _repaired(half)


def _repaired(text: str) -> str:
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
