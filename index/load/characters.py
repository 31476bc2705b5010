"""Characters as they are stored: what cannot be seen goes, everything else stays to the letter."""

import re

_NEWLINES = re.compile("\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\t\u00a0\u2007\u202f]")
# Controls, soft hyphen, zero-width and direction marks.
_UNSEEN = re.compile(
    "[\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u206f\ufeff]"
)
# Joiners are letters' business in Persian, Hindi and emoji, and noise next to anything else.
_STRAY_JOINERS = re.compile("(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_SURROGATES = re.compile("[\ud800-\udfff]")
_RUNS = re.compile(" {2,}")
_LINE_ENDS = re.compile(" +$| +(?=\n)")


def normalise(text: str) -> str:
    r"""Normalise the characters of a text: doing it again changes nothing.

    Line ends become `\n`, tabs and no-break spaces a space, runs of spaces one space, lone surrogates U+FFFD;
    control and zero-width characters and trailing spaces go. Quotes, dashes and composed letters are not touched.
    """
    text = _NEWLINES.sub("\n", text)
    text = _SPACES.sub(" ", text)
    text = _SURROGATES.sub("\ufffd", text)
    text = _UNSEEN.sub("", text)
    text = _STRAY_JOINERS.sub("", text)
    text = _RUNS.sub(" ", text)
    return _LINE_ENDS.sub("", text)


def one_line(text: str | None) -> str | None:
    """A text of a few words, such as a title or a name, on one normalised line; None where nothing is left."""
    return " ".join(normalise(text or "").split()) or None
