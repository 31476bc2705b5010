"""Fetching: what is refused, that nothing is connected to which was not checked, and what a page may cost."""

import gzip
import http.server
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial
from ipaddress import IPv4Address, IPv4Network, IPv6Address, ip_network
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.bad_input.addresses import HOSTILE, FakeResolver
from index.article import Article
from index.errors import UnreadableError
from index.failure import Failure
from index.fetch import Client, FetchLimits
from index.fetch.address import parse_address
from index.fetch.networks import refusal
from index.load import read

TEXT = "The ferry to Tollen is back after a week of repairs, the harbour office said on Monday. It sails at noon."


def page(title: str, head: str = "") -> bytes:
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head><body><article><h1>{title}</h1>'
        f"<p>{TEXT}</p><p>{TEXT.replace('Tollen', title)}</p></article></body></html>"
    ).encode()


@dataclass
class Site:
    """A server on this machine, under the name `news.example`.

    Attributes:
        pages: What it answers to each path: content type and body, or a function that speaks for itself.
        asked: What it was asked for: path and headers.
    """

    port: int = 0
    pages: dict[str, tuple[str, bytes] | Callable[[http.server.BaseHTTPRequestHandler], None]] = field(
        default_factory=dict
    )
    asked: list[tuple[str, dict[str, str]]] = field(default_factory=list)

    def url(self, path: str, host: str = "news.example") -> str:
        return f"http://{host}:{self.port}{path}"

    @property
    def paths(self) -> list[str]:
        return [path for path, _ in self.asked]

    def client(self, limits: FetchLimits | None = None, resolver: FakeResolver | None = None) -> Callable[[], Client]:
        answers = {host: [["127.0.0.1"]] for host in ("news.example", "other.example", "third.example")}
        allowed = frozenset({f"news.example:{self.port}", f"third.example:{self.port}"})
        return partial(Client, allowed, limits or FetchLimits(), resolver or FakeResolver(answers))

    def read(self, path: str, **options: Any) -> list[Article | Failure]:
        return list(read([self.url(path)], client=self.client(**options)))


