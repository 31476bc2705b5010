"""Export a checkpoint: ``python -m assistant.reader.training.export --checkpoint FILE --data DIR --out DIR``.

Writes the network as trained (``reader-fp32.onnx``, the yardstick) and as shipped (``reader.onnx``), and measures both
with onnxruntime. Needs the packages onnx and onnxscript besides torch.

As shipped, the matrices of the encoder have 7 bits, one scale for each column, and are multiplied with activations in 8
bits, one scale for each window (dynamic quantisation). The eighth bit is left out because processors without VNNI add
two products in 16 bits, which would overflow. The matrices behind the widest activations of the lowest layers, which
spread farthest, are not rounded: the answers are then as good as in fp32. Word embeddings have 8 bits, one scale for
each word; the rest is fp16, computed in fp32.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import shutil
from pathlib import Path

import numpy as np
import onnx  # type: ignore[import-not-found,unused-ignore]
import torch
from onnx import TensorProto, helper, numpy_helper
from onnxruntime.quantization import QuantType, quantize_dynamic

from assistant.reader.network import LENGTH, LONGEST_QUESTION, OVERLAP, Network
from assistant.reader.spans import MAX_ANSWER_TOKENS
from assistant.reader.training.evaluate import all_figures
from assistant.reader.training.model import new_model, packaged_encoder

MOST_BYTES = 35_000_000
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
MATRICES = (
    "attention.self.query",
    "attention.self.key",
    "attention.self.value",
    "attention.output.dense",
    "intermediate.dense",
    "output.dense",
)
"""The matrices of a layer, in the order in which the exported graph multiplies by them."""
EXACT = [f"{layer}.output.dense" for layer in range(3)]
"""Those, by layer, that are not rounded."""
OUTPUTS = ["start_logits", "end_logits", "answerable"]


def export_fp32(checkpoint: Path, weights: str, path: Path) -> None:
    """Write the network as ONNX in fp32.

    Args:
        checkpoint: What ``train.py`` saved.
        weights: ``average`` or ``model``.
        path: Where to write.
    """
    model = new_model().eval()
    model.load_state_dict(torch.load(checkpoint, weights_only=True)[weights], strict=False)
    ids = torch.randint(1000, 2000, (2, 24))
    types = torch.zeros_like(ids)
    types[:, 8:] = 1
    batch, length = torch.export.Dim("batch"), torch.export.Dim("length")
    program = torch.onnx.export(
        model,
        (ids, torch.ones_like(ids), types),
        dynamo=True,
        input_names=INPUTS,
        output_names=OUTPUTS,
        dynamic_shapes=tuple({0: batch, 1: length} for _ in INPUTS),
        opset_version=18,
        external_data=False,
    )
    assert program is not None  # noqa: S101 - a program is returned whenever dynamo is set
    program.save(str(path), external_data=False)


def _uses(graph: onnx.GraphProto) -> dict[str, list[onnx.NodeProto]]:
    found: dict[str, list[onnx.NodeProto]] = {}
    for node in graph.node:
        for name in node.input:
            found.setdefault(name, []).append(node)
    return found


def shrink(source: Path, target: Path) -> None:
    """Store the word embeddings in int8 by row and every other large fp32 weight in fp16, and compute in fp32.

    What the nodes say of where they were made (source files and lines) is left out.

    Args:
        source: A model.
        target: Where to write.
    """
    model = onnx.load(str(source))
    graph = model.graph
    uses = _uses(graph)
    before, kept = [], []
    for weight in graph.initializer:
        array = numpy_helper.to_array(weight)
        if array.dtype != np.float32 or array.size < 4096:
            kept.append(weight)
            continue
        gathers = [node for node in uses.get(weight.name, []) if node.op_type == "Gather"]
        if gathers and len(gathers) == len(uses[weight.name]) and array.shape[0] > 10_000:
            scale = np.abs(array).max(axis=1, keepdims=True) / 127
            kept.append(numpy_helper.from_array(np.round(array / scale).astype(np.int8), f"{weight.name}_int8"))
            kept.append(numpy_helper.from_array(scale.astype(np.float32), f"{weight.name}_scale"))
            for node in gathers:
                _gather_int8(graph, node, weight.name)
            continue
        kept.append(numpy_helper.from_array(array.astype(np.float16), f"{weight.name}_fp16"))
        before.append(helper.make_node("Cast", [f"{weight.name}_fp16"], [weight.name], to=TensorProto.FLOAT))
    del graph.initializer[:]
    graph.initializer.extend(kept)
    nodes = [*before, *graph.node]
    del graph.node[:]
    graph.node.extend(nodes)
    for node in graph.node:
        del node.metadata_props[:]
        node.doc_string = ""
    del model.metadata_props[:]
    del graph.value_info[:]
    onnx.save(model, str(target))


def _gather_int8(graph: onnx.GraphProto, node: onnx.NodeProto, weight: str) -> None:
    """Replace a look-up of fp32 rows by look-ups of int8 rows and of their scales, multiplied."""
    indices, out = node.input[1], node.output[0]
    rows = helper.make_node("Gather", [f"{weight}_int8", indices], [f"{out}_int8"], axis=0)
    scales = helper.make_node("Gather", [f"{weight}_scale", indices], [f"{out}_scale"], axis=0)
    cast = helper.make_node("Cast", [f"{out}_int8"], [f"{out}_float"], to=TensorProto.FLOAT)
    product = helper.make_node("Mul", [f"{out}_float", f"{out}_scale"], [out])
    at = list(graph.node).index(node)
    graph.node.remove(node)
    for offset, made in enumerate((rows, scales, cast, product)):
        graph.node.insert(at + offset, made)


def encoder_products(graph: onnx.GraphProto) -> dict[str, onnx.NodeProto]:
    """The nodes that multiply by a matrix of the encoder, by layer and matrix: `0.attention.self.query`.

    Args:
        graph: Of an exported network, as trained or as shipped.
    """
    wide = {w.name.removesuffix("_fp16") for w in graph.initializer if len(w.dims) == 2 and w.dims[1] > 2}
    nodes = [node for node in graph.node if node.op_type.startswith("MatMul") and wide & set(node.input)]
    names = [f"{layer}.{matrix}" for layer in range(len(nodes) // len(MATRICES)) for matrix in MATRICES]
    return dict(zip(names, nodes, strict=False))  # behind them comes, as shipped, a product of the answerable head


def quantise(source: Path, target: Path) -> None:
    """Write an fp32 model as it is shipped.

    Args:
        source: The fp32 model.
        target: Where to write.

    Raises:
        ValueError: The result is too large to ship.
    """
    products = encoder_products(onnx.load(str(source)).graph)
    quantize_dynamic(
        source,
        target,
        weight_type=QuantType.QInt8,
        per_channel=True,
        reduce_range=True,
        op_types_to_quantize=["MatMul"],
        nodes_to_quantize=[node.name for name, node in products.items() if name not in EXACT],
    )
    shrink(target, target)
    if target.stat().st_size > MOST_BYTES:
        raise ValueError(f"{target} has {target.stat().st_size:,} bytes; at most {MOST_BYTES:,} are shipped.")


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def main() -> None:
    """Export and measure."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.ArgumentDefaultsHelpFormatter)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--weights", choices=["average", "model"], default="average")
    parser.add_argument("--data", type=Path, required=True, help="folder of the data sets, to measure on")
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    args.out.mkdir(parents=True, exist_ok=True)
    shutil.copy(packaged_encoder() / "tokenizer.json", args.out / "tokenizer.json")
    fp32 = args.out / "reader-fp32.onnx"
    export_fp32(args.checkpoint, args.weights, fp32)
    quantise(fp32, args.out / "reader.onnx")
    figures = {}
    for path in (fp32, args.out / "reader.onnx"):
        figures[path.name] = all_figures(Network(args.out, path.name), args.data)
        print(json.dumps({path.name: figures[path.name]}), flush=True)  # noqa: T201
    card = {
        "max_length": LENGTH,
        "max_question_tokens": LONGEST_QUESTION,
        "max_answer_tokens": MAX_ANSWER_TOKENS,
        "window_overlap": OVERLAP,
        "input": "[CLS] question [SEP] title · date · passage [SEP]; token_type_ids 1 from the passage's prefix on",
        "score": "(start[i] + end[j] - start[0] - end[0]) / 2 + answerable",
        "sha256": {
            "reader.onnx": sha256(args.out / "reader.onnx"),
            "tokenizer.json": sha256(args.out / "tokenizer.json"),
        },
        "bytes": (args.out / "reader.onnx").stat().st_size,
        "figures": figures["reader.onnx"],
    }
    (args.out / "reader.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
