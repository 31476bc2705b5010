"""From a network's logits to spans of tokens. NumPy alone."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
MAX_ANSWER_TOKENS = 40
_IMPOSSIBLE = -5e3
"""Below it lie only tokens that were masked out."""


@dataclass(frozen=True)
class TokenSpan:
    """A span of tokens, last one included, with its score.

    Attributes:
        first: First token.
        last: Last token.
        score: `start[first] + end[last] - start[0] - end[0]`: above 0 when the span beats "no answer".
    """

    first: int
    last: int
    score: float


def best_token_spans(start: Floats, end: Floats, k: int = 1, low: int = 1, high: int | None = None) -> list[TokenSpan]:
    """The best spans of one passage that do not overlap (Devlin et al. 2019, section 4.3, for the score).

    Args:
        start: Start logits `[length]`.
        end: End logits `[length]`.
        k: How many spans, at most.
        low: First token that a span may use.
        high: Token after the last one that a span may use; the length by default.

    Returns:
        Spans of at most 40 tokens, best first; empty when nothing may be an answer.
    """
    null = float(start[0] + end[0])
    high = len(start) if high is None else high
    if high <= low:
        return []
    sums = start[low:high, None] + end[None, low:high]
    size = high - low
    offset = np.arange(size)[None, :] - np.arange(size)[:, None]
    sums = np.where((offset >= 0) & (offset < MAX_ANSWER_TOKENS), sums, -np.inf)
    found: list[TokenSpan] = []
    while len(found) < k:
        first, last = divmod(int(np.argmax(sums)), size)
        if sums[first, last] < _IMPOSSIBLE:
            break
        found.append(TokenSpan(first + low, last + low, float(sums[first, last]) - null))
        sums[: last + 1, first:] = -np.inf  # what overlaps: starts at or before `last`, ends at or after `first`
    return found
