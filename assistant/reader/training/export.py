"""Export a checkpoint: ``python -m assistant.reader.training.export --checkpoint FILE --data DIR --out DIR``.

Writes the network in four formats, measures each with onnxruntime, and copies the best that is small enough to
``reader.onnx``. All but fp32 store the word embeddings in int8 by row. Needs the packages onnx and onnxscript besides
torch.

- ``fp32``: as trained; too large to ship, the yardstick of the others.
- ``mixed``: the other weights in fp16, computed in fp32.
- ``blocks``: matrices in 8 bits by blocks of 128, multiplied with activations in 8 bits by blocks (MatMulNBits).
- ``int8``: matrices in 8 bits by column, activations in 8 bits by batch (dynamic quantisation).
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
from onnxruntime.quantization.matmul_nbits_quantizer import (
    DefaultWeightOnlyQuantConfig,
    MatMulNBitsQuantizer,
)

from assistant.reader.network import LENGTH, LONGEST_QUESTION, OVERLAP, Network
from assistant.reader.spans import MAX_ANSWER_TOKENS
from assistant.reader.training.evaluate import all_figures
from assistant.reader.training.model import new_model, packaged_encoder

MOST_BYTES = 35_000_000
INPUTS = ["input_ids", "attention_mask", "token_type_ids"]
OUTPUTS = ["start_logits", "end_logits", "answerable"]


def export_fp32(checkpoint: Path, weights: str, path: Path) -> None:
    """Write the network as ONNX in fp32.

    Args:
        checkpoint: What ``train.py`` saved.
        weights: ``average`` or ``model``.
        path: Where to write.
    """
    model = new_model(attention="eager").eval()
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
    """Store the word embeddings in int8 by row and every other large weight in fp16, and compute in fp32.

    Args:
        source: An fp32 model.
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


def heads(path: Path) -> list[str]:
    """Names of the nodes of the span and answerable heads, which stay in floating point."""
    graph = onnx.load(str(path)).graph
    shapes = {weight.name: list(weight.dims) for weight in graph.initializer}
    narrow = {name for name, shape in shapes.items() if len(shape) == 2 and shape[1] <= 2}
    return [node.name for node in graph.node if node.op_type == "Gemm" or narrow & set(node.input)]


def quantise(source: Path, folder: Path) -> dict[str, Path]:
    """Write the smaller formats of an fp32 model.

    Args:
        source: The fp32 model.
        folder: Where to write.

    Returns:
        Their paths by name: ``mixed``, ``blocks`` and ``int8``.
    """
    paths = {name: folder / f"reader-{name}.onnx" for name in ("mixed", "blocks", "int8")}
    kept = heads(source)
    shrink(source, paths["mixed"])
    config = DefaultWeightOnlyQuantConfig(block_size=128, is_symmetric=True, accuracy_level=4, bits=8)
    blocks = MatMulNBitsQuantizer(onnx.load(str(source)), nodes_to_exclude=kept, algo_config=config)
    blocks.process()
    blocks.model.save_model_to_file(str(paths["blocks"]), False)
    shrink(paths["blocks"], paths["blocks"])
    quantize_dynamic(source, paths["int8"], weight_type=QuantType.QInt8, per_channel=True, nodes_to_exclude=kept)
    return paths


def sha256(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def choose(figures: dict[str, dict[str, dict[str, float]]], sizes: dict[str, int]) -> str:
    """Of the models that are small enough, the fastest whose F1 is within 0.002 of the best of them."""
    small = [name for name, size in sizes.items() if size <= MOST_BYTES]
    best = max(figures[name]["new_wiki_held_out"]["f1"] for name in small)
    good = [name for name in small if figures[name]["new_wiki_held_out"]["f1"] >= best - 0.002]
    return min(good, key=lambda name: figures[name]["speed"]["ms_p50"])


def main() -> None:
    """Export, measure, choose."""
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
    paths = {"fp32": fp32, **quantise(fp32, args.out)}
    figures = {}
    for name, path in paths.items():
        figures[name] = all_figures(Network(args.out, path.name), args.data)
        print(json.dumps({name: figures[name]}), flush=True)  # noqa: T201
    sizes = {name: path.stat().st_size for name, path in paths.items()}
    chosen = choose(figures, sizes)
    shutil.copy(paths[chosen], args.out / "reader.onnx")
    card = {
        "format": chosen,
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
        "bytes": sizes[chosen],
        "figures": figures[chosen],
    }
    (args.out / "reader.json").write_text(json.dumps(card, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(json.dumps({"chosen": chosen, "sizes": sizes}, indent=2))  # noqa: T201


if __name__ == "__main__":
    main()
