import json
import sqlite3
import time
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi.testclient import TestClient

from assistant.api import create_api
from assistant.api.application import BODY_BYTES
from assistant.assistant import Assistant
from assistant.jobs import WAITING
from assistant.settings import Settings
from index.library import Library
from tests.conftest import BRIDGE, FLOOD, NAQVI

OPENING = {
    "title": "Low Mill school opens",
    "text": "LOW MILL: The school opened again on Monday, head teacher Iris Carrow said.",
    "source": "Tollen Post",
    "published": "2025-04-07",
}
PAGE = b"Harbour fire put out\n\n3 April 2025\n\nKESRIN: Firefighters put out a fire in the harbour on Thursday.\n"


@pytest.fixture
def assistant(library: Library) -> Assistant:
    return Assistant(library, Settings(library=library.folder))


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    with TestClient(create_api(assistant), raise_server_exceptions=False) as client:
        yield client


def finished(client: TestClient, response: Any) -> Any:
    assert response.status_code == 202, response.text
    place = response.headers["location"]
    for _ in range(600):
        job = client.get(place).json()
        if job["state"] in ("done", "failed"):
            return job
        time.sleep(0.05)
    raise AssertionError("The job was not done in time.")


def ids(client: TestClient, **parameters: Any) -> list[str]:
    return [article["id"] for article in client.get("/v1/articles", params=parameters).json()["articles"]]


def test_the_list_is_filtered_sorted_and_paged(client: TestClient) -> None:
    assert ids(client, since="2025-03-01") == [NAQVI.id, FLOOD.id]
    assert ids(client, until="2025-03-01") == [BRIDGE.id]
    assert ids(client, source=["Tollen Post"]) == [BRIDGE.id]
    assert ids(client, language="en", order="oldest") == [BRIDGE.id, NAQVI.id]
    assert ids(client, q="river tollen") == [FLOOD.id]
    assert ids(client, q="100%") == []
    assert ids(client, order="title", limit=1, offset=1) == [NAQVI.id]
    assert client.get("/v1/articles", params={"source": "Tollen Post"}).json()["total"] == 1


def test_an_article_is_added_by_a_job(client: TestClient) -> None:
    job = finished(client, client.post("/v1/articles", json=OPENING))
    assert (job["state"], job["passages_done"], job["error"]) == ("done", 1, None)
    (item,) = job["items"]
    assert item["state"] == "read"
    assert job["added"] == item["articles"]
    article = client.get(f"/v1/articles/{job['added'][0]}").json()
    assert {name: article[name] for name in OPENING} == OPENING
    again = finished(client, client.post("/v1/articles", json=OPENING))
    assert (again["added"], again["unchanged"]) == ([], job["added"])


def test_files_are_added_and_each_failure_is_told(client: TestClient) -> None:
    two = "\n".join(json.dumps(OPENING | {"title": title}) for title in "AB").encode()
    contents = {"../../fire.txt": PAGE, "broken.pdf": b"%PDF-1.7 no more", "two.jsonl": two}
    files = [("files", named) for named in contents.items()]
    job = finished(client, client.post("/v1/articles", files=files))
    assert [item["state"] for item in job["items"]] == ["read", "failed", "read"]
    assert [len(item["articles"]) for item in job["items"]] == [1, 0, 2]
    assert job["items"][1]["failures"][0]["reason"]
    assert job["state"] == "done"
    assert "Harbour fire put out" in [a["title"] for a in client.get("/v1/articles").json()["articles"]]


def test_an_address_in_a_private_network_is_not_fetched(client: TestClient) -> None:
    job = finished(client, client.post("/v1/articles", json={"address": "http://127.0.0.1:9/story"}))
    assert job["state"] == "failed"
    assert job["items"][0]["failures"]


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        ({"json": {"title": "x"}}, 422),
        ({"json": {"text": "x", "colour": "red"}}, 422),
        ({"json": [1]}, 422),
        ({"content": b'{"text": "\\ud800"}', "headers": {"content-type": "application/json"}}, 422),
        ({"content": b"{", "headers": {"content-type": "application/json"}}, 422),
        ({"content": b"hello", "headers": {"content-type": "text/plain"}}, 415),
        ({"data": {"files": "no file"}, "files": {"other": b"x"}}, 422),
        ({"content": b"x", "headers": {"content-type": "multipart/form-data"}}, 400),
    ],
)
def test_what_is_no_submission_is_refused(client: TestClient, sent: Any, status: int) -> None:
    response = client.post("/v1/articles", **sent)
    assert response.status_code == status, response.text
    assert response.headers["content-type"] == "application/problem+json"


