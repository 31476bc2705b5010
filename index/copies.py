"""Copies: articles that print one text, as papers do with what an agency sends them, cut, edited or added to.

Two articles are copies where most of the shorter one stands in the other, or a good part of it and they begin alike: a
brief is the first sentences of a report, and whoever takes background over from an earlier story does not begin with
it. The thresholds are fitted by `eval/benchmarks/copies.py`.

To find what an article may be a copy of, each sentence gets a MinHash signature (Broder 1997, "On the resemblance and
containment of documents"), banded into keys (locality-sensitive hashing): sentences with a key in common are most
likely equal, or nearly. The usual signature of the whole text misses a report that was shortened to a tenth.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from struct import pack, unpack
from typing import Self
from zlib import crc32

SCHEME = "2"
"""Which version of all this a library's links were made by; grows with every change that makes others."""

_SHINGLE = 3
_MOST, _PART, _SAME_START = 0.75, 0.4, 0.5
"""Shares of the shorter text's shingles that stand in the longer one, and of its first words' in that one's first."""
_FIRST_WORDS, _FIRST_WORDS_THERE = 40, 70
_SAID, _PRINTED = 0.7, 0.8

_SENTENCE_SHINGLE, _BANDS, _ROWS, _SEED = 2, 2, 3, 20250509
"""Two keys a sentence: two sentences with a share s of their word pairs in common share one with 1 - (1 - s³)²."""
_LEAST_WORDS = 6
"""Shorter sentences stand in many articles by chance."""

_UNSPACED = "\u0e00-\u0e7f\u3040-\u30ff\u3400-\u9fff"
"""Scripts written without spaces: each character counts as a word."""
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_SENTENCE_END = re.compile(r"[.!?…][\"”’»)\]]*\s+|[。！？\n]+")

Shingle = tuple[str, ...]


@dataclass(frozen=True)
class Print:
    """What a text is compared by: a number of 32 bits for each run of three words, once, in their order.

    Two different runs have the same number once in four billion, too seldom to change a share.

    Attributes:
        values: The numbers, one at the least.
    """

    values: tuple[int, ...]

    @classmethod
    def of(cls, text: str) -> Self:
        """The print of a text."""
        return cls(tuple(dict.fromkeys(crc32(" ".join(run).encode()) for run in _runs(_words(text)))))

    @classmethod
    def from_bytes(cls, stored: bytes) -> Self:
        """The print that was stored as these bytes."""
        return cls(unpack(f"<{len(stored) // 4}I", stored))

    def to_bytes(self) -> bytes:
        """The bytes to store it as, four for each word or so."""
        return pack(f"<{len(self.values)}I", *self.values)

    def share_in(self, other: Self) -> float:
        """The share of it that stands in another."""
        return len(set(self.values).intersection(other.values)) / len(self.values)

    def start(self, words: int) -> Self:
        """The print of the text's first words."""
        return type(self)(self.values[: words - _SHINGLE + 1])


def are_copies(one: Print, other: Print) -> bool:
    """Whether two texts are one, the same, or cut, edited or added to; it does not matter which is which."""
    shorter, longer = sorted((one, other), key=lambda read: (len(read.values), read.values))
    share = shorter.share_in(longer)
    if share >= _MOST or share < _PART:
        return share >= _MOST
    return shorter.start(_FIRST_WORDS).share_in(longer.start(_FIRST_WORDS_THERE)) >= _SAME_START


def which_are_copies(one: Print, others: Sequence[bytes]) -> list[int]:
    """Which of some prints, stored as bytes, are of copies, by their places in the row.

    Most are told at once from how many of their numbers end in the 16 bits that one of the first print's ends in: that
    is never fewer than they have in common.
    """
    import numpy as np

    if not others:
        return []
    endings = np.zeros(1 << 16, np.intp)
    endings[np.array(one.values, np.uint32) & 0xFFFF] = 1
    sizes = np.array([len(other) // 4 for other in others])
    alike = endings[np.frombuffer(b"".join(others), "<u4") & 0xFFFF]
    most = np.add.reduceat(alike, np.cumsum(sizes) - sizes)
    likely = np.flatnonzero(most >= _PART * np.minimum(sizes, len(one.values)))
    return [place for place in likely.tolist() if are_copies(one, Print.from_bytes(others[place]))]


def says_too(text: str, quote: str) -> bool:
    """Whether a text has a quotation of another one, a word more or less, and with all its figures."""
    return _stands_in(quote, [text], _SAID)


def is_printed_in(passage: str, others: Sequence[str]) -> bool:
    """Whether nearly all of a passage stands in some other passages together, with all its figures."""
    return _stands_in(passage, others, _PRINTED)


def sketch(text: str) -> list[int]:
    """The keys of a text's sentences: what two copies have in common, and other texts hardly ever.

    Args:
        text: An article's text.

    Returns:
        Distinct signed integers of 64 bits, sorted; at most two for a sentence.
    """
    from rensa import RMinHash

    found = [_words(sentence) for sentence in _SENTENCE_END.split(text)]
    long_enough = [sentence for sentence in found if len(sentence) >= _LEAST_WORDS] or [_words(text)]
    keys = set()
    for sentence in long_enough:
        signature = RMinHash(_BANDS * _ROWS, _SEED)
        signature.update([" ".join(pair) for pair in set(_runs(sentence, _SENTENCE_SHINGLE))])
        values = signature.digest()
        keys |= {_key(band, values[band * _ROWS : (band + 1) * _ROWS]) for band in range(_BANDS)}
    return sorted(keys)


def _key(band: int, values: Sequence[int]) -> int:
    return int.from_bytes(blake2b(pack(f"<B{_ROWS}I", band, *values), digest_size=8).digest(), "little", signed=True)


def _words(text: str) -> list[str]:
    return _WORD.findall(text.casefold())


def _runs(words: Sequence[str], size: int = _SHINGLE) -> list[Shingle]:
    """All runs of so many words, in their order; the words themselves where there are fewer."""
    return list(zip(*(words[start:] for start in range(size)), strict=False)) or [tuple(words)]


def _stands_in(text: str, others: Sequence[str], least: float) -> bool:
    words, there = _words(text), [_words(other) for other in others]
    figures = {word for word in words if any(map(str.isdigit, word))}
    if not figures <= set().union(*there):
        return False
    wanted = set(_runs(words))
    return len(wanted & set().union(*map(_runs, there))) / len(wanted) >= least
