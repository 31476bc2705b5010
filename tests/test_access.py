import asyncio
import json
import re
import subprocess
import sys
import threading
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from assistant.access.exposure import is_loopback
from assistant.access.keys import KeyStore
from assistant.access.queueing import Queue
from assistant.access.rates import Rates
from assistant.access.scopes import OPEN, Scope, needed
from assistant.server import create_app
from assistant.settings import Settings, load_settings
from index.embedding import PackagedEmbedder
from index.errors import SettingsError, UnknownKeyError
from index.library import Library
from tests.asgi import Reply, asend, routes, send
from tests.conftest import BRIDGE, FLOOD, NAQVI

CANARY = "the canary sings"
_UPS = ("../", "..%2f", "%2e%2e/", "%2e%2e%2f", "..%252f", "..\\", "..%5c", "....//", "..;/", "%c0%ae%c0%ae/")
_OUTSIDE = ("etc/passwd", "canary.txt")
_OWN = ("library/catalog.sqlite", "library/keys.sqlite")
TRAVERSALS = (
    *(up * depth + target for up in _UPS for target in _OUTSIDE for depth in (1, 8)),
    *(up * depth + target for up in _UPS[:8] for target in _OWN for depth in (1, 3)),
    *("/etc/passwd", "//etc/passwd", "%2fetc%2fpasswd", "file:///etc/passwd", "C:%5cWindows%5cwin.ini"),
    *("~/.ssh/id_rsa", "..", ".", "%00", "etc/passwd%00.css"),
)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, minilm: PackagedEmbedder) -> Path:
    home = tmp_path_factory.mktemp("access")
    (home / "canary.txt").write_text(CANARY, encoding="utf-8")
    with Library(home / "library", minilm) as library:
        library.add([NAQVI, BRIDGE, FLOOD])
    return home / "library"


@pytest.fixture(scope="module")
def keys(folder: Path) -> KeyStore:
    return KeyStore(folder)


@pytest.fixture(scope="module")
def secrets(keys: KeyStore) -> dict[Scope, str]:
    return {scope: keys.create(scope, [scope])[1] for scope in Scope}


@pytest.fixture(scope="module")
def app(folder: Path, secrets: dict[Scope, str]) -> Any:
    return create_app(Settings(library=folder, rate=""))


@pytest.fixture
def open_app(tmp_path: Path) -> Any:
    return create_app(Settings(library=tmp_path / "library"))


def bearer(secret: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}"}


def every_route(app: Any) -> list[tuple[str, str]]:
    found = sorted({(method, re.sub(r"\{[^}]*\}", "x", path) or "/") for method, path in routes(app)})
    assert {("POST", "/v1/ask"), ("GET", "/gradio_api/file=x"), ("POST", "/gradio_api/upload")} <= set(found)
    assert len(found) > 60
    return found


class TestRoutes:
    def test_without_a_key_nothing_is_answered_but_what_is_listed(self, app: Any) -> None:
        answered = {(method, path) for method, path in every_route(app) if send(app, method, path).status != 401}
        assert answered == OPEN

    def test_no_other_spelling_of_what_is_open_is_open(self, app: Any) -> None:
        for path in ("//healthz", "/healthz/", "/login/../v1/articles", "/healthz%2f..%2fv1%2farticles", "/LOGIN",
                     "/healthz;/v1/articles", "/./healthz", "/login/x", "/healthz%00"):  # fmt: skip
            assert send(app, "GET", path).status == 401, path

    def test_what_is_no_key_is_none(self, app: Any, secrets: dict[Scope, str]) -> None:
        good = secrets[Scope.ADMIN]
        for header in ("", "Bearer", "Bearer ", f"Basic {good}", good, f"Bearer {good}x", f"Bearer {good[:-1]}",
                       "Bearer ' OR 1=1 --", f"Bearer {good.upper()}", "Bearer é\x7f"):  # fmt: skip
            assert send(app, "GET", "/v1/status", authorization=header).status == 401, header
        assert send(app, "GET", "/v1/status", **bearer(good)).status == 200

    def test_a_key_does_what_its_scope_says_and_nothing_else(self, app: Any, secrets: dict[Scope, str]) -> None:
        for method, path in every_route(app):
            wanted = needed(method, path)
            for scope in (Scope.ASK, Scope.READ, Scope.WRITE):
                forbidden = send(app, method, path, **bearer(secrets[scope])).status == 403
                assert forbidden == (wanted is not None and not wanted <= {scope}), (method, path, scope)
            assert send(app, method, path, **bearer(secrets[Scope.ADMIN])).status not in {401, 403}

    def test_a_route_that_no_rule_names_is_for_admins(self) -> None:
        for method, path in (("GET", "/v1/secrets"), ("PATCH", "/v1/articles/x"), ("GET", "/login2"), ("TRACE", "/")):
            assert needed(method, path) == {Scope.ADMIN}

    def test_websockets_are_closed(self, app: Any) -> None:
        sent: list[Any] = []

        async def take(message: Any) -> None:
            sent.append(message)

        asyncio.run(app({"type": "websocket", "path": "/", "headers": []}, None, take))
        assert [message["type"] for message in sent] == ["websocket.close"]


