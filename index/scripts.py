"""Scripts that a tokenizer made for Latin letters cuts wrongly: those without spaces, and those with marks in words."""

import re
import unicodedata
from functools import cache

_KOREAN = "\u1100-\u11ff\u3130-\u318f\uac00-\ud7af"
UNSPACED = (
    "\u0e00-\u0eff"  # Thai, Lao
    "\u1000-\u109f\u1780-\u17ff"  # Burmese, Khmer
    f"{_KOREAN}"  # it has spaces, but also endings written on to words
    "\u2e80-\u2fdf\u3005-\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"  # Chinese characters
    "\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff\uff66-\uff9f"  # Japanese
)
"""Letters of scripts that do not put spaces between words, as ranges for a character class."""
_TIGHT = re.compile(f"(?![{_KOREAN}])[{UNSPACED}\u3000-\u303f\uff01-\uff65]")
_RUN = re.compile(f"[{UNSPACED}]+")
_JOINERS = "\u200c\u200d"


def between(left: str, right: str) -> str:
    """What stands between two rows of print that are put together: a space, but not within Chinese and the like."""
    return "" if _TIGHT.match(left[-1:]) and _TIGHT.match(right[:1]) else " "


def spaced(text: str) -> str:
    """The text as a tokenizer that cuts at what is no letter can take it.

    A run of letters of a script without spaces becomes its pairs of neighbours, each a word (`新しい橋` ->
    `新し しい い橋`), as is usual for Chinese, Japanese and Korean. Vowel points, tone marks and the signs that join
    consonants are left out, for they are no letters and would cut a word. Text in Latin, Greek and Cyrillic letters
    stays as it is.
    """
    if text.isascii():
        return text
    return _RUN.sub(lambda run: f" {_pairs(run[0])} ", _marks().sub("", text))


def _pairs(run: str) -> str:
    return " ".join(run[start : start + 2] for start in range(max(len(run) - 1, 1)))


@cache
def _marks() -> re.Pattern[str]:
    """What combines with a letter in scripts from Hebrew on; accents of Latin letters are the analyzer's business."""
    marks = "".join(chr(code) for code in range(0x0590, 0x2000) if unicodedata.combining(chr(code)))
    return re.compile(f"[{marks}{_JOINERS}]")
