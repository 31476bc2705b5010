"""The shipped network as weights to train on from: a checkpoint is too large to keep, the shipped file is there.

It undoes the 7-bit columns of `export`, so that a new run begins where the last one ended but for rounding.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]
import torch
from onnx import numpy_helper
from torch import Tensor

from assistant.reader.training.export import encoder_products

_SPAN = 2
"""How wide the span head is: start and end."""
_TURNED = "_Transposed"
"""Behind the name of a weight whose rows and columns the export exchanged."""


def shipped_weights(file: Path) -> dict[str, Tensor]:
    """The weights of an exported reader by their names, all but the word embeddings, which are those of the encoder.

    Args:
        file: A `reader.onnx` as `export` writes it.
    """
    graph = onnx.load(str(file)).graph
    stored = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    loaded = {}
    for name, array in stored.items():
        plain = name.removesuffix("_fp16")
        loaded[plain.removesuffix(_TURNED)] = _tensor(array.T if plain.endswith(_TURNED) else array)
    for name, node in encoder_products(graph).items():
        loaded[f"encoder.encoder.layer.{name}.weight"] = _tensor(_columns(stored, node.input[1]).T)
    (head,) = (array for array in stored.values() if array.ndim == 2 and array.shape[1] == _SPAN)
    loaded["span.weight"] = _tensor(head.T)
    return loaded


def _columns(stored: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """A matrix that is stored in int8 by column, or in fp16."""
    if name in stored:
        scales = stored[f"{name.removesuffix('_quantized')}_scale"]
        return np.asarray(stored[name] * scales)
    return stored[f"{name}_fp16"]


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(array, dtype=np.float32 if array.dtype.kind == "f" else array.dtype))
