"""The stream of training examples: sources, negatives, prefixes and lengths in fixed shares."""
# ruff: noqa: S311 - nothing here is a secret

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import replace
from typing import TypeVar

from assistant.reader.training.corpus import Corpus
from assistant.reader.training.data import QamrItem, Reading
from assistant.reader.training.encode import Encoder, Features, invented_date, prefix_of
from assistant.reader.training.negatives import change_question, cut_answer, near_passage
from assistant.reader.training.sentences import sentence_spans

T = TypeVar("T")

SHARES = {
    "new-wiki": 0.12,
    "reddit": 0.03,
    "amazon": 0.03,
    "qamr": 0.10,
    "stories": 0.33,
    "new-wiki/near": 0.05,
    "new-wiki/cut": 0.02,
    "new-wiki/changed": 0.03,
    "qamr/near": 0.02,
    "qamr/cut": 0.01,
    "qamr/changed": 0.01,
    "reviews/cut": 0.01,
    "reviews/changed": 0.01,
    "stories/asked": 0.14,
    "stories/near": 0.06,
    "stories/cut": 0.02,
    "stories/changed": 0.01,
}
LENGTHS = {96: 0.25, 128: 0.25, 176: 0.25, 240: 0.25}
ALONE = 0.12
"""Share of the examples from news whose passage is the one sentence that matters, as in the second reading."""


def _cycle(items: list[T], rng: random.Random) -> Iterator[T]:
    while True:
        order = list(items)
        rng.shuffle(order)
        yield from order


def lone_sentence(reading: Reading) -> Reading:
    """The same question put to the one sentence that matters; the reading itself where there is none such."""
    matters = reading.answers[0] if reading.answers else reading.focus
    for first, behind in sentence_spans(reading.context):
        if matters and first <= matters[0] and matters[1] <= behind:
            inside = [(a - first, b - first) for a, b in reading.answers if first <= a and b <= behind]
            context = reading.context[first:behind]
            texts = tuple(context[a:b] for a, b in inside) or reading.texts
            return replace(reading, context=context, answers=tuple(inside), texts=texts, focus=None)
    return reading


class Mixture:
    """Draws training examples for ever."""

    def __init__(self, corpus: Corpus, encoder: Encoder, seed: int, shares: dict[str, float] | None = None) -> None:
        """Prepare to draw.

        Args:
            corpus: What to draw from.
            encoder: Turns readings into token ids.
            seed: Fixes the stream.
            shares: Chance of each source, by default `SHARES`.
        """
        self.corpus, self.encoder, self.rng = corpus, encoder, random.Random(seed)
        self.shares = shares or SHARES
        self._wiki = [_cycle(corpus.wiki, self.rng) for _ in range(2)]
        self._qamr = [_cycle(corpus.qamr.items, self.rng) for _ in range(2)]
        self._sets = {"reddit": _cycle(corpus.reddit, self.rng), "amazon": _cycle(corpus.amazon, self.rng)}
        told = [reading for reading in corpus.stories if reading.answerable]
        self._stories = [_cycle(told, self.rng) for _ in range(2)]
        self._asked = _cycle([reading for reading in corpus.stories if not reading.answerable], self.rng)
        self._reviews = _cycle([*corpus.reddit, *corpus.amazon], self.rng)

    def _base(self, name: str, spoilt: bool) -> Reading:
        if name == "qamr":
            item: QamrItem = next(self._qamr[spoilt])
            return self.corpus.qamr.place(item, self.rng)
        if name == "stories":
            return next(self._stories[spoilt])
        if name == "new-wiki":
            return next(self._wiki[spoilt])
        return next(self._sets.get(name, self._reviews))

    def _reading(self) -> Reading:
        while True:
            (choice,) = self.rng.choices(list(self.shares), list(self.shares.values()))
            name, _, way = choice.partition("/")
            made: Reading | None
            for _ in range(40):  # a changed question can be made of one in four or so
                made = next(self._asked) if way == "asked" else self._base(name, bool(way))
                if way == "near":
                    index = self.corpus.story_index if name == "stories" else self.corpus.index
                    made = near_passage(made, index, self.rng)
                elif way == "cut":
                    made = cut_answer(made, self.rng)
                elif way == "changed":
                    made = change_question(made, self.rng)
                if made and name in {"stories", "qamr"} and self.rng.random() < ALONE:
                    made = lone_sentence(made)
                if made:
                    return made

    def _prefix(self, reading: Reading) -> str:
        draw = self.rng.random()
        if reading.date and draw < 0.9:
            return prefix_of(reading.title, reading.date)
        if draw < 0.5:
            return ""
        title = reading.title if draw < 0.9 else ""
        return prefix_of(title, invented_date(self.rng) if draw < 0.85 or not title else "")

    def __iter__(self) -> Iterator[Features]:
        """Yield examples without end; those whose answer does not fit are passed over."""
        while True:
            reading = self._reading()
            (length,) = self.rng.choices(list(LENGTHS), list(LENGTHS.values()))
            features = self.encoder.encode(reading, length, self.rng, self._prefix(reading))
            if bool(features.spans) == features.answerable:
                yield features


def batches(examples: Iterator[Features], tokens: int, rng: random.Random, pool: int = 768) -> Iterator[list[Features]]:
    """Group examples of about one length.

    Args:
        examples: The stream.
        tokens: Most tokens in a batch, padding included.
        rng: Shuffles the batches of each pool.
        pool: How many examples to sort at a time.

    Yields:
        Batches.
    """
    while True:
        waiting = sorted((next(examples) for _ in range(pool)), key=lambda example: len(example.ids))
        made: list[list[Features]] = [[]]
        for example in waiting:
            if made[-1] and (len(made[-1]) + 1) * len(example.ids) > tokens:
                made.append([])
            made[-1].append(example)
        rng.shuffle(made)
        yield from made
