"""What of a sentence must stand in its quotes to the letter: names, numbers, dates and quotations."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from assistant.chat.verifying.days import Day, bears_out, take_days
from assistant.chat.verifying.figures import Figure, figures, is_borne_out
from assistant.chat.verifying.names import has, joined, names, stands_joined, vocabulary
from index.article import Article
from index.terms import terms

_QUOTATION = re.compile(r"[“\"]([^“”\"]{2,}?)[,.!?]?[”\"]")
_POSSESSIVE = re.compile(r"[’']s?$")
_COMPARISON = r"(?:more|less|fewer|lower|higher|up|down|above|below)\b"
_APOSTROPHES = str.maketrans("‘’`“”", "'''\"\"")


@dataclass(frozen=True)
class Facts:
    """What a text says that can be compared word by word.

    Attributes:
        names: Words that are names or parts of them.
        figures: Numbers.
        days: Dates.
        quotations: What stands between quotation marks.
    """

    names: tuple[str, ...]
    figures: tuple[Figure, ...]
    days: tuple[Day, ...]
    quotations: tuple[str, ...]


@lru_cache(maxsize=4096)
def facts(text: str) -> Facts:
    """The facts of a text."""
    days, rest = take_days(text)
    return Facts(tuple(names(text)), tuple(figures(rest)), tuple(days), tuple(_QUOTATION.findall(text)))


@dataclass(frozen=True)
class Lack:
    """A fact that the quotes do not have.

    Attributes:
        kind: `name`, `number`, `date` or `quotation`.
        written: The words.
    """

    kind: str
    written: str


def lacking(claim: str, quotes: Sequence[str], article: Article) -> list[Lack]:
    """The facts of a sentence that its quotes do not have.

    Names may stand in the article's headline or place instead, because a passage says "he" of whom the headline
    names. Numbers, dates and quotations may not.

    Args:
        claim: The sentence.
        quotes: Sentences of the article.
        article: The article, for its headline, and its day, which weekdays and dates without a year lean on.
    """
    wanted, text = facts(claim), " ".join(quotes)
    known = _vocabulary(f"{text} {article.title}")
    proper = _proper(f"{text} {article.title}")
    said = [facts(quote) for quote in quotes]
    numbers = [figure for one in said for figure in one.figures]
    days = [day for one in said for day in one.days]
    plain = _plain(text)
    return [
        *(
            Lack("name", name)
            for name in wanted.names
            if not has(name, known if _may_be_lower(name, claim) else proper)
            and not _is_given(name, claim, known, article)
            and not _is_common(name, claim, article.text)
        ),
        *(Lack("name", run) for run in joined(claim, wanted.names) if not stands_joined(run, article)),
        *(
            Lack("number", figure.written)
            for n, figure in enumerate(wanted.figures)
            if not (_stands(figure, numbers, days, text) or _is_difference(figure, claim, numbers))
            or _is_one_too_many(n, wanted.figures, numbers)
        ),
        *(
            Lack("date", day.written)
            for day in wanted.days
            if not any(bears_out(day, other, article.published) for other in days)
        ),
        *(Lack("quotation", words) for words in wanted.quotations if _plain(words) not in plain),
    ]


def _is_given(name: str, claim: str, known: set[str], article: Article) -> bool:
    """Whether a name is the given name to a surname of the quotes: the article has the two together elsewhere."""
    behind = re.search(rf"(?<!\w){re.escape(name)}\s+([A-Z][\w’'-]*\w)", claim)
    return behind is not None and has(behind[1], known) and f"{name} {_POSSESSIVE.sub('', behind[1])}" in article.text


def _is_common(name: str, claim: str, text: str) -> bool:
    """Whether a word that begins a sentence is a common one: the article has it, in some form, without a capital."""
    alone = re.match(rf"{re.escape(name)}(?!\s+[A-Z])\W", claim)
    return alone is not None and set(terms(name)) <= set(terms(" ".join(re.findall(r"\b[a-z]\w*", text))))


def _is_difference(figure: Figure, claim: str, said: Sequence[Figure]) -> bool:
    """Whether a number is what one of a text's numbers is more than another, and the sentence says so: `47 fewer`."""
    compared = re.search(rf"{re.escape(figure.written)}\s+(?:\w+\s+)?{_COMPARISON}", claim)
    if compared is None or figure.kind not in ("number", "percent"):
        return False
    return any(abs(one.value - other.value) == figure.value for one in said for other in said if one.kind == other.kind)


def _is_one_too_many(n: int, wanted: Sequence[Figure], said: Sequence[Figure]) -> bool:
    """Whether a number stands in a sentence more often than in its quotes: `9 to 9` where they have `9 to 5`."""
    same = [figure.value for figure in wanted[: n + 1]].count(wanted[n].value)
    return same > 1 and same > sum(figure.value == wanted[n].value for figure in said)


def _stands(figure: Figure, numbers: Sequence[Figure], days: Sequence[Day], text: str) -> bool:
    """Whether a number is among those of a text, or is the year of one of its dates."""
    return is_borne_out(figure, numbers, text) or (
        figure.kind == "number" and any(day.year == figure.value for day in days)
    )


def _may_be_lower(name: str, claim: str) -> bool:
    """Whether a text may have a name without its capital: where it begins the sentence, or has a capital beside it.

    So it is with `Chief Justice Thorne`, of whom the text says that he is the chief justice.
    """
    beside = rf"[A-Z][\w’'.-]*\s+{re.escape(name)}(?!\w)|(?<!\w){re.escape(name)}\s+[A-Z]"
    return claim.startswith(name) or bool(re.search(beside, claim))


@lru_cache(maxsize=4096)
def _proper(text: str) -> set[str]:
    return vocabulary(text, proper=True)


@lru_cache(maxsize=4096)
def _vocabulary(text: str) -> set[str]:
    return vocabulary(text)


def _plain(text: str) -> str:
    return " ".join(text.translate(_APOSTROPHES).casefold().split())
