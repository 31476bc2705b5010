from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.answer import ABSTENTION
from assistant.api import create_api
from assistant.assistant import Assistant
from assistant.settings import Settings
from index.library import Library
from tests.conftest import BRIDGE, FLOOD, NAQVI


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create_api(assistant)) as client:
        yield client


@pytest.fixture
def empty_client(empty_library: Library) -> TestClient:
    return TestClient(create_api(Assistant(empty_library, Settings())))


ANSWER = {"question", "answer", "abstained", "confidence", "citations", "passages", "answered_by", "index_id",
          "prompt_sha256", "timings_ms", "note", "notice", "standalone_question", "struck", "usage"}  # fmt: skip
CITATION = {"n", "article_id", "title", "source", "url", "published", "quote", "start", "end", "answer_start",
            "answer_end", "verified", "score", "page", "place", "also_published_by"}  # fmt: skip
PASSAGE = {"passage_id", "article_id", "title", "text", "start", "end", "score"}


def test_ask_answers_with_a_citation_that_resolves(client: TestClient) -> None:
    body = client.post("/v1/ask", json={"question": "Who received Natalie Baker?"}).json()
    assert set(body) == ANSWER
    assert "Mohsin Naqvi" in body["answer"]
    (citation,) = body["citations"]
    assert set(citation) == CITATION
    text = client.get(f"/v1/articles/{citation['article_id']}").json()["text"]
    assert text[citation["start"] : citation["end"]] == citation["quote"]
    assert all(set(passage) == PASSAGE for passage in body["passages"])
    assert all(passage["text"] for passage in body["passages"])


def test_ask_abstains_on_what_is_not_there(client: TestClient) -> None:
    body = client.post("/v1/ask", json={"question": "Who won the 1998 World Cup in France?"}).json()
    assert (body["answer"], body["abstained"], body["citations"]) == (ABSTENTION, True, [])


def test_ask_takes_history_filters_and_k(client: TestClient) -> None:
    request = {
        "question": "When does it close?",
        "history": [
            {"role": "user", "content": "What about the Ferris bridge?"},
            {"role": "assistant", "content": "It is to be repaired."},
        ],
        "filters": {"since": "2025-02-01", "until": "2025-02-28", "sources": ["Tollen Post"], "article_ids": []},
        "k": 1,
    }
    body = client.post("/v1/ask", json=request).json()
    assert [passage["article_id"] for passage in body["passages"]] == [BRIDGE.id]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"question": "  "}, "empty"),
        ({"question": "x" * 1_001}, "Shorten it"),
        ({}, "question: Field required"),
        ({"question": "who?", "k": 0}, "k: Input should be greater"),
        ({"question": "who?", "filters": {"since": "soon"}}, "filters.since"),
        ({"question": "who?", "colour": "red"}, "colour"),
        ({"question": "who?", "history": [{"role": "king", "content": ""}]}, "history.0.role"),
    ],
)
def test_a_wrong_request_is_a_problem_that_says_what_to_do(client: TestClient, body: Any, says: str) -> None:
    response = client.post("/v1/ask", json=body)
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"
    assert says in response.json()["detail"]


def test_what_is_no_json_is_a_problem(client: TestClient) -> None:
    response = client.post("/v1/ask", content=b"{", headers={"content-type": "application/json"})
    assert response.status_code == 422
    assert "detail" in response.json()


def test_search_finds_passages(client: TestClient) -> None:
    body = client.post("/v1/search", json={"query": "river Ossa peak", "k": 2}).json()
    assert body["passages"][0]["article_id"] == FLOOD.id
    assert len(body["passages"]) == 2


def test_articles_are_listed_newest_first_by_pages(client: TestClient) -> None:
    body = client.get("/v1/articles", params={"limit": 2}).json()
    assert body["total"] == 3
    assert [article["id"] for article in body["articles"]] == [NAQVI.id, FLOOD.id]
    rest = client.get("/v1/articles", params={"offset": 2}).json()["articles"]
    assert [article["id"] for article in rest] == [BRIDGE.id]


def test_an_article_is_shown_whole_without_its_place_on_the_machine(client: TestClient) -> None:
    body = client.get(f"/v1/articles/{NAQVI.id}").json()
    assert (body["title"], body["text"], body["published"]) == (NAQVI.title, NAQVI.text, "2025-05-09")
    assert "origin" not in body


def test_an_unknown_article_is_a_problem_that_says_what_to_do(client: TestClient) -> None:
    response = client.get("/v1/articles/nope")
    assert response.status_code == 404
    assert "List the articles" in response.json()["detail"]


def test_an_unknown_route_is_a_problem(client: TestClient) -> None:
    assert client.get("/v2/ask").json()["status"] == 404


def test_asking_an_empty_library_says_what_to_do(empty_client: TestClient) -> None:
    for route, body in (("/v1/ask", {"question": "who?"}), ("/v1/search", {"query": "who?"})):
        response = empty_client.post(route, json=body)
        assert response.status_code == 409
        assert "dateline add" in response.json()["detail"]


def test_health_and_readiness(client: TestClient, assistant: Assistant) -> None:
    assert client.get("/healthz").json() == {"status": "ok"}
    assert client.get("/readyz").status_code == 503
    assistant.warm_up()
    assert client.get("/readyz").json() == {"status": "ready"}
    status = client.get("/v1/status").json()
    assert status["articles"] == 3
    assert "folder" not in status


def test_the_api_describes_itself(client: TestClient) -> None:
    paths = client.get("/openapi.json").json()["paths"]
    assert {"/v1/ask", "/v1/search", "/v1/articles", "/v1/articles/{article_id}", "/healthz", "/readyz"} <= set(paths)
