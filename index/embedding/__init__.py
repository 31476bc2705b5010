"""Embeddings: which model, that its weights are the right ones, and encoding with it."""

from index.embedding.embedder import DEFAULT_MODEL, INT8_MODEL, Embedder, ModelIdentity
from index.embedding.packaged import PackagedEmbedder
from index.embedding.sentence_transformer import SentenceTransformerEmbedder

__all__ = [
    "DEFAULT_MODEL",
    "INT8_MODEL",
    "Embedder",
    "ModelIdentity",
    "PackagedEmbedder",
    "SentenceTransformerEmbedder",
    "open_embedder",
]


def open_embedder(name: str = DEFAULT_MODEL) -> Embedder:
    """The embedder of this name; nothing is loaded before it is used.

    Args:
        name: `DEFAULT_MODEL`, which comes packaged, `INT8_MODEL`, which is the same with weights of 8 bits, or the name
            or folder of any `sentence-transformers` model.
    """
    return PackagedEmbedder(name) if name in (DEFAULT_MODEL, INT8_MODEL) else SentenceTransformerEmbedder(name)