class TestTraversal:
    def test_nothing_outside_is_read(self, app: Any, secrets: dict[Scope, str], folder: Path) -> None:
        assert len(TRAVERSALS) >= 80
        opened: list[str] = []
        watching = True

        def watch(event: str, arguments: tuple[Any, ...]) -> None:
            if watching and event == "open":
                opened.append(str(arguments[0]))

        sys.addaudithook(watch)
        admin = bearer(secrets[Scope.ADMIN])
        before = send(app, "GET", "/v1/articles", **admin).json()["total"]
        places = sorted({(m, p) for m, p in routes(app) if "{" in p or p.endswith("/anything")})
        assert len(places) > 15
        for method, place in places:
            for string in TRAVERSALS:
                path = re.sub(r"\{[^}]*\}|anything$", lambda _, s=string: s, place)
                reply = send(app, method, path, **admin)
                assert reply.status < 500, (method, path)
                assert CANARY.encode() not in reply.body
                assert b"root:x:" not in reply.body
                assert b"SQLite format" not in reply.body
        watching = False
        names = [name for name in opened if re.search(r"passwd|canary|keys\.sqlite$|id_rsa|win\.ini", name)]
        assert [name for name in names if not name.startswith(str(folder))] == []
        assert send(app, "GET", "/v1/articles", **admin).json()["total"] == before

    def test_the_name_of_an_upload_is_no_path(self, app: Any, secrets: dict[Scope, str], folder: Path) -> None:
        form = "".join(
            f'--b\r\nContent-Disposition: form-data; name="files"; filename="{string}"\r\n\r\n'
            "Headline\n\nTOLLEN: Words of an article.\r\n"
            for string in TRAVERSALS
        )
        kind, writer = {"content_type": "multipart/form-data; boundary=b"}, bearer(secrets[Scope.WRITE])
        reply = send(app, "POST", "/v1/articles", f"{form}--b--\r\n".encode(), **kind, **writer)
        assert reply.status == 202
        deadline = time.monotonic() + 60
        while (job := send(app, "GET", reply.headers["location"], **writer).json())["finished"] is None:
            assert time.monotonic() < deadline
            time.sleep(0.1)
        assert (job["state"], len(job["items"])) == ("done", len(TRAVERSALS))
        assert (folder.parent / "canary.txt").read_text(encoding="utf-8") == CANARY
        assert {path.name for path in folder.parent.iterdir()} == {"canary.txt", "library"}


