"""Whether a text holds an answer: SQuAD's normalisation, and a lighter one that keeps numbers apart.

SQuAD's normalisation deletes punctuation, so "3.5" and "35", or "$1.2 million" and "12 million", become equal. That
does for exact match and F1, which are defined with it, but not for deciding whether a quote supports an answer. For
that, texts are compared word by word after a lighter normalisation (`words`).
"""

import re
import string
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_PUNCTUATION = str.maketrans("", "", string.punctuation)
_ARTICLES = re.compile(r"\b(a|an|the)\b")

_INITIALS = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?")
_PER_CENT = re.compile(r"\bper[ -]?cent\b")
_WORD = re.compile(
    r"""
    (?:(?<!\w)[a-z]{1,3})?[$£¥₠-⃀]          # a currency, with its country: $, us$, a$, €
    | %
    | (?:(?<![\w$£¥₠-⃀])[-−](?=\d))?        # a minus sign, not a hyphen: "-5" but not the one in "jf-17"
      \w+(?:(?<=\d)[.,:](?=\d)\w+)*         # a word or a number: october, 3.5, 10:30, 1,500, 26th
    """,
    re.VERBOSE,
)
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_LEADING_ARTICLES = frozenset({"a", "an", "the"})


def squad_normalise(text: str) -> str:
    """Lower case, without ASCII punctuation, without a/an/the, white space made single.

    Source: the official SQuAD evaluation script (Rajpurkar et al. 2016), in its order of steps.
    """
    without_punctuation = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", without_punctuation).split())


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """Split a text into the words that are compared.

    Case, kind of quotation mark, kind of dash and white space make no difference (Unicode NFKC, case folded). A hyphen
    or an apostrophe parts words ("mid-October" is `mid`, `october`; "Pakistan’s" is `pakistan`, `s`), so "mid October"
    is the same and "October" stands in it. A number is one word with its decimals: `3.5` is neither `35` nor holds `5`.
    Commas of thousands are dropped (`1,500` is `1500`), `percent` and `per cent` are `%`, `US$` is `$`, `U.S.` is `us`.

    Not equated, on purpose: number words and digits, `$3.5m` and `$3.5 million`, orders of dates. Gold sets list such
    variants as further answers.
    """
    folded = unicodedata.normalize("NFKC", text).casefold()
    folded = _INITIALS.sub(lambda match: match.group().replace(".", ""), folded)
    folded = _PER_CENT.sub("%", folded)
    return tuple(_plain(word) for word in _WORD.findall(folded))


def holds(text: str, answer: str) -> bool:
    """Tell whether an answer stands in a text at word boundaries.

    True when the answer's `words`, less a leading a/an/the, are a run of the text's. An answer without any word
    (punctuation only) stands nowhere.
    """
    wanted = words(answer)
    if len(wanted) > 1 and wanted[0] in _LEADING_ARTICLES:
        wanted = wanted[1:]
    return bool(wanted) and f" {' '.join(wanted)} " in _run(text)


def holds_any(text: str, answers: Iterable[str]) -> bool:
    """Tell whether any of the answers stands in a text at word boundaries."""
    return any(holds(text, answer) for answer in answers)


@lru_cache(maxsize=8192)
def _run(text: str) -> str:
    return f" {' '.join(words(text))} "


def _plain(word: str) -> str:
    if word == "us$":
        return "$"
    return _THOUSANDS.sub("", word).replace("−", "-")
