"""Shared fixtures: small articles, a library of them, and an embedder that needs no model."""

import hashlib
import os
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import settings
from numpy.typing import NDArray

from assistant.assistant import Assistant
from assistant.chat.verifying.verifier import Verifier
from assistant.reader.network import Network
from assistant.reader.reader import WEIGHTS
from assistant.settings import Settings
from index.article import Article
from index.embedding import ModelIdentity, PackagedEmbedder
from index.library import Library
from index.terms import terms

settings.register_profile("any machine", deadline=None)  # how long an example takes tells of the machine
settings.load_profile("any machine")

NAQVI = Article(
    title="Interior minister sees envoy again",
    text=(
        "ISLAMABAD: Interior Minister Mohsin Naqvi received the American chargé d’affaires Natalie Baker on Friday, "
        "their second meeting in two days.\n\n"
        "“We spoke plainly,” an aide said. Zack Harkinrider, a political counsellor, sat in.\n\n"
        "• The talks lasted forty minutes"
    ),
    source="Sample Courier",
    url="https://courier.example/naqvi",
    published="2025-05-09",
    place="ISLAMABAD",
    language="en",
)
BRIDGE = Article(
    title="Ferris bridge to close for repairs",
    text=(
        "TOLLEN: The Ferris bridge will close on 3 March for eleven weeks, engineer Anna Velic said. "
        "Repairs will cost 4.2 million crowns.\n\n"
        "Buses will cross at Low Mill until the bridge opens again."
    ),
    source="Tollen Post",
    url="https://post.example/bridge",
    published="2025-02-20",
    place="TOLLEN",
    language="en",
)
FLOOD = Article(
    title="River peaks at Tollen",
    text="TOLLEN: The river Ossa peaked at 6.1 metres on Sunday. Forty families were moved to the school in Low Mill.",
    source="Sample Courier",
    published="2025-03-16",
)


class HashedEmbedder:
    """Words as vectors: each term adds a fixed random direction, so texts that share words are near."""

    identity = ModelIdentity("hashed", "0" * 64, 64)

    def encode_passages(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return np.stack([self._encode(text) for text in texts]) if texts else np.zeros((0, 64), np.float32)

    encode_questions = encode_passages

    @staticmethod
    def _encode(text: str) -> NDArray[np.float32]:
        total = np.full(64, 1e-3)
        for term in terms(text):
            seed = int.from_bytes(hashlib.sha256(term.encode()).digest()[:4], "big")
            total += np.random.default_rng(seed).normal(size=64)
        return (total / np.linalg.norm(total)).astype(np.float32)


@pytest.fixture(autouse=True)
def alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Every test in a folder of its own, without the user's settings."""
    monkeypatch.chdir(tmp_path)
    for name in [name for name in os.environ if name.startswith("DATELINE_")]:
        monkeypatch.delenv(name)


@pytest.fixture(scope="session")
def minilm() -> PackagedEmbedder:
    """The real embedding model, loaded once."""
    return PackagedEmbedder()


@pytest.fixture(scope="session")
def verifier(minilm: PackagedEmbedder) -> Verifier:
    """What ties a chat model's sentences to quotes, with the packaged models."""
    return Verifier(minilm, Network(WEIGHTS))


@pytest.fixture
def empty_library(tmp_path: Path) -> Iterator[Library]:
    library = Library(tmp_path / "library", HashedEmbedder())
    yield library
    library.close()


@pytest.fixture
def library(empty_library: Library) -> Library:
    empty_library.add([NAQVI, BRIDGE, FLOOD])
    return empty_library


@pytest.fixture
def assistant(tmp_path: Path, minilm: PackagedEmbedder) -> Iterator[Assistant]:
    library = Library(tmp_path / "library", minilm)
    library.add([NAQVI, BRIDGE, FLOOD])
    yield Assistant(library, Settings(library=tmp_path / "library"))
    library.close()
