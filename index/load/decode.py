"""Bytes to text: UTF-8, UTF-16 that says so, or Windows-1252 where the result looks like text."""

import codecs
import re

from index.errors import UnreadableError

_MARKS = {
    codecs.BOM_UTF8: "utf-8-sig",
    codecs.BOM_UTF32_LE: "utf-32",  # before UTF-16, whose mark it begins with
    codecs.BOM_UTF32_BE: "utf-32",
    codecs.BOM_UTF16_LE: "utf-16",
    codecs.BOM_UTF16_BE: "utf-16",
}
_AS_TEXT = "save the article as text and add that"
WIDE_MARKS = tuple(mark for mark, encoding in _MARKS.items() if encoding != "utf-8-sig")
"""How a text begins whose characters are wider than a byte: it cannot be cut at the byte of a newline."""
_SIGNATURES = {
    b"%PDF": ("a PDF", "add it as a file whose name ends in .pdf"),
    b"PK\x03\x04": (
        "a zip archive or an office document",
        "add it as a file whose name ends in .zip, .docx or .odt, whichever it is",
    ),
    b"{\\rtf": ("a rich text document", "add it as a file whose name ends in .rtf"),
    b"\x1f\x8b": ("a gzip archive", "unpack it and add what is in it"),
    b"\x89PNG": ("an image", _AS_TEXT),
    b"\xff\xd8\xff": ("an image", _AS_TEXT),
    b"GIF8": ("an image", _AS_TEXT),
    b"\xd0\xcf\x11\xe0": ("an old office document", "save it as .docx and add that"),
}
"""How files of other formats begin, what they are, and what to do with them."""
_CONTROLS = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")
_MULTIBYTE = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_HIGH = re.compile(rb"[\x80-\xff]")
_DECLARED = re.compile(rb"<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*[\"']?([\w-]+)", re.IGNORECASE)


def decode(data: bytes) -> str:
    """Decode the bytes of a file.

    Raises:
        UnreadableError: The file is empty, binary, or in an encoding we cannot tell.
    """
    if not data.strip():
        raise UnreadableError("is empty: put an article in it or leave it out")
    for signature, (what, advice) in _SIGNATURES.items():
        if data.startswith(signature):
            raise UnreadableError(f"is {what}, not text: {advice}")
    for mark, encoding in _MARKS.items():
        if data.startswith(mark):
            return _strictly(data, encoding)
    if _CONTROLS.search(data):
        raise UnreadableError("is binary, not text: save the article as text and add that")
    try:
        return data.decode()
    except UnicodeDecodeError:
        return _decode_legacy(data)


def _decode_legacy(data: bytes) -> str:
    if (declared := _DECLARED.search(data[:4096])) and _is_single_byte(declared[1].decode()):
        return _strictly(data, declared[1].decode())
    multibyte = sum(len(match) for match in _MULTIBYTE.findall(data))
    high = len(_HIGH.findall(data))
    # Mostly UTF-8 with broken places, or hardly any plain letters: Windows-1252 would turn it into gibberish.
    if multibyte * 2 > high or high * 3 > len(data):
        raise UnreadableError("is in an encoding we cannot tell: save it as UTF-8")
    return _strictly(data, "cp1252")


def _is_single_byte(encoding: str) -> bool:
    try:
        return codecs.lookup(encoding).name not in ("utf-8", "utf-8-sig")
    except LookupError:
        return False


def _strictly(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except (UnicodeDecodeError, LookupError) as error:
        raise UnreadableError(f"is not valid {encoding}: save it as UTF-8") from error
