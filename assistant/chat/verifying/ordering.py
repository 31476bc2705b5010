"""Orders among an article's sentences, told by their meaning: whatever words they are given in."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from index.embedding import ModelIdentity

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FITTED = Path(__file__).with_name("ordering.json")


@dataclass(frozen=True)
class Ordering:
    """A linear model over the packaged embedding model's vectors, fitted by `eval.benchmarks.orders`.

    Attributes:
        model: SHA-256 of the embedding model's weights that it was fitted for.
        weights: One for each of the vector's numbers.
        least: The least weighted sum of an order.
    """

    model: str
    weights: tuple[float, ...]
    least: float

    @classmethod
    def load(cls) -> "Ordering":
        """The fitted model."""
        fit = json.loads(FITTED.read_text(encoding="utf-8"))
        return cls(fit["model"], tuple(fit["weights"]), fit["least"])

    def are_orders(self, vectors: "NDArray[np.float32]", model: ModelIdentity) -> "NDArray[np.bool_]":
        """Which of these meanings `[sentences, width]` are orders; none where another embedding model made them."""
        import numpy as np

        if not len(vectors) or model.weights_sha256 != self.model:
            return np.zeros(len(vectors), bool)
        orders: NDArray[np.bool_] = vectors @ np.array(self.weights, np.float32) >= self.least
        return orders
