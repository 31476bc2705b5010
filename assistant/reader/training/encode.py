"""From questions and passages to padded batches of token ids."""

from __future__ import annotations

import random
from dataclasses import dataclass

import numpy as np
import torch
from tokenizers import Tokenizer

from assistant.reader.training.data import Reading
from assistant.reader.training.sentences import sentence_spans

CLS, SEP, PAD = 101, 102, 0
MAX_QUESTION = 48
SEPARATOR = " · "
_MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]


@dataclass(frozen=True)
class Features:
    """One example as token ids.

    Attributes:
        ids: ``[CLS] question [SEP] prefix passage [SEP]``.
        first: Position of the first token after the question's [SEP].
        spans: Token ranges of the answers, last token included; empty if unanswerable or cropped away.
        answerable: Whether the passage answers the question.
        source: Where it came from.
    """

    ids: list[int]
    first: int
    spans: tuple[tuple[int, int], ...]
    answerable: bool
    source: str


def invented_date(rng: random.Random) -> str:
    """A date such as "9 May 2025"."""
    return f"{rng.randint(1, 28)} {rng.choice(_MONTHS)} {rng.randint(2004, 2026)}"


def prefix_of(title: str, date: str) -> str:
    """What goes before a passage at run time: title and date, each followed by a middle dot."""
    return "".join(part + SEPARATOR for part in (title, date) if part)


def noisy(question: str, rng: random.Random) -> str:
    """Drop punctuation and capitals of some questions (15%), and misspell one word of others (13%)."""
    draw = rng.random()
    if draw < 0.15:
        return question.lower().rstrip("?. ").replace(",", "").replace('"', "")
    if draw < 0.28:
        words = question.split()
        long = [number for number, word in enumerate(words) if len(word) > 4]
        if long:
            number = rng.choice(long)
            word, at = words[number], rng.randrange(1, len(words[number]) - 2)
            swapped = word[:at] + word[at + 1] + word[at] + word[at + 2 :]
            words[number] = swapped if rng.random() < 0.5 else word[:at] + word[at + 1 :]
            return " ".join(words)
    return question


def _window(count: int, room: int, spans: list[tuple[int, int]], starts: list[int], rng: random.Random) -> int:
    """Choose the first token of a crop: at random around an answer, mostly at the start of a sentence."""
    if spans:
        first, last = rng.choice(spans)
        low, high = max(0, last + 1 - room), max(0, min(first, count - room))
        if low > high:
            return first
    else:
        low, high = 0, count - room
    start = rng.randint(low, high)
    if rng.random() < 0.8:
        return next((at for at in starts if start <= at <= high), start)
    return start


class Encoder:
    """Encodes readings with a WordPiece tokenizer."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        """Take a tokenizer, and switch its padding and truncation off."""
        tokenizer.no_padding()
        tokenizer.no_truncation()
        self.tokenizer = tokenizer

    def encode(
        self, reading: Reading, length: int, rng: random.Random, prefix: str = "", noise: bool = True
    ) -> Features:
        """Encode one reading, cropping the passage around an answer where it is too long.

        Args:
            reading: Question and passage.
            length: Most tokens in all.
            rng: Source of randomness for crop and noise.
            prefix: Text before the passage.
            noise: Whether to disturb the question.

        Returns:
            Token ids and answer positions.
        """
        question = noisy(reading.question, rng) if noise else reading.question
        question_ids = self.tokenizer.encode(question, add_special_tokens=False).ids[:MAX_QUESTION]
        prefix_ids = self.tokenizer.encode(prefix, add_special_tokens=False).ids[:48] if prefix else []
        passage = self.tokenizer.encode(reading.context, add_special_tokens=False)
        spans = [span for start, end in reading.answers if (span := _tokens(passage.offsets, start, end))]
        kept_in_view = [_tokens(passage.offsets, *reading.focus)] if reading.focus else spans
        room = length - 3 - len(question_ids) - len(prefix_ids)
        start = 0
        if len(passage.ids) > room:
            sentences = {begin for begin, _ in sentence_spans(reading.context)}
            starts = [number for number, (begin, _) in enumerate(passage.offsets) if begin in sentences]
            start = _window(len(passage.ids), room, [span for span in kept_in_view if span], starts, rng)
        body = passage.ids[start : start + room]
        first = len(question_ids) + 2
        shift = first + len(prefix_ids) - start
        kept = tuple((a + shift, b + shift) for a, b in spans if a >= start and b < start + len(body))
        ids = [CLS, *question_ids, SEP, *prefix_ids, *body, SEP]
        return Features(ids, first, kept, reading.answerable, f"{reading.source}/{reading.kind}")


def _tokens(offsets: list[tuple[int, int]], start: int, end: int) -> tuple[int, int] | None:
    inside = [number for number, (a, b) in enumerate(offsets) if a < end and start < b]
    return (inside[0], inside[-1]) if inside else None


def agreed(spans: tuple[tuple[int, int], ...], rng: random.Random) -> tuple[int, int]:
    """Draw one of several annotated spans, each in proportion to its token F1 with all of them."""
    if len(set(spans)) == 1:
        return spans[0]
    weights = []
    for a, b in spans:
        total = 0.0
        for c, d in spans:
            shared = max(0, min(b, d) - max(a, c) + 1)
            total += 2 * shared / (b - a + d - c + 2)
        weights.append(total**2)
    return rng.choices(spans, weights)[0]


def collate(features: list[Features], rng: random.Random) -> dict[str, torch.Tensor]:
    """Pad features to a batch.

    Args:
        features: Examples of about one length.
        rng: Draws one answer for each example.

    Returns:
        ``input_ids``, ``attention_mask``, ``token_type_ids`` [batch, length]; ``starts``, ``ends`` [batch], 0 for
        none; ``answerable`` [batch] of 0.0 or 1.0.
    """
    longest = max(len(example.ids) for example in features)
    ids = np.full((len(features), longest), PAD, dtype=np.int64)
    mask, types = np.zeros_like(ids), np.zeros_like(ids)
    targets = np.zeros((2, len(features)), dtype=np.int64)
    for row, example in enumerate(features):
        ids[row, : len(example.ids)] = example.ids
        mask[row, : len(example.ids)] = 1
        types[row, example.first : len(example.ids)] = 1
        if example.spans:
            targets[:, row] = agreed(example.spans, rng)
    return {
        "input_ids": torch.from_numpy(ids),
        "attention_mask": torch.from_numpy(mask),
        "token_type_ids": torch.from_numpy(types),
        "starts": torch.from_numpy(targets[0]),
        "ends": torch.from_numpy(targets[1]),
        "answerable": torch.tensor([float(bool(example.spans)) for example in features]),
    }