def test_an_article_takes_anothers_place(client: TestClient) -> None:
    done = client.put(f"/v1/articles/{BRIDGE.id}", json=OPENING).json()
    assert done["replaced"] == [BRIDGE.id]
    assert client.get(f"/v1/articles/{BRIDGE.id}").status_code == 404
    assert client.get(f"/v1/articles/{done['id']}").json()["title"] == OPENING["title"]
    assert client.put(f"/v1/articles/{done['id']}", json=OPENING).json() == {"id": done["id"], "replaced": []}
    assert client.put(f"/v1/articles/{BRIDGE.id}", json=OPENING).status_code == 404
    assert client.put(f"/v1/articles/{done['id']}", json={"text": "  "}).status_code == 422
    assert client.get(f"/v1/articles/{done['id']}").status_code == 200


def test_an_article_is_removed(client: TestClient) -> None:
    assert client.delete(f"/v1/articles/{FLOOD.id}").status_code == 204
    assert client.delete(f"/v1/articles/{FLOOD.id}").status_code == 404
    assert ids(client) == [NAQVI.id, BRIDGE.id]


def test_an_unknown_job_is_a_problem(client: TestClient) -> None:
    assert client.get("/v1/jobs/0").status_code == 404


@pytest.mark.parametrize("chunked", [False, True])
@pytest.mark.parametrize(
    ("method", "path"), [("POST", "/v1/search"), ("POST", "/v1/ask"), ("POST", "/v1/feedback"), ("GET", "/v1/articles")]
)
def test_a_body_that_is_too_long_is_refused(client: TestClient, method: str, path: str, chunked: bool) -> None:
    piece = b'{"query": "' + b"x" * BODY_BYTES
    body: Any = iter([piece, b'"}']) if chunked else piece
    response = client.request(method, path, content=body, headers={"content-type": "application/json"})
    assert response.status_code == (200 if method == "GET" and chunked else 413)
    if response.status_code == 413:
        assert response.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("chunked", [False, True])
def test_an_upload_has_a_limit_of_its_own(library: Library, chunked: bool) -> None:
    settings = Settings(library=library.folder, max_file_mb=5)
    with TestClient(create_api(Assistant(library, settings))) as client:
        form = b'--b\r\nContent-Disposition: form-data; name="files"; filename="a.txt"\r\n\r\n%s\r\n--b--\r\n'
        for size, status in ((5 << 20, 202), (7 << 20, 413)):
            sent = form % (b"x" * size)
            body: Any = iter([sent[: size // 2], sent[size // 2 :]]) if chunked else sent
            headers = {"content-type": "multipart/form-data; boundary=b"}
            assert client.post("/v1/articles", content=body, headers=headers).status_code == status


def test_a_request_has_an_id(client: TestClient) -> None:
    response = client.get("/v1/articles/nope", headers={"x-request-id": "edge-7"})
    assert response.headers["x-request-id"] == response.json()["request_id"] == "edge-7"
    made = client.get("/healthz", headers={"x-request-id": "a b\x01"}).headers["x-request-id"]
    assert len(made) == 16


def test_what_breaks_here_is_a_problem_that_tells_no_secrets(client: TestClient, library: Library) -> None:
    with sqlite3.connect(library.folder / "catalog.sqlite") as db:
        db.execute("ALTER TABLE articles RENAME TO lost")
    response = client.get("/v1/articles")
    assert response.status_code == 500
    assert response.headers["content-type"] == "application/problem+json"
    assert response.headers["x-request-id"] == response.json()["request_id"]
    assert "table" not in response.text


def test_more_jobs_than_may_wait_are_refused(client: TestClient, library: Library) -> None:
    with library.changing():  # the first one waits for this writer, the others for the first one
        sent = [client.post("/v1/articles", json=OPENING) for _ in range(WAITING + 2)]
    assert sent[-1].status_code == 429
    assert sent[-1].headers["retry-after"]
    assert finished(client, sent[0])["state"] == "done"
