"""The formats we read, by extension."""

from collections.abc import Iterable

from index.article import Article
from index.errors import UnreadableError
from index.load.html import from_html
from index.load.json_articles import from_json, from_json_lines
from index.load.markdown import from_markdown
from index.load.text import from_text

_PAGES = {".txt": from_text, ".md": from_markdown, ".html": from_html, ".htm": from_html}
_LISTS = {".json": from_json, ".jsonl": from_json_lines}
_ARCHIVES = (".zip",)  # of all the others, see `archives`
KNOWN = (*_PAGES, *_LISTS, *_ARCHIVES)


def entries(extension: str, text: str) -> Iterable[tuple[int, Article | UnreadableError]]:
    """Read the entries of a file.

    Args:
        extension: One of `KNOWN`, but no archive's.
        text: The file's text.

    Returns:
        The position of each entry, from 0, with its article or why it has none.

    Raises:
        UnreadableError: Nothing of the file can be read; JSON raises it while it is iterated.
    """
    if extension in _LISTS:
        return _LISTS[extension](text)
    return enumerate(_PAGES[extension](text))
