"""Electronic mail (.eml) and web pages saved as one file (.mht): the message, and the documents that came with it."""

import re
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from email.utils import parseaddr, parsedate_to_datetime
from pathlib import PurePosixPath

from index.article import Article
from index.errors import UnreadableError
from index.load.blocks import fragment_paragraphs
from index.load.byline import is_person
from index.load.characters import normalise, one_line
from index.load.dates import from_record
from index.load.decode import decode
from index.load.html import from_html
from index.load.lines import read_lines
from index.load.metadata import Metadata, language_code, web_url
from index.load.publisher import is_publisher
from index.load.records import wire_article
from index.load.text import from_lines

_PASSED_ON = re.compile(r"^(?:(?:re|fwd?|aw|wg|tr|rv|antw)\s*:\s*)+", re.IGNORECASE)
_ATTACHED = (".pdf", ".docx", ".odt", ".rtf", ".xml", ".json")
_SAVED_PAGE = "Snapshot-Content-Location"  # what browsers add to a page that they save
_ADDRESSES = (_SAVED_PAGE, "Archived-At", "Content-Location")
_FEW = 0.5  # of the words that the HTML has: then the plain text is a summary


def from_eml(data: bytes) -> Iterator[tuple[int, Article | UnreadableError]]:
    """Read a message, and the documents attached to it.

    Yields:
        The message's article, and those of its attachments, each with its position or why it has none.

    Raises:
        UnreadableError: It is no message, or has neither words nor documents.
    """
    message = message_from_bytes(data, policy=policy.default)
    if not isinstance(message, EmailMessage) or not any(name in message for name in ("From", "Subject", "Date")):
        raise UnreadableError("is not a message: it has no sender, subject or date")
    position = 0
    for entry in (*_body(message), *_attachments(message)):
        yield position, entry
        position += 1
    if not position:
        raise UnreadableError("has no text: save the message with its words")


def _body(message: EmailMessage) -> list[Article]:
    stated = _metadata(message)
    plain, html = (_text(message.get_body((kind,))) for kind in ("plain", "html"))
    words = " ".join(fragment_paragraphs(html)) if html else ""
    if html and (_SAVED_PAGE in message or len(plain) < _FEW * len(words)):
        found = from_html(html)
        if not found:
            return [wire_article(stated, fragment_paragraphs(html))] if words else []
        return [_with(article, stated) for article in found]
    return from_lines(read_lines(normalise(plain)), stated)


def _with(article: Article, stated: Metadata) -> Article:
    """An article found on a page, with what the message says of it."""
    return replace(
        article,
        title=stated.title or article.title,
        **{
            name: getattr(article, name) or getattr(stated, name)
            for name in ("source", "url", "author", "published", "language")
        },
    )


def _metadata(message: EmailMessage) -> Metadata:
    is_mail = _SAVED_PAGE not in message  # who saved a page, and when, says nothing of the page
    sender = one_line(parseaddr(_header(message, "From"))[0]) if is_mail else None
    is_author = sender is not None and is_person(sender) and not is_publisher(sender)
    addresses = (web_url(_header(message, name).strip("<>")) for name in _ADDRESSES)
    parts = (message, message.get_body(("plain",)), message.get_body(("html",)))
    languages = (language_code(_header(part, "Content-Language").partition(",")[0]) for part in parts if part)
    return Metadata(
        title=one_line(_PASSED_ON.sub("", _header(message, "Subject"))),
        source=one_line(_header(message, "Organization")) or (None if is_author else sender),
        url=next(filter(None, addresses), None),
        author=sender if is_author else None,
        published=_date(message) if is_mail else None,
        language=next(filter(None, languages), None),
    )


def _header(message: MIMEPart, name: str) -> str:
    try:
        return str(message.get(name, "")).strip()
    except (ValueError, IndexError, AttributeError, KeyError):  # what the parser makes of some broken headers
        return ""


def _date(message: EmailMessage) -> str | None:
    try:
        moment = parsedate_to_datetime(_header(message, "Date"))
    except (ValueError, TypeError, IndexError):
        return None
    return from_record(moment.isoformat())


def _text(part: MIMEPart | None) -> str:
    if part is None:
        return ""
    try:
        return str(part.get_content())
    except (LookupError, UnicodeError, ValueError):  # an encoding that is unknown, or is not what it says
        payload = part.get_payload(decode=True)
        return decode(payload) if isinstance(payload, bytes) and payload.strip() else ""


def _attachments(message: EmailMessage) -> Iterator[Article | UnreadableError]:
    from index.load.formats import entries

    for part in message.iter_attachments():
        name = part.get_filename() or ""
        suffix = PurePosixPath(name).suffix.lower()
        payload = part.get_payload(decode=True)
        if suffix not in _ATTACHED or not isinstance(payload, bytes):
            continue
        try:
            for _, entry in entries(suffix, payload):
                yield entry if isinstance(entry, Article) else UnreadableError(f"attachment {name} {entry}")
        except UnreadableError as error:
            yield UnreadableError(f"attachment {name} {error}")
