from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from assistant.access.keys import KeyStore
from assistant.access.scopes import Scope
from assistant.answer import Turn
from assistant.client import ApiError, Client
from assistant.server import create_app
from assistant.settings import Settings
from index.embedding import PackagedEmbedder
from index.library import Library
from tests.conftest import BRIDGE, FLOOD, NAQVI
from tests.serving import served


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory, minilm: PackagedEmbedder) -> Path:
    folder = tmp_path_factory.mktemp("client") / "library"
    with Library(folder, minilm) as library:
        library.add([NAQVI, BRIDGE, FLOOD])
    return folder


@pytest.fixture(scope="module")
def url(folder: Path) -> Iterator[str]:
    with served(create_app(Settings(library=folder))) as url:
        yield url


@pytest.fixture(scope="module")
def client(url: str, folder: Path) -> Iterator[Client]:
    _, secret = KeyStore(folder).create("test", [Scope.ADMIN])
    with Client(url, secret) as client:
        yield client


def test_asks_and_follows_the_citation(client: Client) -> None:
    answer = client.ask("Who received Natalie Baker?")
    assert "Mohsin Naqvi" in answer.answer
    (citation,) = answer.citations
    article = client.article(citation.article_id)
    assert article.text[citation.start : citation.end] == citation.quote
    history = [Turn("user", "What about the Ferris bridge?"), Turn("assistant", "It is to be repaired.")]
    assert "4.2 million" in client.ask("How much will repairs cost?", history, sources=["Tollen Post"]).answer


def test_searches_and_lists(client: Client) -> None:
    assert client.search("river", since=date(2025, 3, 1), k=1).passages[0].article_id == FLOOD.id
    assert [item.id for item in client.articles(limit=1, order="oldest").articles] == [BRIDGE.id]
    assert {item.id for item in client.all_articles()} >= {NAQVI.id, BRIDGE.id, FLOOD.id}
    assert client.status().articles >= 3


def test_adds_replaces_and_removes(client: Client, tmp_path: Path) -> None:
    (tmp_path / "fire.txt").write_text("Fire out\n\n3 April 2025\n\nKESRIN: A fire was put out.\n", encoding="utf-8")
    job = client.wait(client.add_files(tmp_path / "fire.txt"))
    (fire,) = job.added
    assert client.article(fire).title == "Fire out"
    replaced = client.replace(fire, "KESRIN: A fire was put out by rain.", "Fire out", published="2025-04-04")
    assert replaced.replaced == [fire]
    client.remove(replaced.id)
    with pytest.raises(ApiError) as refused:
        client.article(replaced.id)
    assert refused.value.status == 404
    assert refused.value.request_id
    (added,) = client.wait(client.add_article("KESRIN: The harbour opened.", source="Tollen Post")).added
    assert client.article(added).source == "Tollen Post"
    client.remove(added)


def test_gives_feedback_and_reads_reports(client: Client) -> None:
    answer = client.ask("Who received Natalie Baker?")
    given = client.give_feedback(answer, "up", comment="Right.")
    assert client.feedback(limit=1).feedback == [given]
    assert given.quote == answer.citations[0].quote
    assert client.reports().reports == []
    with pytest.raises(ApiError, match="no eval report"):
        client.report("june")


def test_a_key_is_needed(client: Client, url: str) -> None:
    with Client(url) as nobody, pytest.raises(ApiError, match="needs a key"):
        nobody.status()
