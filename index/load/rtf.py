"""Rich text (.rtf): striprtf finds the words, and the group `info` says what the document is."""

import re

from index.article import Article
from index.errors import UnreadableError
from index.load.characters import normalise, one_line
from index.load.dates import from_record
from index.load.documents import Block, block_lines, document_articles
from index.load.metadata import Metadata

_BEGIN = b"{\\rtf"
_FIELD = r"\{{\\{name}[ ]((?:[^{{}}\\]|\\['\w*-]+[ ]?|\\[{{}}\\])*)\}}"
_CREATED = re.compile(r"\{\\creatim((?:\\(?:yr|mo|dy|hr|min|sec)\d+)+)")


def from_rtf(data: bytes) -> list[Article]:
    """Read the articles of a rich text.

    Raises:
        UnreadableError: It is no rich text.
    """
    from striprtf.striprtf import rtf_to_text

    if not data.lstrip().startswith(_BEGIN):
        raise UnreadableError("is not rich text: it does not begin with {\\rtf")
    source = data.decode("latin-1")  # rich text is ASCII: other characters are written by number

    def words(code: str) -> str:
        return str(rtf_to_text(code, errors="replace"))  # type: ignore[no-untyped-call]

    def field(name: str) -> str | None:
        found = re.search(_FIELD.format(name=name), source)
        return one_line(words(f"{{\\rtf1\\ansi {found[1]}}}")) if found else None

    stated = Metadata(
        title=field("title"), author=field("author"), published=_created(source), section=field("category")
    )
    rows = normalise(words(source)).split("\n")
    return document_articles(block_lines(Block(row) for row in rows if row.strip()), stated)


def _created(source: str) -> str | None:
    """The day on which it was made; its time has no zone."""
    found = _CREATED.search(source)
    numbers = dict(re.findall(r"\\([a-z]+)(\d+)", found[1])) if found else {}
    if not {"yr", "mo", "dy"} <= numbers.keys():
        return None
    return from_record(f"{numbers['yr']:0>4}-{numbers['mo']:0>2}-{numbers['dy']:0>2}")
