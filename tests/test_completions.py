"""The OpenAI-compatible routes, asked by OpenAI's own client and by LangChain's."""

import json
from collections.abc import Iterator
from dataclasses import replace

import httpx
import openai
import pytest
from langchain_core.messages import AIMessage, HumanMessage
from langchain_openai import ChatOpenAI

from assistant.answer import ABSTENTION, Answer, Citation
from assistant.api import create_api
from assistant.api.completions import annotations, content, events
from assistant.assistant import Assistant
from assistant.settings import Settings
from index.embedding import PackagedEmbedder
from index.library import Library
from tests.conftest import BRIDGE, FLOOD, NAQVI
from tests.serving import served

QUESTION = "Who received Natalie Baker?"


@pytest.fixture(scope="module")
def url(tmp_path_factory: pytest.TempPathFactory, minilm: PackagedEmbedder) -> Iterator[str]:
    folder = tmp_path_factory.mktemp("completions") / "library"
    with Library(folder, minilm) as library:
        library.add([NAQVI, BRIDGE, replace(FLOOD, url=None)])
        with served(create_api(Assistant(library, Settings(library=folder)))) as url:
            yield url


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[openai.OpenAI]:
    with openai.OpenAI(base_url=f"{url}/v1", api_key="none", max_retries=0) as client:
        yield client


def test_answers_with_citations_as_annotations(client: openai.OpenAI, url: str) -> None:
    completion = client.chat.completions.create(model="dateline", messages=[{"role": "user", "content": QUESTION}])
    message = completion.choices[0].message
    assert message.content
    assert "Mohsin Naqvi" in message.content
    assert completion.choices[0].finish_reason == "stop"
    (annotation,) = message.annotations or []
    cited = annotation.url_citation
    assert (cited.title, cited.url) == (NAQVI.title, NAQVI.url)
    assert message.content[cited.start_index : cited.end_index] == message.content
    more = cited.model_extra or {}
    text = httpx.get(f"{url}/v1/articles/{more['article_id']}").json()["text"]
    assert text[more["start"] : more["end"]] == more["quote"]
    assert (completion.model_extra or {})["dateline"]["abstained"] is False


def test_an_article_without_an_address_is_cited_here(client: openai.OpenAI) -> None:
    asked = client.chat.completions.create(
        model="dateline", messages=[{"role": "user", "content": "How high did the river Ossa peak?"}]
    )
    (annotation,) = asked.choices[0].message.annotations or []
    assert httpx.get(annotation.url_citation.url).json()["title"] == FLOOD.title


def test_history_filters_and_parts_are_taken(client: openai.OpenAI) -> None:
    answered = client.chat.completions.create(
        model="dateline",
        messages=[
            {"role": "system", "content": "You are a pirate."},
            {"role": "user", "content": "What about the Ferris bridge?"},
            {"role": "assistant", "content": "It is to be repaired."},
            {"role": "user", "content": [{"type": "text", "text": "How much will repairs cost?"}]},
        ],
        temperature=0.7,
        extra_body={"filters": {"sources": ["Tollen Post"]}, "k": 1},
    )
    assert "4.2 million crowns" in (answered.choices[0].message.content or "")
    passages = (answered.model_extra or {})["dateline"]["passages"]
    assert [passage["article_id"] for passage in passages] == [BRIDGE.id]


def test_abstains_without_annotations(client: openai.OpenAI) -> None:
    asked = client.chat.completions.create(
        model="dateline", messages=[{"role": "user", "content": "Who won the 1998 World Cup in France?"}]
    )
    message = asked.choices[0].message
    assert (message.content, message.annotations) == (ABSTENTION, [])


def test_streams_the_same(client: openai.OpenAI) -> None:
    whole = client.chat.completions.create(model="dateline", messages=[{"role": "user", "content": QUESTION}])
    pieces = list(
        client.chat.completions.create(model="dateline", messages=[{"role": "user", "content": QUESTION}], stream=True)
    )
    assert "".join(piece.choices[0].delta.content or "" for piece in pieces) == whole.choices[0].message.content
    last = pieces[-1].choices[0]
    assert last.finish_reason == "stop"
    assert whole.choices[0].message.annotations
    sent = (last.delta.model_extra or {}).get("annotations") or getattr(last.delta, "annotations", None)
    assert sent == [annotation.model_dump() for annotation in whole.choices[0].message.annotations]


@pytest.mark.parametrize("stream", [False, True])
def test_what_cannot_be_asked_is_refused(client: openai.OpenAI, stream: bool) -> None:
    for messages in ([{"role": "assistant", "content": "x"}], [{"role": "user", "content": " "}], []):
        with pytest.raises(openai.UnprocessableEntityError):
            client.chat.completions.create(model="dateline", messages=messages, stream=stream)  # type: ignore[call-overload]


def test_there_is_one_model(client: openai.OpenAI) -> None:
    assert [model.id for model in client.models.list()] == ["dateline"]
    assert client.models.retrieve("dateline").owned_by == "dateline"
    with pytest.raises(openai.NotFoundError):
        client.models.retrieve("gpt-9")


def test_langchain_asks_and_streams(url: str) -> None:
    model = ChatOpenAI(model="dateline", base_url=f"{url}/v1", api_key="none", max_retries=0)  # type: ignore[arg-type]
    answer = model.invoke([HumanMessage(QUESTION)])
    assert "Mohsin Naqvi" in str(answer.content)
    assert "".join(str(piece.content) for piece in model.stream(QUESTION)) == answer.content
    before = [HumanMessage("What about the Ferris bridge?"), AIMessage("It is to be repaired.")]
    assert "4.2 million" in str(model.invoke([*before, HumanMessage("How much will repairs cost?")]).content)


def citation(n: int, start: int, end: int) -> Citation:
    return Citation(n, "a", "T", None, None, None, "q", 0, 1, start, end, True, 0.9)


def test_the_citation_of_a_note_refers_to_the_note() -> None:
    answer = Answer("?", "7", False, 0.9, (citation(1, 0, 1), citation(2, 1, 1)), note="An earlier article says: 6.")
    message = content(answer)
    own, other = (a.url_citation for a in annotations(answer, "http://here/"))
    assert message[own.start_index : own.end_index] == "7"
    assert message[other.start_index : other.end_index] == answer.note


def test_words_without_a_citation_are_not_sent_before_the_end() -> None:
    parts = [
        Answer("?", "", True, 0.0),
        Answer("?", "One. Tw", False, 0.9, (citation(1, 0, 4),)),
        Answer("?", "One. Two.", False, 0.9, (citation(1, 0, 4), citation(2, 5, 9))),
    ]
    sent = "".join(events(iter(parts), "http://here/"))
    assert [part.split('"')[0] for part in sent.split('"content": "')[1:]] == ["", "One.", " Two."]
    assert sent.endswith("data: [DONE]\n\n")


def test_what_was_sent_is_not_taken_back() -> None:
    parts = [
        Answer("?", "", True, 0.0),
        Answer("?", "Six men. ", False, 0.9, (citation(1, 0, 8),)),
        Answer("?", "six", False, 0.9, (citation(1, 0, 3),)),
    ]
    sent = "".join(events(iter(parts), "http://here/")).split("\n\n")[:-2]
    pieces = [json.loads(line[6:]) for line in sent if not line.startswith(":")]
    message = "".join(piece["choices"][0]["delta"].get("content", "") for piece in pieces)
    assert message == "Six men.\n\nsix"
    (cited,) = pieces[-1]["choices"][0]["delta"]["annotations"]
    assert message[cited["url_citation"]["start_index"] : cited["url_citation"]["end_index"]] == "six"
