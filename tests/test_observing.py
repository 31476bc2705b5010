import io
import json
import logging
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from fastapi.testclient import TestClient
from langchain_core.language_models.fake_chat_models import GenericFakeChatModel
from langchain_core.messages import AIMessage
from opentelemetry.sdk.trace import ReadableSpan, TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from assistant.answer import Question
from assistant.api import create_api
from assistant.assistant import Assistant
from assistant.observing.logs import AnswerLog, log_as_json
from assistant.observing.redaction import WithoutQueries
from assistant.observing.traces import Traces
from assistant.server import create_app
from assistant.settings import Settings
from index.library import Library
from tests.conftest import BRIDGE

QUESTION = "Who received Natalie Baker?"
SECRET_WORDS = ("Natalie", "Baker", "Naqvi", "Ferris")


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    before = root.handlers[:], root.level
    stream = io.StringIO()
    log_as_json(stream)
    yield stream
    root.handlers[:], level = before
    root.setLevel(level)


@pytest.fixture
def client(assistant: Assistant) -> Iterator[TestClient]:
    app = create_app(assistant.settings)
    with TestClient(app, base_url="http://127.0.0.1", raise_server_exceptions=False) as client:
        yield client


def lines(log: io.StringIO) -> list[Any]:
    return [json.loads(line) for line in log.getvalue().splitlines()]


def metrics(client: TestClient) -> dict[str, float]:
    text = client.get("/metrics").text
    return {
        name: float(value) for name, _, value in (line.rpartition(" ") for line in text.splitlines() if line[0] != "#")
    }


class TestLog:
    def test_tells_of_requests_and_answers_but_not_of_words(self, client: TestClient, log: io.StringIO) -> None:
        identity = client.post("/v1/ask", json={"question": QUESTION}).headers["x-request-id"]
        client.get(f"/v1/articles/{BRIDGE.id}", params={"q": "Ferris"})
        client.get("/v1/articles", params={"q": "Ferris"})
        client.post("/v1/ask", json={"question": "x" * 2_000 + "Natalie"})
        client.get("/healthz")
        answered, asked, shown, *_ = lines(log)
        assert answered["message"] == "answered"
        assert (answered["abstained"], answered["citations"]) == (False, 1)
        assert answered["request_id"] == asked["request_id"] == identity
        assert (asked["method"], asked["route"], asked["status"]) == ("POST", "/v1/ask", 200)
        assert shown["route"] == "/v1/articles/{article_id}"
        assert not [word for word in (*SECRET_WORDS, BRIDGE.id) if word in log.getvalue()]
        assert "/healthz" not in log.getvalue()

    def test_tells_of_words_where_asked_to(self, assistant: Assistant, log: io.StringIO) -> None:
        asked = Assistant(assistant.library, assistant.settings, [AnswerLog(with_content=True)])
        asked.ask(Question(QUESTION))
        (line,) = lines(log)
        assert line["question"] == QUESTION
        assert "Mohsin Naqvi" in line["answer"]

    def test_an_unexpected_error_is_logged_under_its_request(
        self, client: TestClient, assistant: Assistant, log: io.StringIO
    ) -> None:
        with sqlite3.connect(assistant.settings.library / "catalog.sqlite") as db:
            db.execute("ALTER TABLE articles RENAME TO lost")
        reply = client.get("/v1/articles")
        assert reply.status_code == 500
        failed = next(line for line in lines(log) if line["level"] == "error")
        assert "no such table" in failed["exception"]
        assert failed["request_id"] == reply.json()["request_id"]


class TestMetrics:
    def test_count_requests_answers_and_what_there_is(self, client: TestClient) -> None:
        client.post("/v1/ask", json={"question": QUESTION})
        client.post("/v1/ask", json={"question": "Who won the 1998 World Cup in France?"})
        for path in ("/v1/articles/a", "/v1/articles/b", "/none/a", "/none/b"):
            client.get(path)
        seen = metrics(client)
        by = 'answered_by="reader:minilm-span"'
        assert seen[f'dateline_answers_total{{{by},outcome="answered"}}'] == 1
        assert seen[f'dateline_answers_total{{{by},outcome="abstained"}}'] == 1
        assert seen['dateline_requests_total{method="POST",route="/v1/ask",status="200"}'] == 2
        assert seen['dateline_requests_total{method="GET",route="/v1/articles/{article_id}",status="404"}'] == 2
        assert seen['dateline_requests_total{method="GET",route="none",status="404"}'] == 2
        assert seen['dateline_step_seconds_count{step="search"}'] == 2
        assert (seen["dateline_articles"], seen["dateline_asked"]) == (3, 0)


