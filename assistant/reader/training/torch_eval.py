"""Figures of a torch model on held-out questions, while it trains."""
# ruff: noqa: S311 - nothing here is a secret

from __future__ import annotations

import random

import numpy as np
import torch

from assistant.reader.spans import TokenSpan, best_token_spans
from assistant.reader.training.data import Reading
from assistant.reader.training.encode import Encoder, Features, collate
from assistant.reader.training.model import ReaderModel
from assistant.reader.training.scoring import auroc, exact, token_f1

LENGTH = 256


@torch.no_grad()
def score_features(model: ReaderModel, features: list[Features]) -> list[tuple[TokenSpan, float]]:
    """Best span and answerable logit of each example.

    Args:
        model: The reader; left in training mode.
        features: Encoded examples.

    Returns:
        In the order of `features`.
    """
    model.eval()
    order = sorted(range(len(features)), key=lambda number: len(features[number].ids))
    found: dict[int, tuple[TokenSpan, float]] = {}
    for begin in range(0, len(order), 16):
        rows = order[begin : begin + 16]
        batch = collate([features[number] for number in rows], random.Random(0))
        with torch.autocast("cpu", torch.bfloat16):
            start, end, verdict = model(batch["input_ids"], batch["attention_mask"], batch["token_type_ids"])
        starts, ends, verdicts = start.float().numpy(), end.float().numpy(), verdict.float().numpy()
        for row, number in enumerate(rows):
            best = best_token_spans(starts[row], ends[row], low=features[number].first)
            found[number] = (best[0], float(verdicts[row]))
    model.train()
    return [found[number] for number in range(len(features))]


def dev_figures(model: ReaderModel, encoder: Encoder, right: list[Reading], misses: list[Reading]) -> dict[str, float]:
    """Exact match and F1 with the right passage given, and AUROC against near misses.

    Args:
        model: The reader.
        encoder: Its encoder.
        right: Held-out questions with their passages.
        misses: Unanswerable twins.

    Returns:
        Figures 0 to 1: ``em``, ``f1``; AUROC by span score, by answerable logit and by their sum, and by kind.
    """
    rng = random.Random(0)
    features = [encoder.encode(reading, LENGTH, rng, noise=False) for reading in [*right, *misses]]
    scored = score_features(model, features)
    exacts, f1s = [], []
    for reading, example, (span, _) in zip(right, features, scored, strict=False):
        answer = encoder.tokenizer.decode(example.ids[span.first : span.last + 1])
        golds = tuple(
            encoder.tokenizer.decode(encoder.tokenizer.encode(t, add_special_tokens=False).ids) for t in reading.texts
        )
        exacts.append(exact(answer, golds))
        f1s.append(token_f1(answer, golds))
    by_span = [span.score for span, _ in scored]
    by_verdict = [verdict for _, verdict in scored]
    both = [a / 2 + b for a, b in zip(by_span, by_verdict, strict=True)]
    cut = len(right)
    figures = {
        "em": float(np.mean(exacts)),
        "f1": float(np.mean(f1s)),
        "auroc_span": auroc(by_span[:cut], by_span[cut:]),
        "auroc_answerable": auroc(by_verdict[:cut], by_verdict[cut:]),
        "auroc_both": auroc(both[:cut], both[cut:]),
    }
    for kind in sorted({miss.kind for miss in misses}):
        chosen = [score for score, miss in zip(both[cut:], misses, strict=True) if miss.kind == kind]
        figures[f"auroc_{kind}"] = auroc(both[:cut], chosen)
    return {name: round(value, 4) for name, value in figures.items()}
