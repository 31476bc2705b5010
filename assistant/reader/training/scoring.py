"""The measures that judge spans. NumPy alone, no torch."""

from __future__ import annotations

import re
import string
from collections import Counter

import numpy as np


def normalise(text: str) -> str:
    """Normalise an answer as SQuAD does: lower case, no punctuation, no articles, single blanks."""
    bare = "".join(character for character in text.lower() if character not in set(string.punctuation + "“”‘’–—"))
    return " ".join(re.sub(r"\b(a|an|the)\b", " ", bare).split())


def exact(answer: str, golds: tuple[str, ...]) -> float:
    """1.0 if the normalised answer is one of the golds, else 0.0."""
    return float(any(normalise(answer) == normalise(gold) for gold in golds))


def token_f1(answer: str, golds: tuple[str, ...]) -> float:
    """Best token F1 of an answer against several golds, 0 to 1."""
    best = 0.0
    mine = normalise(answer).split()
    for gold in golds:
        other = normalise(gold).split()
        shared = sum((Counter(mine) & Counter(other)).values())
        if shared:
            best = max(best, 2 * shared / (len(mine) + len(other)))
        elif not mine and not other:
            best = 1.0
    return best


def auroc(positive: list[float], negative: list[float]) -> float:
    """Chance that a positive scores above a negative, ties counting half.

    Args:
        positive: Scores of what should score high.
        negative: Scores of what should score low.

    Returns:
        0 to 1; NaN if either list is empty.
    """
    if not positive or not negative:
        return float("nan")
    ordered = np.sort(np.asarray(negative))
    below = np.searchsorted(ordered, positive, side="left")
    ties = np.searchsorted(ordered, positive, side="right") - below
    return float(np.mean((below + 0.5 * ties) / len(ordered)))
