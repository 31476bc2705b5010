"""All that the reader learns from, and what is held out."""
# ruff: noqa: S311 - nothing here is a secret

from __future__ import annotations

import random
from pathlib import Path

from assistant.reader.training.data import Reading, hold_out, read_qamr, read_squad
from assistant.reader.training.negatives import (
    PassageIndex,
    change_question,
    cut_answer,
    gather,
    near_passage,
)
from assistant.reader.training.stories import STORIES, split_stories, story_readings, windows

HELD_OUT_QUESTIONS = 1000
HELD_OUT_SEED = 13


def _miss(reading: Reading, way: int, index: PassageIndex, rng: random.Random) -> Reading | None:
    if way == 0:
        return near_passage(reading, index, rng)
    return cut_answer(reading, rng) if way == 1 else change_question(reading, rng)


class Corpus:
    """All training questions, the held-out questions, and the passages to draw negatives from."""

    def __init__(self, folder: Path, stories: Path = STORIES) -> None:
        """Read the data sets.

        Args:
            folder: Where the files of SQuADShifts and QAMR are.
            stories: Where the stories written for training are.
        """
        wiki = read_squad(folder / "squadshifts-new-wiki.json.gz", "new-wiki")
        self.wiki, self.held_out = hold_out(wiki, HELD_OUT_QUESTIONS, HELD_OUT_SEED)
        self.reddit = read_squad(folder / "squadshifts-reddit.json.gz", "reddit")
        self.amazon = read_squad(folder / "squadshifts-amazon.json.gz", "amazon")
        self.qamr = read_qamr(folder)
        train, held_out = split_stories(stories)
        self.stories, self.held_out_stories = story_readings(train), story_readings(held_out)
        self.index = PassageIndex(gather(self.wiki, self.qamr))
        self.story_index = PassageIndex(windows(train))

    def near_misses(self, seed: int = HELD_OUT_SEED) -> list[Reading]:
        """Unanswerable twins of the held-out questions, a third of each kind where it can be made."""
        rng = random.Random(seed)
        index = PassageIndex(gather([*self.wiki, *self.held_out], self.qamr))
        made = []
        for number, reading in enumerate(self.held_out):
            for turn in range(3):
                miss = _miss(reading, (number + turn) % 3, index, rng)
                if miss:
                    made.append(miss)
                    break
        return made
