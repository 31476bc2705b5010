"""PDF, office documents, mail and tables that unpack, nest or repeat beyond reason."""

import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

MIB = 1 << 20
_W = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"'
_TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Override PartName="/word/document.xml" ContentType='
    '"application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
_RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="r" Type='
    '"http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="word/document.xml"/>'
    "</Relationships>"
)
_LAUGHS = "".join(f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, 12))
_LAUGHING = f'<!DOCTYPE x [<!ENTITY l0 "ha ha ha">{_LAUGHS}]>'


def _deflated(pieces: Iterator[bytes]) -> bytes:
    packer = zlib.compressobj(9)
    return b"".join([*map(packer.compress, pieces), packer.flush()])


def _pdf(stream: bytes, filters: str = "/FlateDecode", kind: str = "") -> bytes:
    """A PDF of one page whose content is this stream."""
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 600 800] /Contents 4 0 R"
        b" /Resources << /Font << /F << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >> >>",
        f"<< {kind} /Length {len(stream)} /Filter [{filters}] >>\nstream\n".encode() + stream + b"\nendstream",
    ]
    body = b"%PDF-1.7\n"
    places = []
    for number, content in enumerate(objects, 1):
        places.append(len(body))
        body += b"%d 0 obj\n" % number + content + b"\nendobj\n"
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = len(body)
    body += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + table
    return body + b"trailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def _package(parts: dict[str, str | tuple[str, str, int, str]]) -> Callable[[Path], object]:
    """A document of parts; a part of four is its beginning, what it repeats, how often, and its end."""

    def write(path: Path) -> None:
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
            for name, part in parts.items():
                with package.open(name, "w", force_zip64=True) as entry:
                    begin, again, times, end = (part, "", 0, "") if isinstance(part, str) else part
                    entry.write(begin.encode())
                    for _ in range(times):
                        entry.write(again.encode())
                    entry.write(end.encode())

    return write


def _word(document: str | tuple[str, str, int, str]) -> Callable[[Path], object]:
    return _package({"[Content_Types].xml": _TYPES, "_rels/.rels": _RELATIONS, "word/document.xml": document})


def _open(content: str | tuple[str, str, int, str]) -> Callable[[Path], object]:
    return _package({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": content})


def _bytes(make: Callable[[], bytes]) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(make())


def _blank(size: int) -> bytes:
    """So many MiB of spaces, packed; the same block again and again, for packing a gigabyte takes its time."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS)
    spaces = b" " * MIB
    block = packer.compress(spaces) + packer.flush(zlib.Z_FULL_FLUSH)
    sum_ = 1
    for _ in range(size):
        sum_ = zlib.adler32(spaces, sum_)
    return b"\x78\xda" + block * size + packer.flush() + sum_.to_bytes(4, "big")


_BODY = f"<w:document {_W}><w:body>"
DOCUMENTS: dict[str, Callable[[Path], object]] = {
    "deflate.pdf": _bytes(lambda: _pdf(_blank(1024))),
    "deflate-twice.pdf": _bytes(lambda: _pdf(zlib.compress(_blank(1024), 9), "/FlateDecode /FlateDecode")),
    "deflate-of-objects.pdf": _bytes(lambda: _pdf(_blank(600), kind="/Type /ObjStm /N 1000000 /First 10")),
    "text-without-end.pdf": _bytes(
        lambda: _pdf(_deflated(b"BT /F 9 Tf (" + b"a " * 5000 + b") Tj ET\n" for _ in range(3000)))
    ),
    "brackets.pdf": _bytes(lambda: _pdf(b"").replace(b"/MediaBox [", b"/X " + b"[" * 2_000_000 + b" /MediaBox [")),
    "deflate.docx": _word((_BODY, " " * MIB, 400, "</w:body></w:document>")),
    "laughs.docx": _word(f"{_LAUGHING}{_BODY}<w:p><w:r><w:t>&l11;</w:t></w:r></w:p></w:body></w:document>"),
    "nested-tables.docx": _word((_BODY, "<w:tbl><w:tr><w:tc>", 50_000, "")),
    "deflate.odt": _open(("<document-content>", " " * MIB, 400, "</document-content>")),
    "laughs.odt": _open(f"{_LAUGHING}<document-content>&l11;</document-content>"),
    "nested.eml": _bytes(
        lambda: b"".join(
            b'Content-Type: multipart/mixed; boundary="%d"\n\n--%d\n' % (number, number) for number in range(20_000)
        )
    ),
    "headers.eml": _bytes(lambda: b"X-A: b\n" * 1_000_000 + b"\nText."),
    "groups.rtf": _bytes(lambda: b"{\\rtf1 " + b"{" * 3_000_000),
    "field-of-45-mb.csv": _bytes(lambda: b'title,text\na,"' + b"Word and word. " * (3 * MIB) + b'"\n'),
    "columns.csv": _bytes(lambda: b"title,text" + b",x" * 3_000_000 + b"\n"),
}
