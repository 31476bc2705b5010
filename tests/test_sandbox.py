"""Children that read files: what they may cost, what becomes of those that die, and that they hold nothing of ours."""

import json
import os
import signal
import sys
import time
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import pytest

from index.article import Article
from index.library import Library
from index.load import Failure, read
from index.mirror import add_files
from index.sandbox import Limits, pool

PAGE = "Bridge over Anse Sound to close\n9 May 2025\n\nDHELM: The bridge will close to cars from Monday.\n"


LIMITS = Limits()


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


def failures(folder: Path, limits: Limits = LIMITS) -> list[tuple[str, str]]:
    """Read a folder in which all but the `bad` files hold one article; returns the failures, all others read."""
    found = list(read([folder], limits=limits))
    good = [item for item in found if isinstance(item, Article)]
    assert len(good) == len([name for name in os.listdir(folder) if not name.startswith("bad")])
    return [(Path(item.path).name, item.reason) for item in found if isinstance(item, Failure)]


DEATHS = {
    "hangs": ("import time; time.sleep(60)", "takes longer than 4 s"),
    "hangs and ignores signals": (
        "import signal, time\nfor s in (14, 15): signal.signal(s, signal.SIG_IGN)\ntime.sleep(60)",
        "takes longer than 4 s",
    ),
    "crashes": ("import os; os.kill(os.getpid(), 11)", "run out of memory (SIGSEGV)"),
    "ends": ("import os; os._exit(3)", "run out of memory (exit status 3)"),
    "is killed by the system": ("import os; os.kill(os.getpid(), 9)", "needs more memory than there is"),
    "takes memory": ("x = bytearray(600 << 20)", "needs more than 512 MiB of memory"),
    "takes memory bit by bit": ("x = []\nwhile True: x.append(bytes(1 << 20))", "needs more than 512 MiB of memory"),
    "connects": ("import socket; socket.socket().connect(('127.0.0.1', 9))", "socket.__new__ is not allowed"),
    "resolves": ("import socket; socket.getaddrinfo('localhost', 9)", "socket.getaddrinfo is not allowed"),
    "runs programs": ("import subprocess; subprocess.run(['true'])", "subprocess.Popen is not allowed"),
    "recurses": ("def f(): f()\nf()", "RecursionError"),
    "writes files": ("real('written', 'w')", "open is not allowed"),
    "speaks out of turn": (
        "import os\nfor n in range(3, 9):\n    try: os.write(n, b'[1]\\n{}\\n')\n    except OSError: pass",
        "crashes what reads it",
    ),
}