@pytest.fixture
def site() -> Iterator[Site]:
    site = Site()

    class Handler(http.server.BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            site.asked.append((self.path, dict(self.headers)))
            answer = site.pages.get(self.path)
            if callable(answer):
                answer(self)
                return
            kind, body = answer or ("text/plain", b"not found")
            self.send_response(200 if answer else 404)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    site.port = server.server_port
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    yield site
    server.shutdown()
    server.server_close()


@pytest.fixture
def connections(monkeypatch: pytest.MonkeyPatch, site: Site) -> list[tuple[str, int]]:
    """Every connection that is tried; none leaves this machine, and only the site's is made."""
    tried: list[tuple[str, int]] = []
    real = socket.socket.connect

    def connect(self: socket.socket, address: Any) -> None:
        tried.append(address[:2])
        if address[:2] != ("127.0.0.1", site.port):
            raise ConnectionRefusedError("not in a test")
        real(self, address)

    monkeypatch.setattr(socket.socket, "connect", connect)
    monkeypatch.setattr(socket.socket, "connect_ex", connect)
    return tried


def redirect(location: str, status: int = 302) -> Callable[[http.server.BaseHTTPRequestHandler], None]:
    def answer(handler: http.server.BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        handler.send_header("Location", location.encode("utf-8").decode("latin-1"))
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    return answer


def raw(data: bytes, *, then: Callable[[Any], None] | None = None) -> Callable[[Any], None]:
    def answer(handler: Any) -> None:
        handler.close_connection = True
        try:
            handler.wfile.write(data)
            if then:
                then(handler.wfile)
        except OSError:
            pass

    return answer


def reason(found: list[Article | Failure]) -> str:
    (failure,) = found
    assert isinstance(failure, Failure), failure
    return failure.reason


def test_there_are_60_hostile_addresses() -> None:
    assert len(set(HOSTILE)) >= 60


@pytest.mark.parametrize("address", HOSTILE)
def test_a_hostile_address_is_refused_without_a_connection(
    address: str, site: Site, connections: list[tuple[str, int]]
) -> None:
    site.pages["/good"] = ("text/html", page("Ferry back"))
    site.pages["/lead"] = redirect(address.replace("\r", "").replace("\n", ""))
    found = list(read([address, site.url("/lead"), site.url("/good")], client=site.client()))
    assert [type(item) for item in found] == [Failure, Failure, Article]
    assert isinstance(found[0], Failure)
    assert found[0].path.isprintable()
    assert set(connections) == {("127.0.0.1", site.port)}
    assert site.paths[0] == "/lead"


def test_what_a_name_resolves_to_a_moment_later_does_not_matter(site: Site, connections: list[tuple[str, int]]) -> None:
    resolver = FakeResolver({"rebinding.example": [["93.184.216.34"], ["127.0.0.1"]]})
    (failure,) = read(["http://rebinding.example/"], client=partial(Client, resolver=resolver))
    assert isinstance(failure, Failure)
    assert connections == [("93.184.216.34", 80)]
    assert resolver.asked == ["rebinding.example"]


def test_an_address_that_is_allowed_is_so_for_its_own_host_and_port_only(
    site: Site, connections: list[tuple[str, int]]
) -> None:
    site.pages["/good"] = ("text/html", page("Ferry back"))
    assert "names port" in reason(list(read([site.url("/good", "other.example")], client=site.client())))
    site.pages["/to-other"] = redirect(site.url("/good", "other.example"))
    assert "names port" in reason(site.read("/to-other"))
    unnamed = partial(Client, frozenset({"other.example"}), resolver=FakeResolver({"news.example": [["127.0.0.1"]]}))
    assert "which is loopback" in reason(list(read(["http://news.example/"], client=unnamed)))
    assert ("127.0.0.1", 80) not in connections
    site.pages["/to-third"] = redirect(site.url("/good", "third.example"))  # from one that is named to another
    (article,) = site.read("/to-third")
    assert isinstance(article, Article)


def test_no_other_host_may_lead_to_one_that_is_allowed() -> None:
    allowed = frozenset({"cms.lan"})
    outside = parse_address("https://news.example/", allowed)
    with pytest.raises(UnreadableError, match="no other host may lead"):
        parse_address("http://cms.lan/delete?id=1", allowed, outside)
    assert parse_address("/b", allowed, parse_address("http://cms.lan/a", allowed)).is_allowed


METADATA = ("169.254.169.254", "fd00:ec2::254", "100.100.100.200", "192.0.0.192", "168.63.129.16", "fe80::1")


@pytest.mark.parametrize("address", METADATA)
def test_metadata_is_refused_even_under_a_name_that_is_allowed(address: str) -> None:
    assert refusal(address, private_allowed=True)


def test_public_addresses_pass() -> None:
    for address in ("93.184.216.34", "8.8.8.8", "2606:2800:220:1:248:1893:25c8:1946", "1.1.1.1", "2a00:1450::64"):
        assert refusal(address) is None


def test_addresses_are_read_as_browsers_read_them() -> None:
    for text, url in (
        ("HTTPS://News.Example:443/a b?q=ü#part", "https://news.example/a%20b?q=%C3%BC"),
        ("http://münchen.example", "http://xn--mnchen-3ya.example/"),
        ("http://news.example:80", "http://news.example/"),
        ("http://[2606:2800:220:1::1]/x", "http://[2606:2800:220:1::1]/x"),
        (" http://news.example/%41%2f?a=b&c=%20 ", "http://news.example/%41%2f?a=b&c=%20"),
    ):
        assert str(parse_address(text)) == url


def test_a_page_and_what_is_sent_for_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")

    def with_cookie(handler: http.server.BaseHTTPRequestHandler) -> None:
        body = page("Ferry back")
        handler.send_response(302 if handler.path == "/a" else 200)
        handler.send_header("Set-Cookie", "id=7")
        handler.send_header("Location", "/b?x=1#top")
        handler.send_header("Content-Type", "text/html; charset=utf-8")
        handler.send_header("Content-Length", str(len(body)))
        handler.end_headers()
        handler.wfile.write(body)

    site.pages |= {"/a": with_cookie, "/b?x=1": with_cookie}
    (article,) = site.read("/a")
    assert isinstance(article, Article)
    assert (article.title, article.url, article.origin) == ("Ferry back", site.url("/b?x=1"), f"{site.url('/a')}#0")
    assert site.paths == ["/a", "/b?x=1"]
    for _, headers in site.asked:
        assert set(headers) == {"Host", "User-Agent", "Accept", "Accept-Encoding"}
        assert headers["User-Agent"].startswith("Dateline/")
        assert headers["Host"] == f"news.example:{site.port}"


def test_a_page_cannot_take_another_sites_address(site: Site) -> None:
    link = '<link rel="canonical" href="{}"><meta property="og:url" content="{}">'
    for address, believed in (("https://bank.example/a", site.url("/a")), ("http://www.news.example/b",) * 2):
        site.pages["/a"] = ("text/html", page("Ferry back", link.format(address, address)))
        (article,) = site.read("/a")
        assert isinstance(article, Article)
        assert article.url == believed


def test_content_types(site: Site) -> None:
    entry = f'{{"title": "Ferry back", "text": "{TEXT}"}}'.encode()
    site.pages |= {
        "/a.txt": ("text/plain", b"Ferry back\n9 May 2025\n\n" + TEXT.encode()),
        "/b": ("application/json", entry),
        "/c.jsonl": ("application/octet-stream", entry + b"\n" + entry.replace(b"back", b"gone")),
        "/d.md": ("text/plain", b"# Ferry back\n\n" + TEXT.encode()),
        "/e.png": ("image/png", b"\x89PNG"),
        "/f": ("", b"?"),
    }
    assert [len([i for i in site.read(p) if isinstance(i, Article)]) for p in site.pages] == [1, 1, 2, 1, 0, 0]
    assert "of a kind we do not read (image/png)" in reason(site.read("/e.png"))


def drip(file: Any) -> None:
    for _ in range(100):
        file.write(b"X-Drip: 1\r\n")
        time.sleep(0.1)


HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
SLOW_OR_BROKEN: dict[str, tuple[Callable[[Any], None], str]] = {
    "headers without end, drop by drop": (raw(HEAD, then=drip), "takes longer than 1 s"),
    "a page drop by drop": (raw(HEAD + b"Content-Length: 9999\r\n\r\n", then=drip), "takes longer than 1 s"),
    "silence": (raw(b"", then=lambda file: time.sleep(3)), "takes longer than 1 s"),
    "a page without end": (
        raw(HEAD + b"\r\n", then=lambda file: [file.write(b"x" * 65536) for _ in range(9999)]),
        "is larger than 1 MiB",
    ),
    "a length that is too much": (raw(HEAD + b"Content-Length: 99999999\r\n\r\nx"), "is larger than 1 MiB"),
    "a gzip bomb": (
        raw(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b" " * 200_000_000, 1)),
        "is larger than 1 MiB",
    ),
    "a deflate bomb": (
        raw(HEAD + b"Content-Encoding: deflate\r\n\r\n" + zlib.compress(b" " * 200_000_000, 1)),
        "is larger than 1 MiB",
    ),
    "packed twice": (raw(HEAD + b"Content-Encoding: gzip, gzip\r\n\r\nx"), "is packed as gzip, gzip"),
    "packed as was not asked for": (raw(HEAD + b"Content-Encoding: br\r\n\r\nx"), "is packed as br"),
    "packed as it is not": (raw(HEAD + b"Content-Encoding: gzip\r\n\r\nno such thing"), "cannot be unpacked"),
    "packed and cut off": (raw(HEAD + b"Content-Encoding: gzip\r\n\r\n" + gzip.compress(b"x" * 99)[:-4]), "breaks off"),
    "cut off": (raw(HEAD + b"Content-Length: 99\r\n\r\nx"), "cannot be fetched"),
    "headers of a megabyte": (raw(HEAD + b"X: " + b"x" * 1_000_000 + b"\r\n\r\n"), "cannot be fetched"),
    "not HTTP": (raw(b"SSH-2.0-OpenSSH_9.6\r\n"), "cannot be fetched"),
    "nothing": (raw(b""), "cannot be fetched"),
    "status": (raw(b"HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"), "is answered with status 503"),
    "status without end": (raw(b"HTTP/1.1 103 Hints\r\n\r\n" * 20, then=drip), "takes longer than 1 s"),
    "in circles": (redirect("/bad"), "leads on more than 5 times"),
    "nowhere": (redirect("http://nowhere.example/"), "cannot be fetched"),
}


@pytest.mark.parametrize("case", SLOW_OR_BROKEN)
def test_a_server_that_is_slow_or_broken_is_one_failure(case: str, site: Site) -> None:
    answer, expected = SLOW_OR_BROKEN[case]
    site.pages |= {"/bad": answer, "/good": ("text/html", page("Ferry back"))}
    client = site.client(FetchLimits(seconds=1, size=1 << 20))
    begin = time.monotonic()
    bad, good = read([site.url("/bad"), site.url("/good")], client=client)
    assert time.monotonic() - begin < 6
    assert expected in reason([bad])
    assert isinstance(good, Article)


def test_a_resolver_that_does_not_answer_is_not_waited_for() -> None:
    def resolver(host: str, port: int) -> list[str]:
        time.sleep(3)
        return []

    begin = time.monotonic()
    assert "takes longer" in reason(
        list(read(["http://slow.example/"], client=partial(Client, limits=FetchLimits(seconds=0.5), resolver=resolver)))
    )
    assert time.monotonic() - begin < 2


def sitemap(*urls: tuple[str, str], kind: str = "url") -> bytes:
    root = "urlset" if kind == "url" else "sitemapindex"
    rows = "".join(f"<{kind}><loc>{url}</loc><lastmod>{when}</lastmod></{kind}>" for url, when in urls)
    namespace = "http://www.sitemaps.org/schemas/sitemap/0.9"
    return f'<?xml version="1.0" encoding="UTF-8"?><{root} xmlns="{namespace}">{rows}</{root}>'.encode()


def test_a_sitemap_is_followed_newest_first_and_robots_heeded(site: Site) -> None:
    inner = [(site.url("/old"), "2025-01-01"), (site.url("/new"), "2025-03-01"), (site.url("/private/x"), "2025-02-01")]
    site.pages |= {
        "/sitemap.xml": ("application/xml", sitemap((site.url("/news.xml.gz"), "2025-03-01"), kind="sitemap")),
        "/news.xml.gz": ("application/gzip", gzip.compress(sitemap(*inner, (site.url("/new"), "2024-01-01")))),
        "/robots.txt": ("text/plain", b"User-agent: *\nDisallow: /private/\n"),
        **{path: ("text/html", page(path)) for path in ("/old", "/new", "/private/x")},
    }
    found = site.read("/sitemap.xml")
    assert [item.url for item in found if isinstance(item, Article)] == [site.url("/new"), site.url("/old")]
    (failure,) = (item for item in found if isinstance(item, Failure))
    assert failure.path == site.url("/private/x")
    assert "robots.txt" in failure.reason
    assert site.paths == ["/sitemap.xml", "/robots.txt", "/news.xml.gz", "/new", "/old"]
    assert isinstance(site.read("/private/x")[0], Article)  # the user's own wish


def feed(*entries: tuple[str, str, bool]) -> bytes:
    items = "".join(
        f"<item><title>Story at {link[-2:]}</title><link>{link}</link><description>In short.</description>"
        + (f"<content:encoded><![CDATA[<p>{text}</p>]]></content:encoded>" if is_whole else "")
        + "</item>"
        for link, text, is_whole in entries
    )
    name = 'xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    return (
        f'<?xml version="1.0"?><rss version="2.0" {name}><channel><title>Post</title>{items}</channel></rss>'.encode()
    )


