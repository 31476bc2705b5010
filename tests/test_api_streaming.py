"""`/v1/ask` with `stream`: server-sent events while an answer is made."""

import json
from typing import Any

from fastapi.testclient import TestClient

from assistant.api.application import create_api
from assistant.api.streaming import events
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from tests.models import Scripted

QUESTION = "Who received Natalie Baker?"
TRUE = "Mohsin Naqvi received Natalie Baker on Friday [1]."


def parsed(text: str) -> list[tuple[str, Any]]:
    """The events of a stream, comments left out."""
    blocks = [block.split("\n") for block in text.split("\n\n") if block.startswith("event: ")]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in blocks]


def test_the_reader_streams_passages_a_citation_and_the_answer(assistant: Assistant) -> None:
    client = TestClient(create_api(assistant))
    response = client.post("/v1/ask", json={"question": QUESTION, "stream": True})
    assert response.headers["content-type"].startswith("text/event-stream")
    seen = parsed(response.text)
    assert [name for name, _ in seen] == ["passages", "citation", "answer"]
    whole = client.post("/v1/ask", json={"question": QUESTION}).json()
    assert {**seen[-1][1], "timings_ms": {}} == {**whole, "timings_ms": {}}
    assert seen[1][1]["citation"] == whole["citations"][0]


def test_a_question_that_cannot_be_asked_is_a_problem_and_no_stream(assistant: Assistant) -> None:
    response = TestClient(create_api(assistant)).post("/v1/ask", json={"question": " ", "stream": True})
    assert response.status_code == 422
    assert response.headers["content-type"] == "application/problem+json"


def test_words_come_as_they_are_written_and_citations_once_they_are_verified(
    assistant: Assistant, verifier: Verifier
) -> None:
    script: list[Any] = [
        *(word + " " for word in TRUE.split()),
        "It rained in the whole of the country on that day [1].",
    ]
    writer = ChatWriter(ModelCaller(Scripted(scripts=[script])), "double:double", verifier)
    answers = build_chain(assistant.library, assistant.reader, 0.0, writer).stream(QUESTION)
    seen = parsed("".join(events(next(answers), answers)))
    names = [name for name, _ in seen]
    assert (names[0], names[-1]) == ("passages", "answer")
    assert "".join(data for name, data in seen if name == "token") == "".join(script)
    assert names.index("token") < names.index("citation") < len(names) - 1
    assert seen[-1][1]["answer"] == "Mohsin Naqvi received Natalie Baker on Friday."


def test_whoever_stops_listening_stops_the_model(assistant: Assistant, verifier: Verifier) -> None:
    model = Scripted(scripts=[["Mohsin ", *[0.05] * 400, "Naqvi."]])
    writer = ChatWriter(ModelCaller(model), "double:double", verifier)
    answers = build_chain(assistant.library, assistant.reader, 0.0, writer).stream(QUESTION)
    stream = events(next(answers), answers)
    while "event: token" not in next(stream):
        pass
    assert next(stream).startswith(":")  # a sign of life while the model is silent
    stream.close()  # type: ignore[attr-defined]  # it is a generator
    assert model.stopped.wait(5)
