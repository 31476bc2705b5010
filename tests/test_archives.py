"""Zip archives: what is read of them, where it is said to be from, and what is refused."""

import io
import zipfile
from pathlib import Path

import pytest

from index.article import Article
from index.load import Failure, read
from index.sandbox import Limits

PAGE = "Bridge over Anse Sound to close\n9 May 2025\n\nDHELM: The bridge will close to cars from Monday.\n"


def packed(entries: dict[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", method) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def found_in(path: Path, data: bytes, limits: Limits | None = None) -> tuple[list[str], list[tuple[str, str]]]:
    """The origins and the failures of an archive, without its own path."""
    path.write_bytes(data)
    found = list(read([path], limits=limits or Limits()))
    origins = [(item.origin or "").removeprefix(str(path)) for item in found if isinstance(item, Article)]
    return origins, [(i.path.removeprefix(str(path)), i.reason) for i in found if isinstance(i, Failure)]


def test_each_file_is_read_under_its_own_name_in_sorted_order(tmp_path: Path) -> None:
    entries: dict[str, str | bytes] = {
        "news/b.txt": PAGE,
        "a.jsonl": '{"text": "One."}\n{"text": "Two."}',
        "../../etc/c.txt": PAGE,
        "news/photo.jpg": b"\xff\xd8",
        "__MACOSX/news/b.txt": PAGE,
        ".hidden/x.txt": PAGE,
        "news/broken.json": "{",
        "inner.zip": packed({"d.txt": PAGE, "deep.zip": packed({"e.txt": PAGE})}),
    }
    origins, failures = found_in(tmp_path / "a.zip", packed(entries))
    assert origins == [
        *("!../../etc/c.txt#0", "!a.jsonl#0", "!a.jsonl#1"),
        *("!inner.zip!d.txt#0", "!inner.zip!deep.zip!e.txt#0", "!news/b.txt#0"),
    ]
    assert [name for name, _ in failures] == ["!news/broken.json"]
    assert not (tmp_path.parent / "etc").exists()


@pytest.mark.parametrize("method", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_each_way_of_packing(tmp_path: Path, method: int) -> None:
    assert found_in(tmp_path / "a.zip", packed({"a.txt": PAGE}, method)) == (["!a.txt#0"], [])


def test_names_are_shown_so_that_a_terminal_does_not_obey_them(tmp_path: Path) -> None:
    origins, _ = found_in(tmp_path / "a.zip", packed({"a\x1b[2J\u202e.txt": PAGE}))
    assert origins == ["!a\\x1b[2J\\u202e.txt#0"]


LIMITED: dict[str, tuple[bytes, Limits, str, str]] = {
    "too large": (packed({"z.txt": "x " * 900}, 0), Limits(file_bytes=1000), "!z.txt", "larger than 1,000 bytes"),
    "a ratio as of no text": (packed({"z.txt": "x" * 5_000_000}), Limits(), "!z.txt", "more than 200 times its size"),
    "too much in all": (
        packed({"y.txt": PAGE, "z.txt": "word " * 400}, 0),
        Limits(archive_bytes=1500),
        "!z.txt",
        "unpacks to more than 1,500 bytes",
    ),
    "too many": (
        packed({f"{n}.txt": PAGE for n in range(1, 5)}),
        Limits(archive_entries=2),
        "!2.txt",
        "has more than 2 entries",
    ),
    "too deep": (
        packed({"z.zip": packed({"z.zip": packed({"z.zip": packed({"z.txt": PAGE})})})}),
        Limits(),
        "!z.zip!z.zip!z.zip",
        "lies more than 2 archives deep",
    ),
}


@pytest.mark.parametrize("case", LIMITED)
def test_what_is_beyond_a_limit_is_refused_and_the_rest_read(case: str, tmp_path: Path) -> None:
    data, limits, name, reason = LIMITED[case]
    with zipfile.ZipFile(buffer := io.BytesIO(data), "a") as archive:
        archive.writestr("0.txt", PAGE)
    origins, failures = found_in(tmp_path / "a.zip", buffer.getvalue(), limits)
    assert origins[0] == "!0.txt#0"
    assert [found for found, _ in failures] == [name]
    assert reason in failures[0][1]


def test_what_is_no_archive_holds_nothing_or_is_broken(tmp_path: Path) -> None:
    for data, reason in ((b"", "is not a zip"), (b"PK\x03\x04 no", "is not a zip"), (packed({}), "holds no articles")):
        ((_, found),) = found_in(tmp_path / "a.zip", data)[1]
        assert reason in found
    broken = bytearray(packed({"a.txt": PAGE, "b.txt": PAGE}, 0))
    broken[60] ^= 1  # in the text of the first
    origins, ((name, found),) = found_in(tmp_path / "a.zip", bytes(broken))
    assert (origins, name) == (["!b.txt#0"], "!a.txt")
    assert "Bad CRC-32" in found
