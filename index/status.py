"""What a library holds, and how it was made."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Status:
    """What a library holds.

    Attributes:
        folder: Where it is.
        articles: How many articles.
        passages: How many passages.
        index_id: The state of its content: equal content has equal ids.
        embedding_model: Name of the embedding model.
        weights_sha256: SHA-256 of that model's weights.
        dimension: Length of its vectors.
        splitting: The splitting settings.
    """

    folder: str
    articles: int
    passages: int
    index_id: str
    embedding_model: str
    weights_sha256: str
    dimension: int
    splitting: dict[str, int]
