"""Questions made from a sentence, by leaving out what it names; and asking the reader whom a quote says it of.

"Mohsin Naqvi received Natalie Baker" makes "who received Natalie Baker" and "Mohsin Naqvi received who". Both names
stand in the quote of many a sentence that is wrong; but asked like this, it gives another before the one left out.
(Questions made from a claim to check it: Wang et al. 2020, QAGS.)
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from assistant.chat.verifying.days import take_days
from assistant.chat.verifying.figures import figures
from assistant.chat.verifying.names import folded, has, names, vocabulary
from assistant.reader.network import ScoredSpan

_PLACE = re.compile(r"\b(?:in|at|near|off|from|to|into|around)\s+(?:the\s+)?$", re.IGNORECASE)
_BEFORE_DAY = re.compile(r"\b(?:on|in|by|until|since|from)\s+$", re.IGNORECASE)
_MOST = 6
"""Questions asked of one sentence."""
_SPANS = 10
"""Answers looked at for each."""
_BESIDE = 2
"""Words beside a name by which it is known to stand in the same place."""
_LEAST = -8.0
"""The score of a name that is not among them, and the least that one counts with."""


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


def clozes(sentence: str) -> Iterator[Cloze]:
    """The questions that a sentence makes."""
    body = sentence.rstrip(".!? ")
    for run in _runs(body):
        start = body.find(run)
        before, behind = body[:start], body[start + len(run) :]
        place = _PLACE.search(before)
        yield Cloze(f"{before[: place.start()]}where{behind}?" if place else f"{before}who{behind}?", run, True)
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


def lead(sentence: str, text: str, context: str, network: Network) -> float:
    """By how much a text gives a sentence's names before others that the sentence has not.

    Args:
        sentence: What is claimed.
        text: The quotes.
        context: What stands before them: headline and date.
        network: Marks answers.

    Returns:
        The reader's score for the name left out less that for the best other one, for the name where this is least;
        0 where there is no name, or no other one.
    """
    mine, leads = vocabulary(sentence), [0.0]
    asked = [cloze for cloze in clozes(sentence) if cloze.is_name and not _stands_so(cloze.left_out, sentence, text)]
    for cloze in asked[:_MOST]:
        (spans,) = network.read(cloze.question, [text], [context], _SPANS)
        same, other = _LEAST, _LEAST
        for span in spans:
            found = text[span.start : span.end]
            known = vocabulary(found)
            if any(has(word, known) for word in cloze.left_out.split()):
                same = max(same, span.score)
            elif any(not has(name, mine) for name in names(f"x {found}")):
                other = max(other, span.score)
        leads.append(same - other)
    return min(leads)


def _stands_so(name: str, sentence: str, text: str) -> bool:
    """Whether a text has a name with the two words before it, or behind it, that the sentence has there."""
    words, there = _folded_words(sentence), f" {' '.join(_folded_words(text))} "
    asked = _folded_words(name)
    for start in range(len(words) - len(asked) + 1):
        end = start + len(asked)
        if words[start:end] != asked:
            continue
        runs = ([words[start - _BESIDE : end]] if start >= _BESIDE else []) + [words[start : end + _BESIDE]]
        if any(len(run) == len(asked) + _BESIDE and f" {' '.join(run)} " in there for run in runs):
            return True
    return False


def _folded_words(text: str) -> list[str]:
    return [folded(word) for word in re.findall(r"\w[\w’'.-]*\w|\w", text)]