class TestLogin:
    def test_a_browser_is_led_to_the_form_and_in(self, app: Any, keys: KeyStore) -> None:
        key, secret = keys.create("reader", [Scope.ASK, Scope.READ])
        reply = send(app, "GET", "/", accept="text/html")
        assert (reply.status, reply.headers["location"]) == (303, "/login")
        form = send(app, "GET", "/login")
        assert b'<form method="post"' in form.body
        assert "default-src 'none'" in form.headers["content-security-policy"]
        session = self.log_in(app, secret)
        assert send(app, "GET", "/", cookie=session).status == 200
        assert send(app, "GET", "/v1/feedback", cookie=session).status == 403
        keys.revoke(key.id)
        assert send(app, "GET", "/", cookie=session).status == 401

    @staticmethod
    def log_in(app: Any, secret: str) -> str:
        kind = {"content_type": "application/x-www-form-urlencoded"}
        reply = send(app, "POST", "/login", f"key={secret}".encode(), **kind)
        assert reply.status == 303, reply.body
        cookie = reply.headers["set-cookie"]
        assert "HttpOnly" in cookie
        assert "SameSite=strict" in cookie
        return cookie.partition(";")[0]

    def test_ends_with_logging_out(self, app: Any, keys: KeyStore) -> None:
        session = self.log_in(app, keys.create("reader", [Scope.ADMIN])[1])
        assert send(app, "POST", "/logout", cookie=session).status == 303
        assert send(app, "GET", "/v1/status", cookie=session).status == 401

    def test_a_wrong_key_is_refused_and_not_shown(self, app: Any) -> None:
        kind = {"content_type": "application/x-www-form-urlencoded"}
        reply = send(app, "POST", "/login", b"key=<script>1</script>", **kind)
        assert reply.status == 401
        assert b"<script>" not in reply.body

    def test_another_sites_page_cannot_use_the_login(self, app: Any, keys: KeyStore) -> None:
        session = self.log_in(app, keys.create("writer", [Scope.ADMIN])[1])
        for origin in ("https://evil.example", "null", "http://127.0.0.1:9999"):
            reply = send(app, "DELETE", f"/v1/articles/{FLOOD.id}", cookie=session, origin=origin)
            assert reply.status == 403, origin
        own = send(app, "POST", "/v1/search", b"{}", cookie=session, origin="http://127.0.0.1")
        assert own.status == 422


class TestKeys:
    def test_are_kept_as_hashes_in_a_file_of_their_own(self, tmp_path: Path) -> None:
        keys = KeyStore(tmp_path)
        _, secret = keys.create("me", [Scope.ASK])
        held = b"".join(path.read_bytes() for path in tmp_path.glob("keys.sqlite*"))
        assert secret.encode() not in held
        assert secret.rpartition("_")[2].encode() not in held
        assert (tmp_path / "keys.sqlite").stat().st_mode & 0o077 == 0

    def test_end_and_are_revoked(self, tmp_path: Path) -> None:
        keys = KeyStore(tmp_path)
        assert not keys.any()
        key, secret = keys.create("me", [Scope.ASK], "1/minute", timedelta(days=1))
        assert keys.find(secret) == key
        _, over = keys.create("me", [Scope.ASK], expires_in=timedelta(seconds=-1))
        assert keys.find(over) is None
        keys.revoke(key.id)
        assert keys.find(secret) is None
        assert keys.any()
        with pytest.raises(UnknownKeyError):
            keys.revoke("nobody")

    def test_the_commands(self, tmp_path: Path) -> None:
        def dateline(*words: str) -> subprocess.CompletedProcess[str]:
            command = [sys.executable, "-c", "from assistant.cli import main; main()", *words]
            return subprocess.run(command, capture_output=True, text=True, check=False)

        made = dateline("key", "create", "desk", "--scope", "ask", "--rate", "2/minute", "--days", "3")
        secret = made.stdout.strip()
        key = KeyStore(tmp_path / "library").find(secret)
        assert key is not None
        (listed,) = json.loads(dateline("key", "list", "--json").stdout)
        assert (listed["name"], listed["scopes"], listed["rate"]) == ("desk", ["ask"], "2/minute")
        assert secret not in dateline("key", "list").stdout
        assert dateline("key", "revoke", key.id).returncode == 0
        assert KeyStore(tmp_path / "library").find(secret) is None
        assert dateline("key", "create", "x", "--scope", "king").returncode == 2
        assert "is no rate" in dateline("key", "create", "x", "--rate", "often").stderr