def test_of_a_feed_what_it_carries_is_read_and_the_rest_fetched(site: Site) -> None:
    first = feed((site.url("/a"), TEXT, True), (site.url("/b"), "", False), ("http://10.0.0.1/c", "", False))
    elsewhere = ("http://bank.example/d", "The bank has failed.", True)  # is not this feed's to tell
    site.pages |= {
        "/feed": ("text/html", first),
        "/later": ("application/rss+xml", feed((site.url("/e"), TEXT, True), (site.url("/a"), TEXT, True), elsewhere)),
        "/b": ("text/html", page("Ferry back")),
    }
    found = site.read("/feed")
    articles = [item for item in found if isinstance(item, Article)]
    assert [(item.url, item.origin) for item in articles] == [(u := site.url(p), f"{u}#0") for p in ("/a", "/b")]
    (failure,) = (item for item in found if isinstance(item, Failure))
    assert failure.path == "http://10.0.0.1/c"
    later = site.read("/later")
    assert [item.origin for item in later if isinstance(item, Article)] == [f"{site.url(p)}#0" for p in ("/e", "/a")]
    assert [item.path for item in later if isinstance(item, Failure)] == ["http://bank.example/d"]


def test_a_list_of_news_that_moves_on_replaces_nothing(site: Site) -> None:
    origins = []
    for text in (TEXT, TEXT.replace("Tollen", "Dhelm")):
        site.pages["/news"] = ("application/json", f'[{{"title": "Ferry", "text": "{text}"}}]'.encode())
        (article,) = site.read("/news")
        assert isinstance(article, Article)
        origins.append(article.origin)
    assert len(set(origins)) == 2


