"""The server as a process: it starts, answers, logs, and ends when it is told to."""

import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx

from assistant.assistant import open_library
from assistant.settings import load_settings
from tests.conftest import NAQVI


def test_ends_when_told_to_and_leaves_nothing_behind(tmp_path: Path) -> None:
    with open_library(load_settings(library=tmp_path / "library")) as library:
        library.add([NAQVI])
    (tmp_path / "temporary").mkdir()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = subprocess.Popen(
        [sys.executable, "-c", "from assistant.cli import main; main()", "serve", "--port", str(port)],
        env=os.environ | {"TMPDIR": str(tmp_path / "temporary")},
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline and server.poll() is None:
            try:
                if httpx.get(f"http://127.0.0.1:{port}/readyz").status_code == 200:
                    break
            except httpx.TransportError:
                time.sleep(0.2)
        asked = httpx.post(
            f"http://127.0.0.1:{port}/v1/ask", json={"question": "Who received Natalie Baker?"}, timeout=60
        )
        assert "Mohsin Naqvi" in asked.json()["answer"]
        assert list((tmp_path / "temporary").iterdir()) != []
        assert _answers_again_after(6, port)
    finally:
        server.send_signal(signal.SIGTERM)
        _, log = server.communicate(timeout=30)
    assert server.returncode == 0
    assert list((tmp_path / "temporary").iterdir()) == []
    assert [json.loads(line)["message"] for line in log.splitlines()][-2:] == ["answered", "request"]


def _answers_again_after(seconds: float, port: int) -> bool:
    """Whether a connection stays open for longer than httpx keeps one (5 s), which would find it closed else."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    for wait in (0, seconds):
        time.sleep(wait)
        connection.request("GET", "/healthz")
        if connection.getresponse().read() == b"":
            return False
    return True
