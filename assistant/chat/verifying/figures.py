"""Numbers in a text, however they are written, with what they count."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from index.terms import terms

_SMALL_WRITTEN = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
)
_SMALL = _SMALL_WRITTEN.split()
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
NUMBER_WORDS = {word: n for n, word in enumerate(_SMALL)} | {word: 10 * n for n, word in enumerate(_TENS, start=2)}
_SCALES = {
    "decade": 10, "dozen": 12, "hundred": 100, "thousand": 1_000, "million": 10**6, "billion": 10**9,
    "trillion": 10**12, "k": 1_000, "m": 10**6, "mn": 10**6, "bn": 10**9, "lakh": 10**5, "crore": 10**7,
}  # fmt: skip
_IMPLIED = {
    "decade": 10, "century": 100, "dozen": 12, "both": 2, "pair": 2, "couple": 2, "twice": 2, "double": 2, "doubled": 2,
    "thrice": 3, "triple": 3, "tripled": 3, "half": 2, "once": 1, "single": 1, "twins": 2, "fortnight": 14,
}  # fmt: skip
"""What words say of a number without being one: enough to bear out a number, not to need one."""
_ORDINALS_WRITTEN = (
    "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth "
    "fifteenth sixteenth seventeenth eighteenth nineteenth twentieth"
)
_ORDINALS = _ORDINALS_WRITTEN.split()
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:[.:]\d+)?"
_UNIT = rf"(?:(?:{'|'.join(_TENS)})(?:[\s-](?:{'|'.join(_SMALL[1:10])})\b)?|(?:{'|'.join(_SMALL)})\b)"
_SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|decade|lakh|crore|bn|mn)s?"
_SPELT = rf"{_UNIT}(?:\s+{_SCALE}\b(?:\s+(?:and\s+)?{_UNIT})?)*"
_FIGURE = re.compile(
    rf"(?P<money>[$€£¥₹])?\s?(?:\b(?P<digits>{_DIGITS})(?P<ordinal>st|nd|rd|th)?"
    rf"(?:[\s-]?(?P<scale>{_SCALE})\b|(?P<letter>[mk])\b)?|\b(?P<spelt>{_SPELT})\b|\b(?P<article>an?)\s+(?P<one>{_SCALE})\b)"
    r"(?P<percent>\s?%|[\s-](?:percent|per\s+cent|pc)\b)?(?P<clock>\s?[ap]\.?\s?m\b\.?)?",
    re.IGNORECASE,
)
_ORDINAL = re.compile(rf"\b(?P<tens>(?:{'|'.join(_TENS)})-)?(?P<ordinal>{'|'.join(_ORDINALS[2:])})\b", re.IGNORECASE)
_NOON = re.compile(r"\b(?P<noon>noon|midday|midnight)\b", re.IGNORECASE)
_CLAUSE = re.compile(
    r"[,;:.!?](?:\s|$)|\s(?:and|but|or|while|against|from|to|on|in|at|of|by|after|before|for|with|than|as|since|until|who|that)\s",
    re.IGNORECASE,
)
_COMPARING = frozenset(terms("more less fewer lower higher earlier later sooner each apiece altogether"))
"""Terms that stand behind a number and are not what it counts."""
_FEW = 12
"""The greatest number that a text would give of what the sentence counts as two."""
_CURRENCIES = {
    "$": "dollar", "€": "euro", "£": "pound", "¥": "yen", "₹": "rupe",
}  # fmt: skip


@dataclass(frozen=True)
class Figure:
    """A number.

    Attributes:
        written: The words.
        value: What it comes to, scales multiplied out; the minutes since midnight for a time of day.
        kind: `number`, `percent`, `time` or `ordinal`.
        unit: The term behind it, which it counts, or its currency; empty where there is none.
    """

    written: str
    value: Decimal
    kind: str
    unit: str = ""


def figures(text: str) -> list[Figure]:
    """The numbers of a text whose dates were taken out of it (see `assistant.chat.verifying.days`)."""
    found = []
    for match in _FIGURE.finditer(text):
        if figure := _figure(match, text[match.end() :]):
            found.append(figure)
    for match in _ORDINAL.finditer(text):
        tens = 10 * (_TENS.index(match["tens"].rstrip("-").lower()) + 2) if match["tens"] else 0
        value = tens + _ORDINALS.index(match["ordinal"].lower()) + 1
        found.append(Figure(match[0], Decimal(value), "ordinal"))
    for match in _NOON.finditer(text):
        found.append(Figure(match[0], Decimal(0 if match[0].lower() == "midnight" else 720), "time"))
    return found


def implied(text: str) -> set[Decimal]:
    """The numbers that words such as `decade` and `both` stand for."""
    return {
        Decimal(_IMPLIED[word])
        for word in re.findall(r"\w+", text.lower().replace("decades", "decade"))
        if word in _IMPLIED
    }


def _figure(match: re.Match[str], behind: str) -> Figure | None:
    written = match[0].strip()
    if match["clock"] and match["digits"]:
        minutes = _minutes(match["digits"], match["clock"])
        return Figure(written, Decimal(minutes), "time") if minutes is not None else None
    if match["digits"]:
        value = Decimal(match["digits"].replace(",", "").replace(":", "."))
        letter = match["letter"] if match["money"] else None  # "15m" alone may be metres
        scale = match["scale"] or letter
        value *= _SCALES[scale.lower().rstrip("s")] if scale else 1
    elif match["spelt"]:
        value = _spelt(match["spelt"])
    else:
        value = Decimal(_SCALES[match["one"].lower().rstrip("s")])
    if match["ordinal"]:
        return Figure(written, value, "ordinal")
    counted = next(iter(terms(_CLAUSE.split(behind, maxsplit=1)[0])), "")
    unit = _CURRENCIES[match["money"]] if match["money"] else "" if counted in _COMPARING else counted
    return Figure(written, value, "percent" if match["percent"] else "number", unit)


def _minutes(digits: str, clock: str) -> int | None:
    hour, _, minute = digits.replace(":", ".").partition(".")
    if "," in hour or int(hour) > 12 or int(minute or 0) > 59:
        return None
    return int(hour) % 12 * 60 + int(minute or 0) + (720 if clock.strip().lower().startswith("p") else 0)


def _spelt(words: str) -> Decimal:
    """`thirty-four` is 34, `two hundred and six` 206, `twelve hundred` 1,200."""
    total, part = 0, 0
    for word in re.findall(r"[a-z]+", words.lower()):
        if word in NUMBER_WORDS:
            part += NUMBER_WORDS[word]
        elif word.rstrip("s") in _SCALES:
            scale = _SCALES[word.rstrip("s")]
            part = max(part, 1) * scale
            if scale >= 1_000:
                total, part = total + part, 0
    return Decimal(total + part)


def is_borne_out(claimed: Figure, said: Sequence[Figure], text: str) -> bool:
    """Whether a number stands in a text, and counts there what it is said to count.

    Args:
        claimed: A number in a sentence.
        said: The numbers of the text.
        text: The text, dates included.
    """
    same = [figure for figure in said if _same(claimed, figure)]
    if not same:
        if claimed.kind != "number" or claimed.value != 2:
            return claimed.kind == "number" and (claimed.value == 1 or claimed.value in implied(text))
        # "the two sides", of whom the text names both and counts nothing
        return 2 in implied(text) or not any(0 < figure.value <= _FEW for figure in said if figure.kind == "number")
    if not claimed.unit or any(figure.unit in ("", claimed.unit) for figure in same):
        return True
    # `40 dead` where the text has `12 dead and 40 injured`.
    return all(figure.unit != claimed.unit for figure in said)


def _same(claimed: Figure, said: Figure) -> bool:
    if claimed.kind == said.kind:
        return claimed.value == said.value
    if "time" in (claimed.kind, said.kind):  # "7.50" said of a time
        number = said if claimed.kind == "time" else claimed
        minutes = int(number.value) * 60 + int(number.value % 1 * 100)
        time = claimed if claimed.kind == "time" else said
        return number.kind == "number" and "." in number.written and time.value % 720 == minutes % 720
    return {claimed.kind, said.kind} == {"ordinal", "number"} and claimed.value == said.value