def test_a_host_that_cannot_say_what_it_allows_allows_nothing(site: Site) -> None:
    site.pages |= {
        "/sitemap.xml": ("text/html", sitemap((site.url("/a"), ""))),  # servers mistake the type
        "/robots.txt": raw(b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n"),
        "/a": ("text/html", page("Ferry back")),
    }
    assert "robots.txt" in reason(site.read("/sitemap.xml"))


def test_sitemaps_end(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.fetch.web._PAGES", 3)
    site.pages |= {f"/{n}": ("text/html", page(f"Ferry {n}")) for n in range(5)}
    site.pages["/many.xml"] = ("text/xml", sitemap(*((site.url(f"/{n}"), "") for n in range(5))))
    found = site.read("/many.xml")
    assert len(found) == 4
    assert "leads to 5 addresses, of which 3 were read" in reason(found[3:])
    site.pages["/loop.xml"] = ("text/xml", sitemap((site.url("/loop.xml"), ""), kind="sitemap"))
    assert site.read("/loop.xml") == []
    for n in range(9):
        site.pages[f"/deep{n}.xml"] = ("text/xml", sitemap((site.url(f"/deep{n + 1}.xml"), ""), kind="sitemap"))
    assert "of which 0 were read" in reason(site.read("/deep0.xml"))
    site.pages["/bad.xml"] = ("text/xml", b"<urlset><url><loc>http://a/</loc>")
    assert "not well-formed" in reason(site.read("/bad.xml"))


OPENSSL = "openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=a -keyout key.pem -out cert.pem"


def test_certificates_are_checked_against_the_name(site: Site, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = "subjectAltName=DNS:third.example"
    made = subprocess.run(
        (f"{OPENSSL} -addext {names}").split(),
        cwd=tmp_path,
        capture_output=True,
        check=False,
    )
    if made.returncode:
        pytest.skip("openssl cannot make a certificate here")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(tmp_path / "cert.pem", tmp_path / "key.pem")

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(HEAD + b"\r\n" + page("Ferry back"))

        def log_message(self, *_: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    site.port = server.server_port
    urls = [site.url("/", host).replace("http:", "https:") for host in ("news.example", "third.example")]
    assert "certificate verify failed" in reason(list(read(urls[:1], client=site.client())))
    monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
    wrong, right = read(urls, client=site.client())
    assert isinstance(right, Article)
    assert "certificate" in reason([wrong])
    server.shutdown()
    server.server_close()


PRIVATE = [ip_network(n) for n in ("10.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.168.0.0/16", "100.64.0.0/10")]


@given(network=st.sampled_from(PRIVATE), number=st.integers(0, 2**32 - 1))
def test_a_private_address_is_refused_however_it_is_wrapped(network: IPv4Network, number: int) -> None:
    inner = int(network.network_address) + number % network.num_addresses
    wrapped = (
        *(prefix + inner for prefix in (0, 0xFFFF << 32, 0xFFFF << 48, 0x64FF9B << 96)),  # compatible, mapped, NAT64
        (0x2002 << 112) + (inner << 80),  # 6to4
        (0x20010000 << 96) + (inner ^ 0xFFFFFFFF),  # Teredo
        (0x2A000000 << 96) + (0x5EFE << 32) + inner,  # ISATAP
    )
    assert refusal(str(IPv4Address(inner)))
    assert all(refusal(str(IPv6Address(address))) for address in wrapped if address > 1)
