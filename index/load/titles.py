"""Titles: which lines can be one, when two are the same, and how to make one where there is none."""

import re

_SENTENCE_END = re.compile(r"[.!?…。！？۔؟।॥][\"”’')\]»」』]*$")
_TITLE_END = re.compile(r"[.,;:—–。，；：、۔،؛।॥-][\"”’')\]»」』]*$|…$")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]\.)+$")
_QUOTED = re.compile(r"[\"“‘'«].*[\"”’'»][.,]?")
_MOST_WORDS = 30
_MOST_CHARACTERS = 90


def ends_sentence(line: str) -> bool:
    """Tell whether a line ends as a sentence does."""
    return _SENTENCE_END.search(line) is not None


def is_title_like(line: str) -> bool:
    """Tell whether a line can be a headline: short and not a sentence (a question can be one)."""
    words = line.split()
    if not 2 <= len(words) <= _MOST_WORDS or not any(character.isalpha() for character in line):
        return False
    return not _TITLE_END.search(line) or _ABBREVIATION.search(line) is not None


def is_quoted(line: str) -> bool:
    """Tell whether a line stands in quotation marks as a whole."""
    return _QUOTED.fullmatch(line) is not None


def same_title(one: str, other: str) -> bool:
    """Tell whether two lines are one title, printed twice: but for case, quotation marks and the end."""
    return _folded(one) == _folded(other)


def _folded(line: str) -> str:
    return re.sub(r"[\"“”‘’'«»]", "", line).casefold().strip(" .:-–—")


def title_from(text: str) -> str:
    """Make a title from a text's first sentence, at most 90 characters, cut between words and marked with `…`."""
    from index.sentences import sentences

    start, end = sentences(text)[0]
    words = " ".join(text[start:end].split())
    if len(words) <= _MOST_CHARACTERS:
        return words
    room = words[:_MOST_CHARACTERS]  # the last place is the ellipsis's
    kept = room[: room.rindex(" ")] if " " in room else room[:-1]
    return kept.rstrip(" ,;:—–-") + "…"
