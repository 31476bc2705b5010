"""The systems that `eval.benchmarks.peers` compares, each as its documentation builds it, in one shape.

Run in a process of its own by that benchmark. The peers' packages are imported where they are used; all but Dateline
encode by `sentence-transformers` in torch, with the weights that Dateline has.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

_K = 10


class System(Protocol):
    """Something that takes articles and finds them."""

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Add articles, each with `id`, `title`, `text` and more."""

    def find(self, question: str) -> list[tuple[str, str]]:
        """The ten best passages, best first: each the id of its article, and its text."""


def _text(article: dict[str, Any]) -> str:
    return f"{article['title']}\n\n{article['text']}"


class Dateline:
    """This library."""

    def __init__(self, folder: Path, model: str) -> None:
        from index.embedding import PackagedEmbedder
        from index.library import Library

        self._library = Library(folder, PackagedEmbedder())

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Add them."""
        from index.article import Article

        self._library.add(Article(**article["fields"]) for article in articles)

    def find(self, question: str) -> list[tuple[str, str]]:
        """Search."""
        return [(hit.passage.article_id, hit.passage.text) for hit in self._library.search(question, _K)]


class LangChain:
    """`Chroma.from_documents` with the recursive splitter and the retriever."""

    def __init__(self, folder: Path, model: str) -> None:
        from langchain_core.embeddings import Embeddings
        from sentence_transformers import SentenceTransformer

        encoder = SentenceTransformer(model, device="cpu")

        class Encoder(Embeddings):
            def embed_documents(self, texts: list[str]) -> list[list[float]]:
                return encoder.encode(texts).tolist()  # type: ignore[no-any-return]

            def embed_query(self, text: str) -> list[float]:
                return encoder.encode(text).tolist()  # type: ignore[no-any-return]

        self._folder, self._encoder = str(folder), Encoder()
        self._retriever: Any = None

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Split and store."""
        from langchain_chroma import Chroma
        from langchain_core.documents import Document
        from langchain_text_splitters import RecursiveCharacterTextSplitter

        documents = [Document(_text(article), metadata={"article": article["id"]}) for article in articles]
        pieces = RecursiveCharacterTextSplitter(chunk_size=1000, chunk_overlap=200).split_documents(documents)
        store = Chroma.from_documents(pieces, self._encoder, persist_directory=self._folder)
        self._retriever = store.as_retriever(search_kwargs={"k": _K})

    def find(self, question: str) -> list[tuple[str, str]]:
        """Ask the retriever."""
        found = self._retriever.invoke(question)
        return [(document.metadata["article"], document.page_content) for document in found]


class Haystack:
    """The document splitter, the in-memory store, saved to disk, and its embedding retriever."""

    def __init__(self, folder: Path, model: str) -> None:
        from haystack.document_stores.in_memory import InMemoryDocumentStore
        from sentence_transformers import SentenceTransformer

        self._file = folder / "documents.json"
        self._encoder = SentenceTransformer(model, device="cpu")
        self._store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        self._retriever: Any = None

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Split, encode and store."""
        from dataclasses import replace

        from haystack import Document
        from haystack.components.preprocessors import DocumentSplitter
        from haystack.components.retrievers.in_memory import InMemoryEmbeddingRetriever
        from haystack.document_stores.types import DuplicatePolicy

        documents = [Document(content=_text(article), meta={"article": article["id"]}) for article in articles]
        pieces = DocumentSplitter(split_by="word", split_length=200).run(documents)["documents"]
        vectors = self._encoder.encode([piece.content for piece in pieces]).tolist()
        pieces = [replace(piece, embedding=vector) for piece, vector in zip(pieces, vectors, strict=True)]
        self._store.write_documents(pieces, policy=DuplicatePolicy.OVERWRITE)
        self._store.save_to_disk(str(self._file))
        self._retriever = InMemoryEmbeddingRetriever(self._store, top_k=_K)

    def find(self, question: str) -> list[tuple[str, str]]:
        """Encode, and ask the retriever."""
        found = self._retriever.run(query_embedding=self._encoder.encode(question).tolist())
        return [(document.meta["article"], document.content) for document in found["documents"]]


class Txtai:
    """A hybrid index of paragraphs, with their text."""

    def __init__(self, folder: Path, model: str) -> None:
        from txtai import Embeddings

        self._folder = folder
        self._index = Embeddings(path=model, method="sentence-transformers", content=True, hybrid=True, gpu=False)
        self._owners: dict[str, str] = {}

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Index paragraphs under their article's id and number."""
        rows = [
            (f"{article['id']}-{number}", paragraph, None)
            for article in articles
            for number, paragraph in enumerate(_text(article).split("\n\n"))
        ]
        self._index.upsert(rows)
        self._index.save(str(self._folder / "index"))

    def find(self, question: str) -> list[tuple[str, str]]:
        """Search."""
        return [(found["id"].split("-")[0], found["text"]) for found in self._index.search(question, _K)]


