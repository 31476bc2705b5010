"""The lines of an archive: what they may say, and nothing else."""

import base64
import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import TYPE_CHECKING, Any, get_args

from index.article import Article
from index.errors import ArchiveError
from index.load.metadata import web_url

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NAME, VERSION = "dateline-archive", 1
DAMAGED = "Nothing of it was imported: copy it again, or export the library anew."
# What a terminal obeys, or what turns the direction of text: no file that we read keeps such, and no archive may.
_OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
_FIELDS = {field.name: field.type for field in fields(Article)}


@dataclass(frozen=True)
class Head:
    """What an archive begins with.

    Attributes:
        made_with: The embedding model and the splitting of the library that it was made from.
        articles: How many articles there are.
        passages: How many passages with vectors; 0 where there are none.
        index_id: The state of that library's content.
        dateline: The version that wrote it.
    """

    made_with: dict[str, Any]
    articles: int
    passages: int
    index_id: str
    dateline: str


@dataclass(frozen=True)
class Vector:
    """A passage of the article before it, with its vector.

    Attributes:
        start: Offset of the passage's first character in the article's text.
        end: Offset behind its last.
        vector: Its unit vector `[dimension]`.
    """

    start: int
    end: int
    vector: "NDArray[np.float32]"


@dataclass(frozen=True)
class Place:
    """Where an article was read.

    Attributes:
        origin: As in `Article.origin`.
        article_id: The article.
    """

    origin: str
    article_id: str


Record = Article | Vector | Place


def plain(record: Record) -> dict[str, Any]:
    """A record as JSON says it.

    Raises:
        ArchiveError: It is an article that no file can hold which we read.
    """
    if isinstance(record, Article):
        if fault := _fault(record):
            raise ArchiveError(f"The article {record.id} {fault}, which no archive may hold: remove it first.")
        return {"is": "article", "id": record.id, "sha256": record.content_hash, **asdict(record)}
    if isinstance(record, Place):
        return {"is": "place", **asdict(record)}
    vector = base64.b64encode(record.vector.astype("<f4").tobytes()).decode()
    return {"is": "passage", "start": record.start, "end": record.end, "vector": vector}


def head_of(values: dict[str, Any]) -> Head:
    """The head that a line says.

    Raises:
        ArchiveError: It is none, or of a version that we do not read.
    """
    if values.pop("is", None) != NAME:
        raise ArchiveError("This is not an archive of articles: make one with dateline export FILE")
    if (version := values.pop("version", None)) != VERSION:
        raise ArchiveError(
            f"The archive is of version {shown(version)}, and this Dateline reads {VERSION}: use the Dateline that "
            f"wrote it ({shown(values.get('dateline'))}), or a newer one."
        )
    kinds = {name: type(value) for name, value in values.items()}
    if kinds != {"made_with": dict, "articles": int, "passages": int, "index_id": str, "dateline": str}:
        raise ArchiveError(f"The archive's head is not as it must be. {DAMAGED}")
    return Head(**values)


def article_of(values: dict[str, Any]) -> Article:
    """The article that a line says, which is what its hash says.

    Raises:
        ArchiveError: It is none, or another, or holds what no file can hold that we read.
    """
    said = values.pop("id", None), values.pop("sha256", None)
    if isinstance(values.get("pages"), list):
        values["pages"] = tuple(values["pages"])
    known = values.keys() <= _FIELDS.keys() and {"title", "text"} <= values.keys()
    if not known or not all(_is_a(value, _FIELDS[name]) for name, value in values.items()):
        raise ArchiveError(f"The archive has an article that is none: {shown(said[0])}. {DAMAGED}")
    article = Article(**values)
    if fault := _fault(article):
        raise ArchiveError(f"The archive has an article that {fault}: {shown(said[0])}. {DAMAGED}")
    if said != (article.id, article.content_hash):
        raise ArchiveError(f"The archive has an article that is not what its hash says: {shown(said[0])}. {DAMAGED}")
    return article


def vector_of(values: dict[str, Any], article: Article) -> Vector:
    """The passage that a line says, with its vector.

    Raises:
        ArchiveError: It is none of this article, or its vector is not a unit vector.
    """
    import numpy as np

    start, end, vector = values.get("start"), values.get("end"), values.get("vector")
    if type(start) is int and type(end) is int and type(vector) is str and 0 <= start < end <= len(article.text):
        try:
            numbers = np.frombuffer(base64.b64decode(vector, validate=True), "<f4")
        except ValueError:
            numbers = np.zeros(0, np.float32)
        if abs(float(np.linalg.norm(numbers.astype(np.float64))) - 1) < 1e-3:
            return Vector(start, end, numbers)
    raise ArchiveError(f"The archive has a passage that is none, of the article {article.id}. {DAMAGED}")


def place_of(values: dict[str, Any]) -> Place:
    """The place that a line says.

    Raises:
        ArchiveError: It is none.
    """
    origin, article_id = values.get("origin"), values.get("article_id")
    if not isinstance(origin, str) or not isinstance(article_id, str) or not _is_plain([origin, article_id]):
        raise ArchiveError(f"The archive has a place that is none. {DAMAGED}")
    return Place(origin, article_id)


def shown(value: object) -> str:
    """A value of an archive as a message may show it."""
    return repr(value)[:60]


def _fault(article: Article) -> str | None:
    """Why an article cannot be one of an archive, which may be a stranger's; None where it can."""
    faults = {
        "has no title or no text": not article.title.strip() or not article.text.strip(),
        "has control characters": not _is_plain(value for value in asdict(article).values() if isinstance(value, str)),
        "has an address that is not one of the web": article.url is not None and web_url(article.url) != article.url,
        "has a date that is none": not (_is_moment(article.published) and _is_moment(article.updated)),
        "has pages that are none": list(article.pages)
        != sorted(p for p in article.pages if 0 <= p <= len(article.text)),
    }
    return next((fault for fault, is_so in faults.items() if is_so), None)


def _is_plain(texts: Iterable[str]) -> bool:
    try:
        return not any(_OBEYED.search(text) or not text.encode() for text in texts if text)
    except UnicodeEncodeError:
        return False


def _is_moment(text: str | None) -> bool:
    try:
        return (
            text is None or (re.match(r"\d{4}-\d\d-\d\d", text, re.ASCII) and datetime.fromisoformat(text)) is not None
        )
    except ValueError:
        return False


def _is_a(value: object, kind: object) -> bool:
    """Whether a value is of the type that a field of an article has."""
    if kind == tuple[int, ...]:
        return isinstance(value, tuple) and all(type(item) is int for item in value)
    return type(value) in (get_args(kind) or (kind,))
