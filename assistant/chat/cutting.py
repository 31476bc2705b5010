"""A model's words cut into sentences as they come, each with the numbers of the passages that it cites."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from index.sentences import sentences

_NUMBERS = r"[\[【]\s*\d{1,4}(?:\s*[-–—,;]\s*\d{1,4})*\s*[\]】]"
MARK = re.compile(rf"\s*({_NUMBERS})")
"""A mark and the space before it: `[2]`, `[1, 2]`, `[1-3]`, `【1】`."""
_BEHIND_STOP = re.compile(rf"([.!?…]+[\"”’')*_]*)((?:\s*{_NUMBERS})+)")
_NUMBER_OR_RANGE = re.compile(r"(\d+)(?:\s*[-–—]\s*(\d+))?")
_LONGEST_RANGE = 50
_LOOKAHEAD = 6
"""Words behind a sentence's end before it is believed: "9 a.m. Friday" is not over at "a.m."."""
_DRESSING = re.compile(r"\*\*|__|`|^\s*(?:#{1,6}|>|[-*•]|\d{1,2}[.)])\s+|^[*_]|[*_]$")


@dataclass(frozen=True)
class Marked:
    """A sentence of a model's answer.

    Attributes:
        text: Its words, without marks and Markdown.
        numbers: The passages it cites, as numbered in the prompt, in the order of its marks; perhaps such as are not.
    """

    text: str
    numbers: tuple[int, ...]


class Cutter:
    """Cuts words into sentences as soon as these are over.

    What comes out depends on the words alone, not on how they are cut into deltas.
    """

    def __init__(self) -> None:
        self._waiting, self._word = "", ""

    def feed(self, delta: str) -> Iterator[Marked]:
        """The sentences that are over with these further words."""
        for character in delta:
            self._word += character
            if character.isspace():
                self._waiting, self._word = self._waiting + self._word, ""
                done, self._waiting = _take(self._waiting)
                yield from done

    def rest(self) -> Iterator[Marked]:
        """The sentences of what is left, once nothing more comes."""
        waiting, self._waiting, self._word = self._waiting + self._word, "", ""
        yield from (marked for start, end, text in _sentences(waiting) if (marked := _marked(text[start:end])))


def cut(deltas: Iterable[str]) -> Iterator[Marked]:
    """Cut words into sentences as soon as these are over; see `Cutter`.

    Args:
        deltas: The model's words, in any pieces.
    """
    cutter = Cutter()
    for delta in deltas:
        yield from cutter.feed(delta)
    yield from cutter.rest()


def _take(waiting: str) -> tuple[list[Marked], str]:
    """The sentences that are over, and what is left to wait for."""
    if len(waiting.split()) <= _LOOKAHEAD:
        return [], waiting
    found = _sentences(waiting)
    taken, behind = [], 0
    for start, end, text in found:
        if len(MARK.sub("", text[end:]).split()) < _LOOKAHEAD or _opens_quotation(text[behind:end]):
            break
        taken.append(_marked(text[start:end]))
        behind = end
    return [marked for marked in taken if marked], found[0][2][behind:] if taken else waiting


def _opens_quotation(text: str) -> bool:
    return text.count("“") > text.count("”") or text.count('"') % 2 == 1


def _sentences(text: str) -> list[tuple[int, int, str]]:
    """Ranges of the sentences, and the text that they are ranges of: the marks behind full stops moved before them."""
    moved = _BEHIND_STOP.sub(lambda found: f" {found[2].strip()}{found[1]}", text)
    return [(start, end, moved) for start, end in sentences(moved)]


def _marked(sentence: str) -> Marked | None:
    """A sentence without its marks; None where nothing else is in it."""
    text = _DRESSING.sub("", MARK.sub("", sentence).strip()).strip()
    numbers: list[int] = []
    for mark in MARK.findall(sentence):
        for first, last in _NUMBER_OR_RANGE.findall(mark):
            behind = min(int(last or first), int(first) + _LONGEST_RANGE)
            numbers.extend(range(int(first), behind + 1))
    return Marked(text, tuple(dict.fromkeys(numbers))) if re.search(r"\w", text) else None