class LlamaIndex:
    """A vector store index with its sentence splitter and retriever."""

    def __init__(self, folder: Path, model: str) -> None:
        from llama_index.core.embeddings import BaseEmbedding
        from sentence_transformers import SentenceTransformer

        encoder = SentenceTransformer(model, device="cpu")

        class Encoder(BaseEmbedding):  # type: ignore[misc]
            def _get_text_embeddings(self, texts: list[str]) -> list[list[float]]:
                return encoder.encode(texts).tolist()  # type: ignore[no-any-return]

            def _get_text_embedding(self, text: str) -> list[float]:
                return encoder.encode(text).tolist()  # type: ignore[no-any-return]

            _get_query_embedding = _get_text_embedding

            async def _aget_query_embedding(self, query: str) -> list[float]:
                return self._get_text_embedding(query)

        self._folder, self._encoder = folder, Encoder(embed_batch_size=32)
        self._index: Any = None
        self._retriever: Any = None

    def add(self, articles: Sequence[dict[str, Any]]) -> None:
        """Index, or refresh what is there."""
        from llama_index.core import Document, VectorStoreIndex

        documents = [
            Document(text=article["text"], doc_id=article["id"], metadata={"title": article["title"]})
            for article in articles
        ]
        if self._index is None:
            self._index = VectorStoreIndex.from_documents(documents, embed_model=self._encoder)
        else:
            self._index.refresh_ref_docs(documents)
        self._index.storage_context.persist(str(self._folder))
        self._retriever = self._index.as_retriever(similarity_top_k=_K)

    def find(self, question: str) -> list[tuple[str, str]]:
        """Ask the retriever."""
        return [(found.node.ref_doc_id, found.node.get_content()) for found in self._retriever.retrieve(question)]


SYSTEMS: dict[str, Callable[[Path, str], System]] = {
    "Dateline": Dateline,
    "LangChain + Chroma": LangChain,
    "Haystack": Haystack,
    "txtai": Txtai,
    "LlamaIndex": LlamaIndex,
}


def measure(name: str, folder: Path, data: Path) -> dict[str, Any]:
    """Add the articles, add them again, and ask the questions.

    Args:
        name: One of `SYSTEMS`.
        folder: Where the system stores what it has; empty.
        data: A file of `articles`, `questions` (pairs of question and ids of right articles) and the `model`'s folder.

    Returns:
        Seconds, milliseconds, MiB and scores, by name.
    """
    import resource

    given = json.loads(data.read_text(encoding="utf-8"))
    folder.mkdir(parents=True, exist_ok=True)
    system = SYSTEMS[name](folder, given["model"])
    # Loading the encoder is not adding: the first question of a process loads it, too.
    system.add(given["warm_up"])
    began = time.perf_counter()
    system.add(given["articles"])
    added = time.perf_counter()
    system.add(given["articles"])
    again = time.perf_counter()
    ranks, took = [], []
    for question, right in given["questions"]:
        asked = time.perf_counter()
        found = system.find(question)
        took.append((time.perf_counter() - asked) * 1000)
        ranks.append(next((rank for rank, (article, _) in enumerate(found, start=1) if article in right), 0))
    files = sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())
    took = sorted(took[5:])
    return {
        "articles a second": len(given["articles"]) / (added - began),
        "adding again, s": again - added,
        "hit@1": sum(rank == 1 for rank in ranks) / len(ranks),
        "MRR@10": sum(1 / rank for rank in ranks if rank) / len(ranks),
        "query p50, ms": took[len(took) // 2],
        "query p95, ms": took[int(len(took) * 0.95)],
        "peak memory, MiB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        "disk, MiB": files / 2**20,
    }


if __name__ == "__main__":
    sys.stdout.write("\n" + json.dumps(measure(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]))) + "\n")
