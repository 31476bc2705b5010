"""Archives, and documents that are archives, which unpack to more than anybody has room for."""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from pathlib import Path

from eval.bad_input.texts import STORY

MIB = 1 << 20
Write = Callable[[Path], object]


def _zip(
    path: Path | io.BytesIO, entries: Iterable[tuple[str, bytes | int]], method: int = zipfile.ZIP_DEFLATED
) -> None:
    """Write an archive; a number stands for so many bytes of nothing."""
    with zipfile.ZipFile(path, "w", method, compresslevel=1) as archive:
        for name, content in entries:
            with archive.open(name, "w", force_zip64=True) as entry:
                if isinstance(content, bytes):
                    entry.write(content)
                else:
                    for _ in range(0, content, MIB):
                        entry.write(b" " * MIB)


def _nested(depth: int, copies: int = 1) -> bytes:
    """An archive of archives of archives; 42.zip is one of 16 copies, 5 deep."""
    inner: bytes = STORY
    for level in range(depth):
        buffer = io.BytesIO()
        suffix = "txt" if level == 0 else "zip"
        _zip(buffer, [(f"{copy}.{suffix}", inner) for copy in range(copies)])
        inner = buffer.getvalue()
    return inner


def _overlapping(path: Path, copies: int = 500) -> None:
    """Many entries that share one body, as in Fifield's "better zip bomb": 20 KB unpack to 10 GB."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    size = 20 * MIB
    body = b"".join([*(packer.compress(b"a " * (MIB // 2)) for _ in range(20)), packer.flush()])
    crc = 0
    for _ in range(20):
        crc = zlib.crc32(b"a " * (MIB // 2), crc)
    facts = struct.pack("<HHHHHIII", 20, 0, 8, 0, 33, crc, len(body), size)
    local = b"PK\x03\x04" + facts + struct.pack("<HH", 5, 0) + b"a.txt"
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHHHII", 5, 0, 0, 0, 0, 0, 0) + b"a.txt"
    directory = entry * copies
    end = struct.pack("<HHHHIIH", 0, 0, copies, copies, len(directory), len(local) + len(body), 0)
    path.write_bytes(local + body + directory + b"PK\x05\x06" + end)


def _lying(path: Path) -> None:
    """An entry that says it is 10 bytes long and goes on for 100 million."""
    _zip(path, [("a.txt", 100 * MIB)])
    data = bytearray(path.read_bytes())
    place = data.rindex(b"PK\x01\x02")
    data[place + 24 : place + 28] = struct.pack("<I", 10)
    path.write_bytes(data)


def _encrypted(path: Path) -> None:
    _zip(path, [("a.txt", STORY)])
    data = bytearray(path.read_bytes())
    for mark, place in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        data[data.index(mark) + place] |= 1
    path.write_bytes(data)


def _many(path: Path) -> None:
    with zipfile.ZipFile(path, "w") as archive:
        for number in range(20_000):
            archive.writestr(f"{number}.txt", b"")


def _quine(path: Path) -> None:
    """An archive whose directory says that the archive itself is in it, whole."""
    name = b"self.zip"
    directory_size = 46 + len(name)
    size = 30 + len(name) + directory_size + 22
    facts = struct.pack("<HHHHHIII", 20, 0, 0, 0, 33, 0, size, size)
    local = b"PK\x03\x04" + facts + struct.pack("<HH", len(name), 0) + name
    entry = b"PK\x01\x02" + struct.pack("<H", 20) + facts + struct.pack("<HHHHHII", len(name), 0, 0, 0, 0, 0, 0) + name
    path.write_bytes(local + entry + b"PK\x05\x06" + struct.pack("<HHHHIIH", 0, 0, 1, 1, len(entry), len(local), 0))


ARCHIVES: dict[str, Write] = {
    "ratio.zip": lambda path: _zip(path, [("a.txt", 300 * MIB)]),
    "ratio-of-bzip2.zip": lambda path: _zip(path, [("a.txt", 150 * MIB)], zipfile.ZIP_BZIP2),
    "ratio-of-lzma.zip": lambda path: _zip(path, [("a.txt", 100 * MIB)], zipfile.ZIP_LZMA),
    "forty-of-them.zip": lambda path: _zip(path, [(f"{n}.txt", 60 * MIB) for n in range(10)]),
    "overlapping.zip": _overlapping,
    "lying-size.zip": _lying,
    "nested-deep.zip": lambda path: path.write_bytes(_nested(30)),
    "nested-wide.zip": lambda path: path.write_bytes(_nested(5, copies=16)),
    "quine.zip": _quine,
    "many-entries.zip": _many,
    "encrypted.zip": _encrypted,
    "html-within.zip": lambda path: _zip(path, [("a.html", b"<div>" * 3_000_000)]),
}
