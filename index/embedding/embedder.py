"""What every embedding model does, and what tells one from another."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DEFAULT_MODEL = "sentence-transformers/all-MiniLM-L6-v2"
INT8_MODEL = f"{DEFAULT_MODEL}:int8"


@dataclass(frozen=True)
class ModelIdentity:
    """What must be the same for two vectors to be comparable.

    Attributes:
        name: The model's name or path, as asked for.
        weights_sha256: SHA-256 of its weight files, in the order of their names.
        dimension: Length of its vectors.
    """

    name: str
    weights_sha256: str
    dimension: int


class Embedder(Protocol):
    """Turns passages and questions into unit vectors; the two are encoded by different calls."""

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is; known without loading it."""

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode passages into an array `[len(texts), dimension]` of unit vectors."""

    def encode_questions(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode questions into an array `[len(texts), dimension]` of unit vectors."""


def sha256_of(files: Iterable[Path]) -> str:
    """SHA-256 of the bytes of files, one after the other, in hexadecimal digits."""
    digest = hashlib.sha256()
    for file in files:
        with file.open("rb") as stream:
            while block := stream.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()
