"""Figures of an exported reader: ``python -m assistant.reader.training.evaluate --model DIR --data DIR``."""
# ruff: noqa: S311 - nothing here is a secret

from __future__ import annotations

import argparse
import json
import random
import time
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from assistant.reader.network import Network, ScoredSpan
from assistant.reader.training.clapnq import ClapQuestion, read_clapnq
from assistant.reader.training.corpus import Corpus
from assistant.reader.training.data import Reading
from assistant.reader.training.scoring import auroc, exact, token_f1


def right_passage(reader: Network, right: Sequence[Reading], misses: Sequence[Reading]) -> dict[str, float]:
    """Exact match and F1 with the right passage given, and AUROC of right passages against near misses.

    Args:
        reader: The reader.
        right: Held-out questions.
        misses: Their unanswerable twins.

    Returns:
        ``em``, ``f1``, ``auroc_near_misses`` and AUROC by kind of near miss, 0 to 1.
    """
    best = [reader.read(reading.question, [reading.context])[0][0] for reading in right]
    texts = [r.context[span.start : span.end] for span, r in zip(best, right, strict=True)]
    wrong = [(miss.kind, reader.read(miss.question, [miss.context])[0]) for miss in misses]
    scores = [span.score for span in best]
    figures = {
        "em": float(np.mean([exact(text, r.texts) for text, r in zip(texts, right, strict=True)])),
        "f1": float(np.mean([token_f1(text, r.texts) for text, r in zip(texts, right, strict=True)])),
        "auroc_near_misses": auroc(scores, [spans[0].score for _, spans in wrong if spans]),
    }
    for name in sorted({kind for kind, _ in wrong}):
        figures[f"auroc_{name}"] = auroc(scores, [spans[0].score for kind, spans in wrong if kind == name and spans])
    return figures


def clapnq(reader: Network, questions: Sequence[ClapQuestion], titles: bool = True) -> dict[str, float]:
    """Share of cited sentences that are annotated, and AUROC of answerable against unanswerable.

    Args:
        reader: The reader.
        questions: ClapNQ questions with their passages.
        titles: Whether to put the title before the passage, as at run time.

    Returns:
        ``cited``: over the questions with annotated sentences, how often the sentence at the middle of the best span
        is one of them;
        ``auroc``: by span score; ``auroc_margin`` and ``auroc_answerable``: by each of its parts.
    """
    cited: list[float] = []
    groups: dict[bool, list[ScoredSpan]] = {True: [], False: []}
    for question in questions:
        prefix = f"{question.title} · " if titles else ""
        span = reader.read(question.question, [question.context], [prefix])[0][0]
        groups[question.answerable].append(span)
        if question.answering:
            ends = np.cumsum([len(text) + 1 for text in question.sentences])
            sentence = int(np.searchsorted(ends, (span.start + span.end) // 2, side="right"))
            cited.append(float(sentence in question.answering))
    yes, no = groups[True], groups[False]
    return {
        "cited": float(np.mean(cited)),
        "auroc": auroc([s.score for s in yes], [s.score for s in no]),
        "auroc_margin": auroc([s.margin for s in yes], [s.margin for s in no]),
        "auroc_answerable": auroc([s.answerable for s in yes], [s.answerable for s in no]),
    }


def speed(reader: Network, readings: Sequence[Reading], passages: int = 5, rounds: int = 40) -> dict[str, float]:
    """Milliseconds to read one question in five passages of about 150 words, as one batch.

    Args:
        reader: The reader.
        readings: Where to take questions and passages from.
        passages: Passages for each question.
        rounds: Questions to time, after three to warm up.

    Returns:
        ``ms_p50`` and ``ms_p95``.
    """
    rng = random.Random(0)
    texts = [" ".join(r.context.split()[:150]) for r in readings if len(r.context.split()) >= 140]
    took = []
    for _ in range(rounds + 3):
        question, contexts = rng.choice(readings).question, rng.sample(sorted(set(texts)), passages)
        began = time.perf_counter()
        reader.read(question, contexts, ["A headline of some eight words or so · 9 May 2025 · "] * passages)
        took.append((time.perf_counter() - began) * 1000)
    return {"ms_p50": float(np.percentile(took[3:], 50)), "ms_p95": float(np.percentile(took[3:], 95))}


def all_figures(reader: Network, data: Path) -> dict[str, dict[str, float]]:
    """Every figure of one model, rounded to four places."""
    corpus = Corpus(data)
    told, untold = ([r for r in corpus.held_out_stories if r.answerable is there] for there in (True, False))
    figures = {
        "new_wiki_held_out": right_passage(reader, corpus.held_out, corpus.near_misses()),
        "stories_held_out": right_passage(reader, told, untold),
        "clapnq_a": clapnq(reader, read_clapnq(data)),
        "speed": speed(reader, corpus.wiki),
    }
    return {name: {key: round(value, 4) for key, value in found.items()} for name, found in figures.items()}


def main() -> None:
    """Print the figures as JSON."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", type=Path, required=True, help="folder of the exported reader")
    parser.add_argument("--name", default="reader.onnx", help="file name of the model")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets")
    args = parser.parse_args()
    print(json.dumps(all_figures(Network(args.model, args.name), args.data), indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
