"""What a sentence says was put right: `396 schools and not 412`, `lowered from 27 to 21`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen twenty"
)
"""Numbers that news writes as words, in order."""
SCALES = "hundred thousand million billion trillion dozen"
"""Words that multiply a number."""
_NUMBER = rf"[$€£]?\d+(?:[.,:]\d+)*|\b(?:{'|'.join(SMALL.split())})\b"
_FIGURE = rf"(?:{_NUMBER})(?:\s+(?:{'|'.join(SCALES.split())})\b)?"
_CHANGED = (
    r"\b(?:cut|lower|reduc|revis|correct|chang|rais|ris|rose|increas|grow|grew|climb|jump|swell|swoll|drop|fall|fell|"
    r"shr[iau]nk|slid|slip|up|down)\w*"
)
_FROM_TO = re.compile(
    rf"{_CHANGED}\b[^.;“”]{{0,60}}?\bfrom\s+(?P<old>{_FIGURE})(?:\s+\w+){{0,3}}?\s+to\s+(?P<new>{_FIGURE})",
    re.IGNORECASE,
)
_NOT = re.compile(
    rf"(?P<new>{_FIGURE})[^;“”]{{0,40}}?,?\s(?:and\s+not|not|rather\s+than|instead\s+of|up\s+from|down\s+from)\s+"
    rf"(?:(?:the|at|on|in|by|to|about|an?)\s+){{0,2}}(?P<old>{_FIGURE})",
    re.IGNORECASE,
)
_EARLIER = re.compile(
    r"\b(?:original\w*|initial\w*|at first|first|earlier|previous\w*|former\w*|before|until|old|had been|from what)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Correction:
    """A figure that took the place of another.

    Attributes:
        start: Offset of the figure that holds, in the text.
        end: Offset behind it.
        old: The figure that no longer holds, as written.
    """

    start: int
    end: int
    old: str


def corrections(sentence: str) -> Iterator[Correction]:
    """The corrections that a sentence states.

    A range (`open from 9 to 5`) is none: there has to be a word of change before `from … to`.
    """
    for pattern in (_NOT, _FROM_TO):
        for match in pattern.finditer(sentence):
            yield Correction(*match.span("new"), match["old"])


def asks_for_the_earlier(question: str) -> bool:
    """Whether a question is about what was said before a correction."""
    return bool(_EARLIER.search(question))
