"""Which reader reads: a file that another version of it read is read again."""

import hashlib
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

PARSERS = (
    *("feedparser", "lxml", "lxml_html_clean", "markdown-it-py", "pycld2", "pypdfium2", "python-docx", "pyyaml"),
    *("sentencex", "striprtf", "trafilatura"),
)
"""Packages whose version decides what is read out of a file."""


@cache
def reader_version() -> str:
    """A hash of the loader's own code and of its parsers' versions: 16 hexadecimal digits.

    No number to remember to raise: any change to the code makes another version, and reading a file once too often
    costs less than an article that stays as an older reader saw it.
    """
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for file in (here.parent / "article.py", *sorted(here.rglob("*.py"))):
        digest.update(f"{file.name}\0".encode() + file.read_bytes())
    for name in PARSERS:
        digest.update(f"{name} {_version(name)}\0".encode())
    return digest.hexdigest()[:16]


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "none"
