"""Children that read files: what they may cost, what becomes of those that die, and that they hold nothing of ours."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from index.article import Article
from index.load import Failure, read
from index.sandbox import Limits, pool
from index.sandbox import reader as reading

PAGE = "Bridge over Anse Sound to close\n9 May 2025\n\nDHELM: The bridge will close to cars from Monday.\n"


@pytest.fixture(autouse=True)
def fresh() -> Iterator[None]:
    """No child from before, and none left behind."""
    pool.close_warm()
    yield
    pool.close_warm()


def write(folder: Path, names: list[str], text: str = PAGE) -> None:
    folder.mkdir(exist_ok=True)
    for name in names:
        (folder / name).write_text(text)


def child_running(monkeypatch: pytest.MonkeyPatch, tmp_path: Path, code: str) -> None:
    """Make every child run some code for each file whose name begins with `bad`."""
    (tmp_path / "site").mkdir(exist_ok=True)
    (tmp_path / "site" / "sitecustomize.py").write_text(
        "import builtins\n"
        "real = builtins.open\n"
        "def opened(path, *a, **k):\n"
        "    if isinstance(path, str) and '/bad' in path:\n"
        + "".join(f"        {line}\n" for line in code.splitlines())
        + "    return real(path, *a, **k)\n"
        "builtins.open = opened\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])


def failures(folder: Path, limits: Limits = Limits()) -> list[tuple[str, str]]:
    """Read a folder in which all but the `bad` files hold one article; returns the failures, all others read."""
    found = list(read([folder], limits=limits))
    good = [item for item in found if isinstance(item, Article)]
    assert len(good) == len([name for name in os.listdir(folder) if not name.startswith("bad")])
    return [(Path(item.path).name, item.reason) for item in found if isinstance(item, Failure)]


DEATHS = {
    "hangs": ("import time; time.sleep(60)", "takes longer than 1 s"),
    "hangs and ignores signals": (
        "import signal, time\nsignal.signal(signal.SIGALRM, signal.SIG_IGN)\nsignal.signal(signal.SIGTERM, signal.SIG_IGN)\n"
        "time.sleep(60)",
        "takes longer than 1 s",
    ),
    "crashes": ("import os; os.kill(os.getpid(), 11)", "crashes what reads it (SIGSEGV)"),
    "ends": ("import os; os._exit(3)", "crashes what reads it (exit status 3)"),
    "is killed by the system": ("import os; os.kill(os.getpid(), 9)", "needs more memory than there is"),
    "takes memory": ("x = bytearray(600 << 20)", "needs more than 512 MiB of memory"),
    "takes memory bit by bit": ("x = []\nwhile True: x.append(bytes(1 << 20))", "needs more than 512 MiB of memory"),
    "connects": ("import socket; socket.create_connection(('127.0.0.1', 9))", "PermissionError: socket"),
    "resolves": ("import socket; socket.getaddrinfo('localhost', 9)", "PermissionError: socket"),
    "runs programs": ("import subprocess; subprocess.run(['true'])", "PermissionError: subprocess.Popen"),
    "recurses": ("def f(): f()\nf()", "RecursionError"),
    "writes files": ("real('/tmp/dateline-test', 'w').write('x' * 99)", "File too large"),
    "speaks out of turn": ("import os; os.write(4, b'[1]\\n{}\\n'); time.sleep(9)", ""),
}
