"""Readers of the training sets, and the held-out split.

SQuADShifts (Miller et al. 2020) and QAMR (Michael et al. 2018), in the formats they are published in.
"""
# ruff: noqa: S311 - nothing here is a secret

from __future__ import annotations

import gzip
import json
import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.training.sentences import detokenise

Span = tuple[int, int]


@dataclass(frozen=True)
class Reading:
    """One question put to one passage.

    Attributes:
        question: The question as asked.
        context: The passage.
        answers: Character ranges of the answers in the passage, one for each annotator; empty if it does not answer.
        texts: The answers as strings, kept also when the passage does not hold them.
        title: Title of the article, or "".
        article: Name of the article, unique over all sets.
        source: ``new-wiki``, ``reddit``, ``amazon``, ``qamr`` or ``stories``.
        kind: ``right`` for the annotated passage, else the name of the negative.
        date: Date of the article as shown before its passages, or "".
        focus: What stays in view when a passage without an answer is cropped: the sentence nearest to the question.
    """

    question: str
    context: str
    answers: tuple[Span, ...]
    texts: tuple[str, ...]
    title: str
    article: str
    source: str
    kind: str = "right"
    date: str = ""
    focus: Span | None = None

    @property
    def answerable(self) -> bool:
        """Whether the passage answers the question."""
        return bool(self.answers)


@dataclass(frozen=True)
class QamrItem:
    """A QAMR question on one sentence, not yet set in a passage."""

    question: str
    document: str
    sentence: int
    answers: tuple[Span, ...]


@dataclass(frozen=True)
class Qamr:
    """The QAMR questions, and the sentences of each document in order."""

    items: list[QamrItem]
    documents: dict[str, list[str]]

    def place(self, item: QamrItem, rng: random.Random) -> Reading:
        """Set a question's sentence among others.

        Three times in four, and if the document has them, the neighbours are those of the document; otherwise
        they are sentences drawn from other documents.

        Args:
            item: The question.
            rng: Source of randomness: how many sentences go before (0 to 4) and after (0 to 4).

        Returns:
            The question with a passage of 1 to 9 sentences.
        """
        own = self.documents[item.document]
        before, after = rng.randint(0, 4), rng.randint(0, 4)
        at = item.sentence
        if len(own) > 2 and rng.random() < 0.75:
            left, right = own[max(0, at - before) : at], own[at + 1 : at + 1 + after]
        else:
            others = [self.documents[rng.choice(self._names)] for _ in range(before + after)]
            picked = [rng.choice(sentences) for sentences in others]
            left, right = picked[:before], picked[before:]
        shift = sum(len(text) + 1 for text in left)
        answers = tuple((start + shift, end + shift) for start, end in item.answers)
        texts = tuple(own[at][start:end] for start, end in item.answers)
        title = " ".join(own[0].split()[:9]).rstrip(".,;:") if at and len(own) > 1 else ""
        return Reading(item.question, " ".join([*left, own[at], *right]), answers, texts, title, item.document, "qamr")

    @property
    def _names(self) -> list[str]:
        return list(self.documents)


def read_squad(path: Path, source: str) -> list[Reading]:
    """Read a file in SQuAD 1.1 format.

    Args:
        path: A gzipped JSON file.
        source: Name to give the set. For sets other than ``new-wiki`` each paragraph is an article of its own.

    Returns:
        The questions, with every annotator's answer.
    """
    with gzip.open(path, "rt", encoding="utf-8") as file:
        articles = json.load(file)["data"]
    readings = []
    for article in articles:
        title = article["title"].replace("_", " ")
        for number, paragraph in enumerate(article["paragraphs"]):
            context = paragraph["context"].rstrip()
            name = f"{source}:{title}" + ("" if source == "new-wiki" else f":{number}")
            for qa in paragraph["qas"]:
                spans = []
                for answer in qa["answers"]:
                    text = answer["text"].strip()
                    start = context.find(text, max(0, answer["answer_start"] - 2))
                    if text and start >= 0 and abs(start - answer["answer_start"]) < 5:
                        spans.append((start, start + len(text)))
                if spans:
                    texts = tuple(context[start:end] for start, end in spans)
                    shown = title if source == "new-wiki" else ""
                    readings.append(Reading(qa["question"].strip(), context, tuple(spans), texts, shown, name, source))
    return readings


def hold_out(readings: list[Reading], questions: int, seed: int) -> tuple[list[Reading], list[Reading]]:
    """Split off whole articles.

    Args:
        readings: Questions on articles.
        questions: How many questions to hold out, about.
        seed: Articles are taken in the order shuffled by this seed, skipping those that overshoot by over 5%.

    Returns:
        The questions kept for training, and those held out.
    """
    sizes: dict[str, int] = defaultdict(int)
    for reading in readings:
        sizes[reading.article] += 1
    names = sorted(sizes)
    random.Random(seed).shuffle(names)
    held: set[str] = set()
    total = 0
    for name in names:
        if total + sizes[name] <= questions * 1.05:
            held.add(name)
            total += sizes[name]
    kept = [reading for reading in readings if reading.article not in held]
    return kept, [reading for reading in readings if reading.article in held]


def _qamr_rows(folder: Path) -> Iterator[list[str]]:
    for name in ("qamr-dev.tsv.gz", "qamr-test.tsv.gz"):
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            for line in file:
                yield line.rstrip("\n").split("\t")


def _indices(field: str) -> list[int]:
    """Token indices of ``worker:indices`` or of plain ``indices``; empty if the validator called it invalid."""
    body = field.rpartition(":")[2].split()
    return [int(index) for index in body] if all(index.isdigit() for index in body) else []


def read_qamr(folder: Path) -> Qamr:
    """Read QAMR, keeping the questions that can be answered from a passage.

    Kept are questions of four words or more, with at least one word of four letters after the first, whose answer is
    contiguous and meets that of both validators.

    Args:
        folder: Where the three QAMR files are.

    Returns:
        Questions and documents.
    """
    tokens: dict[str, list[str]] = {}
    with gzip.open(folder / "qamr-sentences.tsv.gz", "rt", encoding="utf-8") as file:
        for line in file:
            key, _, body = line.rstrip("\n").partition("\t")
            tokens[key] = body.split()
    keys = sorted(tokens, key=lambda key: (key.rsplit(":", 2)[0], *map(int, key.rsplit(":", 2)[1:])))
    documents: dict[str, list[str]] = defaultdict(list)
    places: dict[str, tuple[str, int, list[Span]]] = {}
    for key in keys:
        document = key.rsplit(":", 2)[0]
        text, spans = detokenise(tokens[key])
        places[key] = (document, len(documents[document]), spans)
        documents[document].append(text)
    items = []
    for row in _qamr_rows(folder):
        key, question = row[0], row[5].strip()
        marked = [_indices(field) for field in row[6:9]]
        words = question.split()
        if key not in places or len(words) < 4 or not any(len(word) > 3 for word in words[1:]):
            continue
        if not all(marked) or not all(set(marked[0]) & set(other) for other in marked[1:]):
            continue
        document, sentence, spans = places[key]
        runs = [run for run in marked if run[-1] - run[0] == len(run) - 1 and run[-1] < len(spans)]
        if marked[0] in runs:
            answers = tuple((spans[run[0]][0], spans[run[-1]][1]) for run in runs)
            items.append(QamrItem(question, document, sentence, answers))
    return Qamr(items, dict(documents))
