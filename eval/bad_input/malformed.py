"""Files of every format that were cut off, overwritten, or are something else by that name."""

import io
import random
import zipfile

_PNG = b"\x89PNG\r\n\x1a\n" + b"\0\0\0\rIHDR" + bytes(64)
_NOISE = random.Random(3).randbytes(20_000)  # noqa: S311 - not a secret


def _packed(entries: dict[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


_OFFICE = _packed({"[Content_Types].xml": "<Types/>", "word/document.xml": "<w:document"})
_ODT = _packed({"mimetype": "application/vnd.oasis.opendocument.text", "content.xml": "<office:document-content"})
_PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n<< /Type /Pages /Kids [2 0 R] "
_LOOP = (
    b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog /Pages 2 0 R >>\nendobj\n2 0 obj\n"
    b"<< /Type /Pages /Kids [2 0 R] /Count 1 >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF"
)
_BROKEN: dict[str, list[bytes]] = {
    ".txt": [b"\xff\xfea\0b", "é…”".encode() * 9 + b"\xe2\x80"],
    ".md": [b"---\ntitle: a: b\n---\nText.", b"---\na: [\n---\nText."],
    ".html": [b"\xff\xfe<\0h", b"<html><body></body></html>"],
    ".json": [b'{"title": "a", "text": "b', b"[1, 2]"],
    ".jsonl": [b'{"title": "a", "tex', b"{}\n[]\n3"],
    ".zip": [_packed({"a.txt": "Text."})[:-30], b"PK\x05\x06" + bytes(17)],
    ".csv": [b"a,b\n1,2\n", b'title,text\n"a,b'],
    ".xml": [b"<rss><channel><item>", b"<?xml version='1.0'?><a><b></a>"],
    ".pdf": [_PDF, _LOOP],
    ".docx": [_OFFICE, _OFFICE[:-40]],
    ".odt": [_ODT, _ODT[:-40]],
    ".rtf": [b"{\\rtf1", b"{\\rtf1\\ansi {\\*\\x"],
    ".eml": [b"From: a\nSubject: b\nContent-Type: multipart/mixed; boundary=x\n\n--x\n", b"\n\n\n"],
}


def malformed(formats: tuple[str, ...]) -> dict[str, bytes]:
    """Files that hold no article, by name: some broken in a way of their format, some as any file may be.

    Args:
        formats: The formats that are read, as `index.load.formats.KNOWN`.
    """
    files = {}
    for suffix, broken in _BROKEN.items():
        if suffix in formats:
            for number, data in enumerate((*broken, b"", b" \n\t \r\n", bytes(4096), _PNG, _NOISE)):
                files[f"malformed-{number}{suffix}"] = data
    return files
