"""The paragraphs of marked-up text, HTML's or NITF's: each block element is one, and the markup is gone.

For text that is known to be an article as a whole; where the article has to be found on a page, see `html`.
"""

from typing import Any

from index.load.characters import normalise
from index.load.lines import paragraphs as paragraphs_of_text
from index.load.xml_tree import without_declaration

_HTML = (
    "a abbr acronym b bdi bdo big cite code data del dfn em font i img ins kbd label mark q ruby rb rt s samp small"
    " span strike strong sub sup time tt u var wbr td th"
)
_NITF = (
    "alt-code chron city classifier copyrite country event frac frac-num frac-den function inlineRef lang location"
    " money name.given name.family num object.title org person postaddr pronounce region state sublocation virtloc"
)
_INLINE = frozenset(f"{_HTML} {_NITF}".split())
"""Elements that are part of a paragraph; the cells of a table share their row's."""
_UNSEEN = "script style template title head noscript svg iframe object form button select textarea"
_MEDIA = "media-reference media-object media-metadata media-producer"
_DROPPED = frozenset(f"{_UNSEEN} {_MEDIA}".split())
_TELLING = ("</p>", "<br", "</div>", "</li>", "<p>")


def text_paragraphs(text: str) -> list[str]:
    """The paragraphs of a text that may be a piece of HTML or plain."""
    return fragment_paragraphs(text) if is_markup(text) else paragraphs_of_text(normalise(text))


def is_markup(text: str) -> bool:
    """Tell whether a text is a piece of HTML: it has a tag that ends a line."""
    return any(tag in text for tag in _TELLING)


def fragment_paragraphs(markup: str) -> list[str]:
    """The paragraphs of a piece of HTML, or of a whole page."""
    from lxml import etree, html  # type: ignore[import-untyped]

    try:
        document = html.document_fromstring(without_declaration(markup))
    except etree.ParserError:  # nothing but comments
        return []
    return element_paragraphs(document)


def element_paragraphs(element: Any) -> list[str]:
    """The paragraphs of an element of a parsed document, in order; none is empty.

    Items of lists begin with a bullet, the cells of a table's row are joined by ` | `.
    """
    from lxml import etree

    found: list[str] = []
    words: list[str] = []
    marker = ""
    dropped = preformatted = None

    def end_paragraph() -> None:
        nonlocal marker
        text = normalise("".join(words))
        words.clear()
        if preformatted is not None:
            found.extend(paragraphs_of_text(text))
        elif line := " ".join(text.split()).strip(" |"):
            found.append(marker + line)
            marker = ""

    # Not recursive: markup may be nested deeper than Python's stack.
    for event, node in etree.iterwalk(element, events=("start", "end", "comment", "pi")):
        # Not by QName: it refuses names that are none, as broken HTML has.
        name = node.tag.rpartition("}")[2] if event in ("start", "end") else ""
        is_block = name not in _INLINE
        if event == "start" and dropped is None:
            if name in _DROPPED:
                dropped = node
                continue
            if is_block:
                end_paragraph()
            marker = "• " if name == "li" else marker
            preformatted = node if name == "pre" else preformatted
            words.append(f"{' | ' if name in ('td', 'th') else ''}{node.text or ''}")
        elif event != "start" and (dropped is None or dropped is node):
            if dropped is None and is_block and name:
                end_paragraph()
            marker = "" if name == "li" else marker
            preformatted = None if preformatted is node else preformatted
            dropped = None
            if node is not element:
                words.append(node.tail or "")
    end_paragraph()
    return found
