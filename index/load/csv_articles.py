"""Tables of articles, one a row: CSV with commas, semicolons, bars or tabs, and a first row that names the columns."""

import csv
import io
import re
from collections.abc import Iterator, Sequence

from index.article import Article
from index.errors import UnreadableError
from index.load.blocks import text_paragraphs
from index.load.characters import one_line
from index.load.dates import from_record
from index.load.metadata import Metadata, language_code, web_url
from index.load.records import article_of

# Names of columns without case, blanks and marks; the earlier of two that are there is taken.
_COLUMNS = {
    "title": "title headline heading articletitle name subject",
    "text": "text content body article fulltext articletext articlebody bodytext maintext story contents description",
    "url": "url link uri weburl articleurl permalink href sourceurl",
    "source": "source sourcename publisher publication outlet newspaper provider site media agency domain",
    "author": "author authors byline by writer reporter journalist creator",
    "published": "published publishedat publisheddate datepublished publicationdate publishdate pubdate date datetime"
    " timestamp firstcreated created createdat",
    "updated": "updated updatedat lastupdated modified modifiedat lastmodified datemodified versioncreated",
    "place": "place dateline location located city",
    "language": "language lang locale",
    "section": "section category desk newsdesk topic rubric genre",
}
_SYNONYMS = {field: names.split() for field, names in _COLUMNS.items()}
_DELIMITERS = (",", ";", "\t", "|")
_LARGEST_FIELD = 1 << 30  # characters; the csv module's own limit is less than a long article


def from_csv(text: str, *, rows_before: int = 0) -> Iterator[tuple[int, Article | UnreadableError]]:
    """Read the articles of a table.

    Args:
        text: The table, or the names of its columns with some of its rows.
        rows_before: How many rows of the table stand before those.

    Yields:
        The position of each row that is not empty, from 0, with its article or why it has none.

    Raises:
        UnreadableError: It is not a table, or no column holds a text.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    header, delimiter = _header(text)
    columns = _columns(header)
    if "text" not in columns:
        raise UnreadableError(
            f"has no column of texts: name one of its columns ({', '.join(header)}) “text”, and others as they are "
            f"called: {', '.join(field for field in _SYNONYMS if field != 'text')}"
        )
    rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    try:
        for number, row in enumerate(rows):
            if number and any(cell.strip() for cell in row):
                yield rows_before + number - 1, _article(row, columns, rows_before + number + 1)
    except csv.Error as error:
        raise UnreadableError(
            f"is not a table that can be read: line {rows_before + rows.line_num}: {error}"
        ) from error


def delimiter_of(text: str) -> str:
    """What stands between the columns of a table.

    Raises:
        UnreadableError: It is not a table.
    """
    csv.field_size_limit(_LARGEST_FIELD)
    return _header(text)[1]


def _header(text: str) -> tuple[list[str], str]:
    """The names of the columns, and what stands between them: that by which most names are known."""
    headers = []
    for delimiter in _DELIMITERS:
        try:
            header = next(csv.reader(io.StringIO(text, newline=""), delimiter=delimiter), [])
        except csv.Error:
            continue
        headers.append(([name.strip() for name in header], delimiter))
    if not headers:
        raise UnreadableError("is not a table that can be read: save it as CSV in UTF-8")
    return max(headers, key=lambda found: len(_columns(found[0])))


def _columns(header: Sequence[str]) -> dict[str, int]:
    """Which column holds which field of an article."""
    positions = {re.sub(r"[\W_]", "", name.casefold()): number for number, name in reversed(list(enumerate(header)))}
    return {
        field: positions[found]
        for field, names in _SYNONYMS.items()
        if (found := next((name for name in names if name in positions), None)) is not None
    }


def _article(row: Sequence[str], columns: dict[str, int], line: int) -> Article | UnreadableError:
    cells = {field: row[number] for field, number in columns.items() if number < len(row)}
    known = Metadata(
        title=one_line(cells.get("title")),
        source=one_line(cells.get("source")),
        url=web_url(cells.get("url")),
        author=one_line(cells.get("author")),
        published=from_record(cells.get("published")),
        updated=from_record(cells.get("updated")),
        place=one_line(cells.get("place")),
        language=language_code(cells.get("language")),
        section=one_line(cells.get("section")),
    )
    try:
        return article_of(known, text_paragraphs(cells.get("text", "")))
    except UnreadableError as error:
        return UnreadableError(f"row {line}: {error}")
