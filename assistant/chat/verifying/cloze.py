"""Asking the reader for what a sentence claims: each of its names and numbers, left out in turn.

"Mohsin Naqvi received Natalie Baker" makes "who received Natalie Baker" and "Mohsin Naqvi received who". If the quote
answers them with the same words, it says who did what to whom, and not only that both are in it. (Questions made from
a claim to check it: Wang et al. 2020, QAGS.)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.chat.verifying.days import take_days
from assistant.chat.verifying.figures import figures
from assistant.chat.verifying.names import folded, names
from assistant.reader.network import ScoredSpan

_PLACE = re.compile(r"\b(?:in|at|near|off|from|to|into|around)\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"\b(?:on|in|by|until|since|from)\s+$", re.IGNORECASE)
_MOST = 6
"""Questions asked of one sentence."""


class Network(Protocol):
    """The packaged reader's network; see `assistant.reader.network.Network`."""

    def read(
        self, question: str, passages: Sequence[str], prefixes: Sequence[str] | None = None, k: int = 1
    ) -> list[list[ScoredSpan]]:
        """The best spans of each passage."""


@dataclass(frozen=True)
class Cloze:
    """A question made from a sentence.

    Attributes:
        question: The sentence with one of its parts asked for.
        left_out: The words of that part.
        is_name: Whether it is a name; a number or a date otherwise.
    """

    question: str
    left_out: str
    is_name: bool


@dataclass(frozen=True)
class Asked:
    """What a text answers to a sentence's clozes.

    Attributes:
        confirmed: Share that it answers with the words left out; None where there is nothing to ask.
        contradicted: The highest margin, 0 and up, with which it gives another name for a name, or number for a number.
        margin: Mean margin of its answers over "no answer".
    """

    confirmed: float | None
    contradicted: float
    margin: float


def clozes(sentence: str) -> Iterator[Cloze]:
    """The questions that a sentence makes."""
    body = sentence.rstrip(".!? ")
    for run in _runs(body):
        start = body.find(run)
        before = body[:start]
        word = "where" if _PLACE.search(before) else "who"
        yield Cloze(
            f"{_PLACE.sub('', before) if word == 'where' else before}{word}{body[start + len(run) :]}?", run, True
        )
    days, rest = take_days(body)
    for day in days:
        start = body.find(day.written)
        yield Cloze(f"{_BEFORE_DAY.sub('', body[:start])}when{body[start + len(day.written) :]}?", day.written, False)
    for figure in figures(rest):
        if figure.kind == "ordinal":
            continue
        start = body.find(figure.written)
        word = {"percent": "what percentage", "time": "what time"}.get(figure.kind, "how many")
        yield Cloze(f"{body[:start]}{word}{body[start + len(figure.written) :]}?", figure.written, False)


def _runs(sentence: str) -> list[str]:
    """The names of a sentence, their words together."""
    single = {re.escape(name) for name in names(sentence)}
    if not single:
        return []
    one = rf"(?<!\w)(?:{'|'.join(sorted(single, key=len, reverse=True))})(?!\w)"
    return list(dict.fromkeys(match[0] for match in re.finditer(rf"{one}(?:[\s-](?:&\s)?{one})*", sentence)))


def ask(sentence: str, text: str, context: str, network: Network) -> Asked:
    """Ask a text for each part of a sentence.

    Args:
        sentence: What is claimed.
        text: The quotes.
        context: What stands before them: headline and date.
        network: Marks answers.
    """
    agreed, contradicted, margins = [], 0.0, []
    for cloze in list(clozes(sentence))[:_MOST]:
        (spans,) = network.read(cloze.question, [text], [context], 1)
        if not spans:
            continue
        found = text[spans[0].start : spans[0].end]
        agrees = _agrees(cloze, found)
        agreed.append(agrees)
        margins.append(spans[0].score)
        if not agrees and (names(f"x {found}") if cloze.is_name else figures(found)):
            contradicted = max(contradicted, spans[0].score)
    if not agreed:
        return Asked(None, 0.0, 0.0)
    return Asked(sum(agreed) / len(agreed), contradicted, sum(margins) / len(margins))


def _agrees(cloze: Cloze, found: str) -> bool:
    if cloze.is_name:
        return bool({folded(word) for word in cloze.left_out.split()} & {folded(word) for word in found.split()})
    mine, theirs = take_days(cloze.left_out), take_days(found)
    if mine[0] and theirs[0]:
        return any(
            (a.day == b.day and a.month == b.month) or (a.weekday is not None and a.weekday == b.weekday)
            for a in mine[0]
            for b in theirs[0]
        )
    values = {figure.value for figure in figures(theirs[1])}
    return any(figure.value in values for figure in figures(mine[1])) or cloze.left_out.casefold() in found.casefold()
