"""The formats we read, by extension."""

from collections.abc import Callable, Iterable
from functools import partial

from index.article import Article
from index.errors import UnreadableError
from index.load.csv_articles import from_csv
from index.load.decode import decode
from index.load.docx import from_docx
from index.load.eml import from_eml
from index.load.html import from_html
from index.load.json_articles import from_json, from_json_lines
from index.load.markdown import from_markdown
from index.load.odt import from_odt
from index.load.pdf import from_pdf
from index.load.rtf import from_rtf
from index.load.text import from_text
from index.load.xml_articles import from_xml

Entry = tuple[int, Article | UnreadableError]
"""The position of an entry in its file, from 0, with its article or why it has none."""


def _articles(parse: Callable[[str], Iterable[Article]], data: bytes) -> Iterable[Entry]:
    return enumerate(parse(decode(data)))


def _entries(parse: Callable[[str], Iterable[Entry]], data: bytes) -> Iterable[Entry]:
    return parse(decode(data))


def _documents(parse: Callable[[bytes], Iterable[Article]], data: bytes) -> Iterable[Entry]:
    if not data.strip():
        raise UnreadableError("is empty: put an article in it or leave it out")
    return enumerate(parse(data))


_TEXTS = {".txt": from_text, ".md": from_markdown, ".html": from_html, ".htm": from_html, ".xhtml": from_html}
_LISTS = {".json": from_json, ".jsonl": from_json_lines, ".csv": from_csv, ".tsv": from_csv}
_LISTS |= dict.fromkeys((".xml", ".rss", ".atom", ".nitf", ".newsml"), from_xml)

_DOCUMENTS = {".pdf": from_pdf, ".docx": from_docx, ".odt": from_odt, ".rtf": from_rtf}
_MESSAGES = dict.fromkeys((".eml", ".mht", ".mhtml"), from_eml)

_READERS: dict[str, Callable[[bytes], Iterable[Entry]]] = {
    **{extension: partial(_articles, parse) for extension, parse in _TEXTS.items()},
    **{extension: partial(_entries, parse) for extension, parse in _LISTS.items()},
    **{extension: partial(_documents, parse) for extension, parse in _DOCUMENTS.items()},
    **_MESSAGES,
}
_ARCHIVES = (".zip",)  # of all the others, see `archives`
KNOWN = (*_READERS, *_ARCHIVES)


def entries(extension: str, data: bytes) -> Iterable[Entry]:
    """Read the entries of a file.

    Args:
        extension: One of `KNOWN`, but no archive's.
        data: The file's bytes.

    Returns:
        The position of each entry, from 0, with its article or why it has none.

    Raises:
        UnreadableError: Nothing of the file can be read; mostly raised while it is iterated.
    """
    return _READERS[extension](data)
