"""XML from anywhere, parsed without letting it do anything: no entities of its own, no DTD, no network."""

import re
from collections.abc import Iterator
from html.entities import html5
from typing import Any

from index.errors import UnreadableError
from index.load.characters import one_line

_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_NAMED = re.compile(r"&(?!(?i:amp|lt|gt|quot|apos);)(\w+;)")


def parse_xml(text: str) -> Any:
    """Parse a document to the lxml element of its root.

    The named characters of HTML (`&nbsp;`) are understood, for news formats use them without a DTD at hand.

    Raises:
        UnreadableError: It is not well-formed, or declares entities, as only an attack does.
    """
    from lxml import etree  # type: ignore[import-untyped]

    refuse_entities(text)
    text = _NAMED.sub(lambda name: html5.get(name[1], name[0]), without_declaration(text))
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        return etree.fromstring(text, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableError(f"is not well-formed XML: {error}") from error


def refuse_entities(text: str) -> None:
    """Make sure that a document brings no entities of its own, which may grow without end or name other files.

    Raises:
        UnreadableError: It does.
    """
    if "<!ENTITY" in text:
        raise UnreadableError("declares entities of its own, which we do not follow: save it without its DTD")


def without_declaration(text: str) -> str:
    """Markup as lxml takes it from a string: no `<?xml … encoding=…?>`, which is about bytes, and no zeros."""
    return _DECLARATION.sub("", text.replace("\0", ""))


def language_tag(element: Any) -> str | None:
    """The `xml:lang` of an element."""
    return one_line(element.get("{http://www.w3.org/XML/1998/namespace}lang"))


def local_name(element: Any) -> str:
    """An element's name without its namespace; empty for a comment."""
    return element.tag.rpartition("}")[2] if isinstance(element.tag, str) else ""


def find_all(element: Any, path: str) -> Iterator[Any]:
    """The elements at a path of names (`contentMeta/headline`), whatever their namespace."""
    return iter(element.iterfind("/".join(f"{{*}}{step}" for step in path.split("/"))))


def first_text(element: Any, *paths: str) -> str | None:
    """The words of the first element at one of these paths that has any, on one line."""
    texts = (text_of(found) for path in paths for found in find_all(element, path))
    return next((text for text in texts if text), None)


def first_value(element: Any, *paths: str) -> str | None:
    """The first attribute at one of these paths (`docdata/date.issue@norm`) that is not empty."""
    for path in paths:
        steps, _, name = path.rpartition("@")
        for found in find_all(element, steps) if steps else (element,):
            if value := one_line(found.get(name)):
                return value
    return None


def text_of(element: Any) -> str | None:
    """All words of an element on one line."""
    return one_line("".join(element.itertext(with_tail=False)))
