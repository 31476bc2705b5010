"""Splitting an article into passages at sentence ends."""

import hashlib
import re
from dataclasses import dataclass

from index.article import Article
from index.passage import Passage
from index.scripts import UNSPACED
from index.sentences import sentences

_WORD = re.compile(rf"[{UNSPACED}]{{1,2}}|[^\s{UNSPACED}]{{1,60}}")
"""A word: two letters where words are not parted by spaces, and at most 60 characters, so that all text is cut."""


@dataclass(frozen=True)
class Splitting:
    """How articles are cut; recorded in the library, because other settings make other passages.

    Attributes:
        target_words: Words a passage should have (20 to 400); with the default, passages of a long article have
            about 100 to 180, and an article of at most 1.25 times this is one passage.
        overlap_sentences: How many sentences a passage repeats from the one before (0 to 3).
    """

    target_words: int = 140
    overlap_sentences: int = 1


def split(article: Article, splitting: Splitting = Splitting()) -> list[Passage]:
    """Cut an article into passages of whole sentences.

    The sentences are shared out evenly, so that no article ends in a passage of ten words. What is longer than a
    passage may be and has no sentence end is cut at spaces.

    Args:
        article: What to cut.
        splitting: How.

    Returns:
        Passages in order, with `article.text[p.start:p.end] == p.text`; together they hold every sentence.
    """
    longest = splitting.target_words * 5 // 4
    spans = [
        piece
        for start, end in sentences(article.text)
        for piece in _pieces(article.text, start, end, longest, splitting.target_words // 4)
    ]
    words = [_count_words(article.text[start:end]) for start, end in spans]
    total = sum(words)
    if not spans:
        return []
    parts = 1 if total <= longest else -(-total // splitting.target_words)
    passages = []
    for first, behind in _shares(words, parts):
        begin = max(0, first - splitting.overlap_sentences) if first else first
        passages.append(_passage(article, spans[begin][0], spans[behind - 1][1]))
    return passages


def _shares(words: list[int], parts: int) -> list[tuple[int, int]]:
    """Cut a row of sentence lengths into `parts` runs of about equal length: pairs of first and behind-last index."""
    total, cuts, done = sum(words), [0], 0
    for i, count in enumerate(words):
        boundary = total * len(cuts) / parts
        if len(cuts) < parts and i > cuts[-1] and abs(done + count - boundary) > abs(done - boundary):
            cuts.append(i)
        done += count
    return list(zip(cuts, [*cuts[1:], len(words)], strict=True))


def _pieces(text: str, start: int, end: int, longest: int, size: int) -> list[tuple[int, int]]:
    """A sentence as one span, or in pieces of `size` words where it has more than `longest`."""
    if _count_words(text[start:end]) <= longest:
        return [(start, end)]
    pieces, begin, count = [], start, 0
    for match in _WORD.finditer(text[start:end]):
        if count == size:
            behind = begin + len(text[begin : start + match.start()].rstrip())
            pieces.append((begin, behind))
            begin, count = start + match.start(), 0
        count += 1
    return [*pieces, (begin, end)]


def _count_words(text: str) -> int:
    return len(_WORD.findall(text))


def _passage(article: Article, start: int, end: int) -> Passage:
    digest = hashlib.sha256(f"{article.id}:{start}:{end}".encode()).hexdigest()
    return Passage(digest[:16], article.id, article.text[start:end], start, end)
