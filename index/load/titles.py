"""Titles: which lines can be one, when two are the same, and how to make one where there is none."""

import re
from dataclasses import replace

from index.article import Article

_SENTENCE_END = re.compile(r"[.!?…。！？۔؟।॥][\"”’')\]»」』]*$")
_TITLE_END = re.compile(r"[.,;:—–。，；：、۔،؛।॥-][\"”’')\]»」』]*$|…$")
_ABBREVIATION = re.compile(r"\b(?:[A-Z]\.)+$")
_QUOTED = re.compile(r"[\"“‘'«].*[\"”’'»][.,]?")
_LONGEST = 300
"""Characters of a headline; what is longer is none, but a whole text that a file gives as one."""
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
    return _cut(" ".join(text[start:end].split()), _MOST_CHARACTERS)


def with_short_title(article: Article) -> Article:
    """The article; a title of more than 300 characters, which no headline has, is cut as in `title_from`."""
    return article if len(article.title) <= _LONGEST else replace(article, title=_cut(article.title, _LONGEST))


def _cut(words: str, most: int) -> str:
    if len(words) <= most:
        return words
    room = words[:most]  # the last place is the ellipsis's
    kept = room[: room.rindex(" ")] if " " in room else room[:-1]
    return kept.rstrip(" ,;:—–-") + "…"