class TestTraces:
    @staticmethod
    def spans(exporter: InMemorySpanExporter) -> dict[str, ReadableSpan]:
        return {span.name: span for span in exporter.get_finished_spans()}

    @pytest.fixture
    def exporter(self) -> InMemorySpanExporter:
        return InMemorySpanExporter()

    @pytest.fixture
    def provider(self, exporter: InMemorySpanExporter) -> TracerProvider:
        provider = TracerProvider()
        provider.add_span_processor(WithoutQueries())
        provider.add_span_processor(SimpleSpanProcessor(exporter))
        return provider

    def test_a_question_is_a_span_with_its_steps_under_its_request(
        self, assistant: Assistant, provider: TracerProvider, exporter: InMemorySpanExporter
    ) -> None:
        traced = Assistant(assistant.library, assistant.settings, [Traces(provider)])
        client = TestClient(create_api(traced, provider))
        client.post("/v1/ask", json={"question": QUESTION})
        client.get("/v1/articles", params={"q": "Ferris"})
        spans = self.spans(exporter)
        assert set(spans) == {
            "GET /v1/articles",
            "POST /v1/ask",
            "invoke_workflow dateline",
            "retrieval dateline",
            "read",
            "verify",
        }
        asked = spans["invoke_workflow dateline"]
        assert asked.parent is not None
        assert asked.parent.span_id == spans["POST /v1/ask"].context.span_id
        for step in ("retrieval dateline", "read", "verify"):
            parent = spans[step].parent
            assert parent is not None
            assert parent.span_id == asked.context.span_id
        assert (asked.attributes or {})["dateline.abstained"] is False
        assert (spans["retrieval dateline"].attributes or {})["gen_ai.operation.name"] == "retrieval"
        everything = " ".join(span.to_json() for span in spans.values())
        assert not [word for word in SECRET_WORDS if word in everything]

    def test_words_are_recorded_where_asked_to(
        self, assistant: Assistant, provider: TracerProvider, exporter: InMemorySpanExporter
    ) -> None:
        traced = Assistant(assistant.library, assistant.settings, [Traces(provider, with_content=True)])
        list(traced.chain.stream(QUESTION))
        assert (self.spans(exporter)["invoke_workflow dateline"].attributes or {})["dateline.question"] == QUESTION

    def test_a_failure_is_told_without_its_words(
        self, empty_library: Library, provider: TracerProvider, exporter: InMemorySpanExporter
    ) -> None:
        client = TestClient(create_api(Assistant(empty_library, Settings(), [Traces(provider)])))
        client.post("/v1/ask", json={"question": QUESTION})
        span = self.spans(exporter)["invoke_workflow dateline"]
        assert (span.attributes or {})["error.type"] == "NothingIndexedError"
        assert "Natalie" not in span.to_json()

    def test_a_chat_models_call_is_a_span_of_the_conventions(
        self, provider: TracerProvider, exporter: InMemorySpanExporter
    ) -> None:
        said = AIMessage("Yes.", usage_metadata={"input_tokens": 7, "output_tokens": 2, "total_tokens": 9})
        GenericFakeChatModel(messages=iter([said])).invoke(QUESTION, {"callbacks": [Traces(provider)]})
        (span,) = exporter.get_finished_spans()
        assert span.name.startswith("chat ")
        attributes = dict(span.attributes or {})
        assert attributes["gen_ai.operation.name"] == "chat"
        assert (attributes["gen_ai.usage.input_tokens"], attributes["gen_ai.usage.output_tokens"]) == (7, 2)

    def test_are_off_unless_configured(self, tmp_path: Path, assistant: Assistant) -> None:
        assert assistant.settings.traces is None
        assert not [c for c in assistant.callbacks if isinstance(c, Traces)]