class TestExposure:
    @pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.168.1.4", "news.example", ""])
    def test_no_start_before_others_without_a_key(self, tmp_path: Path, host: str) -> None:
        assert not is_loopback(host)
        with pytest.raises(SettingsError, match="dateline key create"):
            create_app(Settings(library=tmp_path / "library", host=host))
        create_app(Settings(library=tmp_path / "library", host=host, unprotected=True))
        KeyStore(tmp_path / "library").create("me", [Scope.ASK])
        create_app(Settings(library=tmp_path / "library", host=host))

    def test_loopback_is_the_default(self) -> None:
        assert is_loopback(load_settings().host)
        assert all(map(is_loopback, ("localhost", "127.8.8.8", "::1", "[::1]")))

    def test_names_pointed_here_are_refused(self, open_app: Any) -> None:
        assert send(open_app, "GET", "/v1/articles").status == 200
        assert send(open_app, "GET", "/v1/articles", host="localhost:7860").status == 200
        assert send(open_app, "GET", "/v1/articles", host="evil.example").status == 421

    def test_another_sites_page_changes_nothing(self, open_app: Any) -> None:
        reply = send(open_app, "POST", "/v1/articles", b"{}", origin="https://evil.example")
        assert reply.status == 403

    def test_the_first_key_closes_a_server_that_runs(self, open_app: Any, tmp_path: Path) -> None:
        keys = KeyStore(tmp_path / "library")
        key, secret = keys.create("me", [Scope.ADMIN])
        assert send(open_app, "GET", "/v1/articles").status == 401
        assert send(open_app, "GET", "/v1/articles", **bearer(secret)).status == 200
        keys.revoke(key.id)
        assert send(open_app, "GET", "/v1/articles").status == 401


class TestRates:
    def test_each_key_has_its_own(self, app: Any, keys: KeyStore) -> None:
        _, slow = keys.create("slow", [Scope.READ], "2/minute")
        _, other = keys.create("other", [Scope.READ], "2/minute")
        assert [send(app, "GET", "/v1/status", **bearer(slow)).status for _ in range(3)] == [200, 200, 429]
        reply = send(app, "GET", "/v1/status", **bearer(slow))
        assert 1 <= int(reply.headers["retry-after"]) <= 60
        assert send(app, "GET", "/v1/status", **bearer(other)).status == 200

    def test_a_quota_is_a_longer_rate(self) -> None:
        rates = Rates("100/second;3/day")
        waits = [rates.seconds_to_wait("me", None) for _ in range(4)]
        assert waits[:3] == [0, 0, 0]
        assert waits[3] > 80_000
        assert rates.seconds_to_wait("me", "") == 0


class TestQueue:
    def test_more_than_may_wait_are_refused(self) -> None:
        free = threading.Event()

        async def slow(scope: Any, receive: Any, send: Any) -> None:
            await asyncio.to_thread(free.wait)
            await send({"type": "http.response.start", "status": 200, "headers": []})
            await send({"type": "http.response.body"})

        async def all_at_once() -> list[Reply]:
            queue = Queue(slow, at_once=2, waiting=3, seconds=30)
            asked = [asyncio.create_task(asend(queue, "POST", "/v1/ask")) for _ in range(8)]
            await asyncio.sleep(0.1)
            free.set()
            replies = await asyncio.gather(*asked)
            return [*replies, await asend(queue, "POST", "/v1/ask")]

        replies = asyncio.run(all_at_once())
        assert sorted(reply.status for reply in replies) == [200] * 6 + [429] * 3
        assert all(reply.headers["retry-after"] for reply in replies if reply.status == 429)

    def test_what_takes_too_long_is_told_and_keeps_its_place(self) -> None:
        free = threading.Event()
        begun = []

        async def stuck(scope: Any, receive: Any, send: Any) -> None:
            begun.append(time.monotonic())
            await asyncio.to_thread(free.wait)
            await send({"type": "http.response.start", "status": 200, "headers": []})

        async def go() -> tuple[Reply, Reply]:
            queue = Queue(stuck, at_once=1, waiting=1, seconds=0.1)
            first, second = await asend(queue, "POST", "/v1/ask"), await asend(queue, "POST", "/v1/ask")
            free.set()
            await asyncio.sleep(0.05)
            return first, second

        first, second = asyncio.run(go())
        assert (first.status, second.status, len(begun)) == (504, 504, 1)
