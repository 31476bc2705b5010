"""Vectors that are known already."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from index.embedding.embedder import Embedder, ModelIdentity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


class GivenVectors:
    """An embedder that was told what the model made of some texts; only the others are encoded.

    Args:
        model: The embedder that made the vectors, and encodes what is left.
    """

    def __init__(self, model: Embedder) -> None:
        self._model = model
        self._given: dict[str, list[NDArray[np.float32]]] = {}

    @property
    def identity(self) -> ModelIdentity:
        """Which model this is."""
        return self._model.identity

    def give(self, text: str, vector: "NDArray[np.float32]") -> None:
        """Tell the unit vector `[dimension]` of a text; it is good for encoding that text once."""
        self._given.setdefault(text, []).append(vector)

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode passages into an array `[len(texts), dimension]` of unit vectors."""
        import numpy as np

        vectors = np.empty((len(texts), self.identity.dimension), np.float32)
        left = []
        for n, text in enumerate(texts):
            if given := self._given.pop(text, None):
                vectors[n] = given.pop()
                if given:
                    self._given[text] = given
            else:
                left.append(n)
        if left:
            vectors[left] = self._model.encode_passages([texts[n] for n in left])
        return vectors

    def encode_questions(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Encode questions into an array `[len(texts), dimension]` of unit vectors."""
        return self._model.encode_questions(texts)
