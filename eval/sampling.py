"""A part of a gold set that looks like the whole."""

import random
from collections import defaultdict
from collections.abc import Sequence

from eval.gold import GoldQuestion

SEED = 20250509


def sample(questions: Sequence[GoldQuestion], limit: int, seed: int = SEED) -> list[GoldQuestion]:
    """Draw at most `limit` questions, each kind, with and without answers, in about its share.

    Every question is given its place in its shuffled group, as a fraction of the group; those with the smallest
    fractions are drawn. The draw depends on the seed and the set only, and a smaller one is a part of a larger one.

    Args:
        questions: The whole set.
        limit: How many at the most.
        seed: Seed of the shuffling.

    Returns:
        The drawn ones, in the order of the set.
    """
    groups: defaultdict[tuple[str, bool], list[int]] = defaultdict(list)
    for position, question in enumerate(questions):
        groups[question.kind, question.answerable].append(position)
    generator = random.Random(seed)  # noqa: S311 -- a sample, not a secret
    places: list[tuple[float, int]] = []
    for _, positions in sorted(groups.items()):
        generator.shuffle(positions)
        places += [((rank + 0.5) / len(positions), position) for rank, position in enumerate(positions)]
    drawn = sorted(position for _, position in sorted(places)[:limit])
    return [questions[position] for position in drawn]
