"""Any other extractive question-answering model, by `transformers`."""

import threading
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from assistant.reader.reader import PASSAGES
from assistant.reader.sentence import sentence_around
from assistant.reader.spans import best_token_spans
from assistant.reading import Evidence, Span
from index.errors import ModelError

_LENGTH, _OVERLAP = 384, 96


class NamedReader:
    """Reads with a `transformers` model that has a head for question answering.

    The model is a folder, or a name on the Hugging Face hub: taken from the local cache, and downloaded only when it is
    not there. Its confidence is its own: the share of a span in the softmax over the best spans of all passages and
    "no answer" ([CLS], as in SQuAD 2.0, Rajpurkar et al. 2018). It is not calibrated, and a model that never learnt to
    refuse hardly ever will: set `threshold` to what suits it.

    Args:
        name: Name or folder of the model.
    """

    threshold = 0.5

    def __init__(self, name: str) -> None:
        self.name = name
        self._reading = threading.Lock()

    @cached_property
    def _loaded(self) -> tuple[Any, Any]:
        """The tokenizer and the model.

        Raises:
            ModelError: There is no such model, or it cannot answer questions.
        """
        from transformers import AutoModelForQuestionAnswering, AutoTokenizer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        local = {"local_files_only": True} if Path(self.name).exists() else {}
        try:
            tokenizer = AutoTokenizer.from_pretrained(self.name, **local)
            model = AutoModelForQuestionAnswering.from_pretrained(self.name, **local).eval()
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The reader {self.name!r} cannot be loaded ({str(error).splitlines()[0]}). Give the folder or the "
                "name of a transformers model for question answering, or leave the setting `reader` out for the "
                "packaged one."
            ) from error
        if not tokenizer.is_fast:
            raise ModelError(f"The reader {self.name!r} has no fast tokenizer, so its answers have no place in a text.")
        return tokenizer, model

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Span]:
        """Find answers; see `assistant.reading.Reader`.

        Raises:
            ModelError: The model cannot be loaded.
        """
        scored = [
            (margin, item, item.hit.passage.start + start, item.hit.passage.start + end)
            for item in evidence[:PASSAGES]
            for margin, start, end in self._spans(question, item.hit.passage.text)
        ]
        if not scored:
            return []
        best = sorted(scored, key=lambda found: (-found[0], found[1].hit.rank))[:3]
        margins = np.array([0.0, *(margin for margin, *_ in scored)])
        total = np.exp(margins - margins.max()).sum()
        spans = []
        for margin, item, start, end in best:
            confidence = float(np.exp(margin - margins.max()) / total)
            spans.append(Span(item.article, start, end, *sentence_around(item.article, start, end), confidence))
        return spans

    def _spans(self, question: str, passage: str) -> list[tuple[float, int, int]]:
        """The best span of a passage: margin over "no answer", first character, character behind the last."""
        import torch

        with self._reading:
            tokenizer, model = self._loaded
            fed = tokenizer(
                question,
                passage,
                truncation="only_second",
                max_length=min(_LENGTH, tokenizer.model_max_length),
                stride=_OVERLAP,
                return_overflowing_tokens=True,
                return_offsets_mapping=True,
                padding=True,
                return_tensors="pt",
            )
            kept = {name: fed[name] for name in tokenizer.model_input_names if name in fed}
            with torch.inference_mode():
                logits = model(**kept)
        found = []
        for row, offsets in enumerate(fed["offset_mapping"].tolist()):
            inside = [place for place, text in enumerate(fed.sequence_ids(row)) if text == 1]
            if inside:
                start, end = (values[row].float().numpy() for values in (logits.start_logits, logits.end_logits))
                for span in best_token_spans(start, end, 1, inside[0], inside[-1] + 1):
                    found.append((span.score, offsets[span.first][0], offsets[span.last][1]))
        return sorted(found, reverse=True)[:1]
