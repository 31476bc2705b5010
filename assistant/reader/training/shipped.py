"""The shipped network as weights to train on from: a checkpoint is too large to keep, the shipped file is there.

It undoes the 8-bit blocks of `export`, so that a new run begins where the last one ended but for rounding.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]
import torch
from onnx import numpy_helper
from torch import Tensor

from assistant.reader.training.model import ReaderModel

_MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of a layer, in the order in which the exported graph multiplies by them."""
_MIDDLE = 128
"""Of the 8 bits: what stands for zero."""


def load_shipped(model: ReaderModel, file: Path) -> None:
    """Take over the weights of an exported reader, all but the word embeddings, which are those of the encoder.

    Args:
        model: What takes them.
        file: A `reader.onnx` in the format `blocks`.

    Raises:
        ValueError: The file is of another format, or of a network of another shape.
    """
    graph = onnx.load(str(file)).graph
    stored = {weight.name: numpy_helper.to_array(weight) for weight in graph.initializer}
    loaded = {name.removesuffix("_fp16"): _tensor(array) for name, array in stored.items()}
    blocks = [node for node in graph.node if node.op_type == "MatMulNBits"]
    layers = model.encoder.config.num_hidden_layers
    if len(blocks) != layers * len(_MATRICES):
        raise ValueError(f"{file} is not a reader of {layers} layers in the format blocks.")
    for number, node in enumerate(blocks):
        layer, place = divmod(number, len(_MATRICES))
        name = f"encoder.encoder.layer.{layer}.{_MATRICES[place]}.weight"
        scales = node.input[2] if node.input[2] in stored else f"{node.input[2]}_fp16"
        loaded[name] = _tensor(dequantised(stored[node.input[1]], stored[scales]))
    (head,) = (array for array in stored.values() if array.ndim == 2 and array.shape[1] == model.span.out_features)
    loaded["span.weight"] = _tensor(head.T)
    own = model.state_dict()
    taken = {name: tensor for name, tensor in loaded.items() if name in own and own[name].shape == tensor.shape}
    missing = set(own) - set(taken) - {"encoder.embeddings.word_embeddings.weight"}
    if missing:
        raise ValueError(f"{file} lacks {', '.join(sorted(missing))}.")
    model.load_state_dict(taken, strict=False)


def dequantised(packed: np.ndarray, scales: np.ndarray) -> np.ndarray:
    """8-bit blocks as numbers.

    Args:
        packed: [rows, blocks, width] of 0 to 255, 128 for zero.
        scales: [rows, blocks].

    Returns:
        [rows, blocks * width].
    """
    values = (packed.astype(np.float32) - _MIDDLE) * scales.astype(np.float32)[..., None]
    return values.reshape(len(packed), -1)


def _tensor(array: np.ndarray) -> Tensor:
    return torch.from_numpy(np.array(array, dtype=np.float32 if array.dtype.kind == "f" else array.dtype))