@pytest.mark.parametrize(("code", "reason"), DEATHS.values(), ids=list(DEATHS))
def test_what_a_file_does_to_its_reader_is_that_files_failure(
    code: str, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    child_running(monkeypatch, tmp_path, code)
    write(tmp_path / "news", ["a.txt", "bad.txt", "c.txt", "d.txt"])
    begin = time.monotonic()
    ((name, found),) = failures(tmp_path / "news", Limits(seconds=4))
    assert name == "bad.txt"
    assert reason in found
    assert time.monotonic() - begin < 40  # not the 60 that it would take; this machine may be busy


def test_many_bad_files_among_many_good_ones_by_two_children(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_running(monkeypatch, tmp_path, "import os; os.kill(os.getpid(), 11)")
    write(tmp_path / "news", [f"{'bad' if n % 20 == 7 else 'good'}{n:03}.txt" for n in range(100)])
    assert [name for name, _ in failures(tmp_path / "news")] == [f"bad{n:03}.txt" for n in range(7, 100, 20)]


def test_the_order_is_that_of_the_files_whichever_child_is_quicker(tmp_path: Path) -> None:
    names = [f"{n:03}.txt" for n in range(60)]
    write(tmp_path / "news", names)
    for name in names[::7]:
        (tmp_path / "news" / name).write_text(
            "\n\n".join(f"Story {n} of many\n9 May 2025\n\n{PAGE}" for n in range(90))
        )
    origins = [item.origin or "" for item in read([tmp_path / "news"]) if isinstance(item, Article)]
    assert list(dict.fromkeys(Path(origin.partition("#")[0]).name for origin in origins)) == names
    positions = [int(origin.partition("#")[2]) for origin in origins]
    assert all(after in (0, before + 1) for before, after in pairwise(positions))


def test_a_file_read_before_a_death_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lines before and after the one that kills are there once each."""
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "sitecustomize.py").write_text(
        "import json, os\nreal = json.loads\n"
        "def loads(text, **k):\n"
        "    if isinstance(text, str) and 'deadly' in text and text.startswith('{\"text'): os.abort()\n"
        "    return real(text, **k)\njson.loads = loads\n"
    )
    monkeypatch.setattr(sys, "path", [str(tmp_path / "site"), *sys.path])
    path = tmp_path / "a.jsonl"
    path.write_text("\n".join(json.dumps({"text": "deadly" if n in (3, 4) else f"Story {n}."}) for n in range(8)))
    found = list(read([path]))
    assert [item.path.rpartition("#")[2] for item in found if isinstance(item, Failure)] == ["3", "4"]
    assert [item.text for item in found if isinstance(item, Article)] == [f"Story {n}." for n in (0, 1, 2, 5, 6, 7)]
    path.write_text("\n".join(json.dumps({"text": "deadly"}) for _ in range(8)))
    reasons = [item.reason for item in read([path]) if isinstance(item, Failure)]
    assert [reason.partition(" ")[0] for reason in reasons] == ["crashes", "crashes", "crashes", "has"]
    assert "the rest of it is not read" in reasons[-1]


def test_children_hold_nothing_of_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "secret-of-ours")
    kept = open(tmp_path / "kept", "w")  # noqa: SIM115
    os.set_inheritable(kept.fileno(), True)
    write(tmp_path / "news", ["a.txt"])
    assert failures(tmp_path / "news") == []
    (child,) = pool._warm
    assert child._child is not None
    process = Path(f"/proc/{child._child._process.pid}")
    if not process.exists():
        pytest.skip("this system does not show the files of a process")
    assert b"secret" not in (process / "environ").read_bytes()
    targets = [os.readlink(entry) for entry in (process / "fd").iterdir()]
    assert all(target.startswith(("pipe:", "/dev/null")) for target in targets)
    kept.close()


def test_children_are_kept_for_the_next_read_and_end_with_us(tmp_path: Path) -> None:
    write(tmp_path / "news", ["a.txt"])
    pids = set()
    for _ in range(3):
        assert failures(tmp_path / "news") == []
        pids.add(pool._warm[0]._child._process.pid)  # type: ignore[union-attr]
    assert len(pids) == 1
    pool.close_warm()
    with pytest.raises(ProcessLookupError):
        os.kill(pids.pop(), 0)


def test_a_child_that_died_while_waiting_is_replaced(tmp_path: Path) -> None:
    write(tmp_path / "news", ["a.txt"])
    assert failures(tmp_path / "news") == []
    os.kill(pool._warm[0]._child._process.pid, signal.SIGKILL)  # type: ignore[union-attr]
    assert failures(tmp_path / "news") == []


def test_reading_that_is_given_up_leaves_no_child_behind(tmp_path: Path) -> None:
    write(tmp_path / "news", [f"{n}.txt" for n in range(50)])
    reading_on = read([tmp_path / "news"])
    next(reading_on)
    reading_on.close()  # type: ignore[attr-defined]
    assert pool._warm == []


def test_a_module_of_the_working_folder_is_not_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write(tmp_path / "news", ["a.txt"])
    monkeypatch.chdir(tmp_path / "news")
    Path("json.py").write_text("raise SystemExit('run')")
    monkeypatch.setattr(sys, "path", ["", *sys.path])
    assert len(list(read(["a.txt"]))) == 1
    assert isinstance(next(iter(read(["a.txt"]))), Article)


def test_what_took_too_long_is_tried_again_though_it_is_unchanged(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, empty_library: Library
) -> None:
    write(tmp_path / "news", ["a.txt"])
    write(tmp_path / "news", ["bad.txt"], PAGE.replace("Anse", "Dhelm"))
    with monkeypatch.context() as patched:
        child_running(patched, tmp_path, "import os; os.kill(os.getpid(), 14)")
        first = add_files(empty_library, [str(tmp_path / "news")])
    pool.close_warm()
    (failure,) = first.failures
    assert failure.may_pass
    assert len(first.added) == 1
    again = add_files(empty_library, [str(tmp_path / "news")])
    assert (len(again.added), again.failures) == (1, ())
