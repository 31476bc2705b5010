"""The reader's network at run time, on onnxruntime and tokenizers alone."""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from assistant.reader.spans import Floats, best_token_spans

_CLS, _SEP = 101, 102
LENGTH = 256
"""The most tokens that the network sees at once."""
LONGEST_QUESTION, LONGEST_PREFIX = 48, 48
"""Tokens, as in training."""
OVERLAP = 96
"""Tokens that two windows of a long passage share."""


@dataclass(frozen=True)
class ScoredSpan:
    """A span of a passage.

    Attributes:
        start: First character, in the passage.
        end: Character after the last.
        margin: Span logits less those of "no answer", `start[i] + end[j] - start[0] - end[0]`.
        answerable: Logit that the window holding the span answers the question.
    """

    start: int
    end: int
    margin: float
    answerable: float

    @property
    def score(self) -> float:
        """`margin / 2 + answerable`: one number for both, by which the network is measured."""
        return self.margin / 2 + self.answerable


@dataclass(frozen=True)
class _Window:
    """What the network sees at once: `[CLS] question [SEP] prefix passage [SEP]`."""

    passage: int
    ids: list[int]
    question: int
    first: int
    offsets: list[tuple[int, int]]


class Network:
    """An exported reader.

    Args:
        folder: Folder with the model and `tokenizer.json`.
        name: File name of the model.
        threads: How many windows are read at a time; 0 for as many as there are cores.
    """

    def __init__(self, folder: Path, name: str = "reader.onnx", threads: int = 0) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        # Windows go to threads of ours: they share nothing and need no padding, where onnxruntime's own threads wait
        # for each other at every step.
        options.intra_op_num_threads = 1
        self._threads = ThreadPoolExecutor(threads or os.cpu_count(), thread_name_prefix="reader")
        self._session = onnxruntime.InferenceSession(str(folder / name), options, providers=["CPUExecutionProvider"])
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def read(
        self, question: str, passages: Sequence[str], prefixes: Sequence[str] | None = None, k: int = 1
    ) -> list[list[ScoredSpan]]:
        """Find the best spans of each passage.

        Args:
            question: What is asked.
            passages: Texts; those longer than the network's length are read in windows that overlap by 96 tokens.
            prefixes: What stands before each passage (`title · date · `); spans never lie in it. None: nothing.
            k: How many spans for each passage, at most.

        Returns:
            For each passage its best spans, best first; none if it has no tokens.
        """
        windows = self._windows(question, passages, prefixes or [""] * len(passages))
        found: list[list[ScoredSpan]] = [[] for _ in passages]
        for window, (start, end, answerable) in zip(windows, self._threads.map(self._logits, windows), strict=True):
            last = window.first + len(window.offsets)
            for span in best_token_spans(start, end, k, window.first, last):
                begin = window.offsets[span.first - window.first][0]
                behind = window.offsets[span.last - window.first][1]
                found[window.passage].append(ScoredSpan(begin, behind, span.score, answerable))
        return [_distinct(spans, k) for spans in found]

    def _windows(self, question: str, passages: Sequence[str], prefixes: Sequence[str]) -> list[_Window]:
        asked = self._tokenizer.encode(question, add_special_tokens=False).ids[:LONGEST_QUESTION]
        windows = []
        for number, (text, prefix) in enumerate(zip(passages, prefixes, strict=True)):
            before = self._tokenizer.encode(prefix, add_special_tokens=False).ids[:LONGEST_PREFIX] if prefix else []
            passage = self._tokenizer.encode(text, add_special_tokens=False)
            room = LENGTH - 3 - len(asked) - len(before)
            first = len(asked) + 2 + len(before)
            for begin in range(0, max(len(passage.ids) - OVERLAP, 1), room - OVERLAP):
                ids = [_CLS, *asked, _SEP, *before, *passage.ids[begin : begin + room], _SEP]
                windows.append(_Window(number, ids, len(asked) + 2, first, passage.offsets[begin : begin + room]))
        return windows

    def _logits(self, window: _Window) -> tuple[Floats, Floats, float]:
        """Run the network on a window: start `[length]`, end `[length]`, answerable."""
        ids = np.array([window.ids], dtype=np.int64)
        types = (np.arange(ids.shape[1]) >= window.question).astype(np.int64)[None]
        feeds: dict[str, Any] = {"input_ids": ids, "attention_mask": np.ones_like(ids), "token_type_ids": types}
        start, end, answerable = self._session.run(["start_logits", "end_logits", "answerable"], feeds)
        return start[0], end[0], float(answerable[0])


def _distinct(spans: list[ScoredSpan], k: int) -> list[ScoredSpan]:
    """The best spans of a passage, without those that overlap a better one (found in another window)."""
    kept: list[ScoredSpan] = []
    for span in sorted(spans, key=lambda span: (-span.score, span.start)):
        if len(kept) < k and not any(span.start < other.end and other.start < span.end for other in kept):
            kept.append(span)
    return kept
