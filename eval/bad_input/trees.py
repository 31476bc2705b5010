"""HTML and XML that grow, nest without end, or ask for what lies elsewhere."""

from collections.abc import Callable
from pathlib import Path

_FEED = (
    '<rss version="2.0"><channel><title>Tollen Post</title>'
    "<item><title>{title}</title><description>{text}</description></item></channel></rss>"
)


def _text(text: str) -> Callable[[Path], object]:
    return lambda path: path.write_text(text, encoding="utf-8")


def _page(body: str) -> Callable[[Path], object]:
    return _text(f"<!doctype html><html><head><title>Ferry back</title></head><body>{body}</body></html>")


def _laughs(levels: int = 12) -> str:
    rows = ['<!ENTITY l0 "ha ha ha ha ha">']
    rows += [f'<!ENTITY l{level} "{f"&l{level - 1};" * 10}">' for level in range(1, levels)]
    return f"<!DOCTYPE rss [{''.join(rows)}]>" + _FEED.format(title="Laughs", text=f"&l{levels - 1};")


def _quadratic() -> str:
    return f'<!DOCTYPE rss [<!ENTITY a "{"a" * 100_000}">]>' + _FEED.format(title="A", text="&a;" * 100_000)


def _external(declaration: str, use: str = "&x;") -> str:
    return f"<!DOCTYPE rss [{declaration}]>" + _FEED.format(title="Outside", text=use)


TREES: dict[str, Callable[[Path], object]] = {
    "nested-blocks.html": _page("<div>" * 300_000 + "deep"),
    "nested-formats.html": _page("<b><i>" * 100_000 + "deep"),
    "nested-tables.html": _page("<table><tr><td>" * 60_000 + "deep"),
    "nested-figures.html": _page("<figure><figcaption>a</figcaption>" * 20_000),
    "nested-lists.html": _page("<ul><li>" * 60_000),
    "attributes.html": _page("<p " + " ".join(f'a{n}="b"' for n in range(500_000)) + ">a</p>"),
    "paragraphs.html": _page("<p>A ferry. </p>" * 300_000),
    "tags-without-end.html": _page("<" * 100_000),
    "comments-without-end.html": _page("<!--" * 1_000_000),
    "title-of-20-mb.html": _text("<html><head><title>" + "Ferry " * 3_500_000 + "</title></head><body><p>a"),
    "laughs.xml": _text(_laughs()),
    "quadratic.xml": _text(_quadratic()),
    "outside-file.xml": _text(_external('<!ENTITY x SYSTEM "file:///etc/passwd">')),
    "outside-host.xml": _text(_external('<!ENTITY x SYSTEM "http://127.0.0.1:9/x">')),
    "outside-parameter.xml": _text(_external('<!ENTITY % x SYSTEM "http://127.0.0.1:9/x.dtd"> %x;', "a")),
    "outside-dtd.xml": _text('<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">' + _FEED.format(title="A", text="&x;")),
    "nested.xml": _text("<rss>" + "<a>" * 2_000_000),
    "attributes.xml": _text("<rss " + " ".join(f'a{n}="b"' for n in range(400_000)) + "/>"),
    "laughs.html": _text(_laughs().replace("rss", "html")),
}
