"""Any other embedding model, by `sentence-transformers`."""

import json
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.embedding.embedder import DEFAULT_MODEL, ModelIdentity, sha256_of
from index.errors import ModelError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class SentenceTransformerEmbedder:
    """A `sentence-transformers` model, loaded when first used.

    It is a folder, or a name on the Hugging Face hub: taken from the local cache, and downloaded only when it is not
    there.

    Args:
        name: Name or path of the model.

    Raises:
        ModelError: When first used: no such model.
    """

    def __init__(self, name: str) -> None:
        self.name = name
        self._loading = threading.Lock()
        self._encoding = threading.Lock()
        self._loaded: Any = None

    @cached_property
    def folder(self) -> Path:
        """The folder that holds the model's files."""
        if Path(self.name).is_dir():
            return Path(self.name).resolve()
        from huggingface_hub import snapshot_download
        from huggingface_hub.errors import LocalEntryNotFoundError

        try:
            return Path(snapshot_download(self.name, local_files_only=True))
        except LocalEntryNotFoundError:
            return self._download()
        except ValueError as error:
            raise ModelError(
                f"There is no embedding model {self.name!r}: give a folder, or a name on the Hugging Face hub."
            ) from error

    def _download(self) -> Path:
        from huggingface_hub import snapshot_download

        try:
            return Path(snapshot_download(self.name))
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The embedding model {self.name!r} is not on this machine and could not be downloaded ({error}). "
                f"Check the name and the network, give a folder, or use the packaged {DEFAULT_MODEL!r}."
            ) from error

    @cached_property
    def identity(self) -> ModelIdentity:
        """Which model this is, from its files alone.

        Raises:
            ModelError: The files are missing.
        """
        files = sorted(self.folder.glob("*.safetensors")) or sorted(self.folder.glob("pytorch_model*.bin"))
        if not files:
            raise ModelError(f"There are no weights (*.safetensors) in {self.folder}.")
        return ModelIdentity(self.name, sha256_of(files), self._dimension())

    def _dimension(self) -> int:
        modules = sorted(self.folder.glob("*_Dense/config.json"))
        if modules:
            return int(json.loads(modules[-1].read_text())["out_features"])
        pooling = self.folder / "1_Pooling" / "config.json"
        if pooling.exists():
            return int(json.loads(pooling.read_text())["word_embedding_dimension"])
        return int(self._model.get_embedding_dimension())

    @property
    def _model(self) -> Any:
        with self._loading:
            if self._loaded is None:
                from sentence_transformers import SentenceTransformer
                from transformers.utils import logging

                logging.disable_progress_bar()  # type: ignore[no-untyped-call]  # its bar shows nothing that was asked for
                self._loaded = SentenceTransformer(str(self.folder), device="cpu", local_files_only=True)
            return self._loaded

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode passages into an array `[len(texts), dimension]` of unit vectors."""
        return self._encode("encode_document", texts)

    def encode_questions(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode questions into an array `[len(texts), dimension]` of unit vectors."""
        return self._encode("encode_query", texts)

    def _encode(self, call: str, texts: Sequence[str]) -> "NDArray[np.float32]":
        import numpy as np

        if not texts:
            return np.zeros((0, self.identity.dimension), dtype=np.float32)
        encode = getattr(self._model, call)
        # The tokenizer under it fails with "Already borrowed" when two threads use it at once.
        with self._encoding, _threads(1 if len(texts) == 1 else None):
            vectors = encode(list(texts), normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True)
        return np.asarray(vectors, dtype=np.float32)


@contextmanager
def _threads(count: int | None) -> Iterator[None]:
    """Let torch use so many threads; None leaves it as it is.

    A single question is too short to be shared out: beside other work on the machine, its threads wait for each other
    forty times as long as one thread needs for all of it.
    """
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(count or before)
    try:
        yield
    finally:
        torch.set_num_threads(before)
