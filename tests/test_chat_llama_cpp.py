"""The whole path with a real model: load, stream, cite, verify, time out, cancel.

It writes poor prose; what must hold is our part.
"""

import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest
from langchain_core.exceptions import ContextOverflowError

from assistant.answer import ABSTENTION
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller, Patience
from assistant.chat.failures import CallError, PromptTooLongError
from assistant.chat.llama_cpp import LlamaCpp
from assistant.chat.models import load_chat_model
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from assistant.settings import Settings
from index.errors import ModelError
from tests.models import smollm2

PATIENT = Patience(whole=600, first=300, between=300)


@pytest.fixture(scope="module")
def model() -> LlamaCpp:
    loaded = load_chat_model(f"llamacpp:{smollm2()}", context=2_048)
    assert isinstance(loaded, LlamaCpp)
    return loaded


def test_it_speaks_word_by_word_and_tells_what_it_took(model: LlamaCpp) -> None:
    chunks = list(model.stream("What is the capital of France?", max_tokens=20))
    assert len([chunk for chunk in chunks if chunk.text]) > 3
    whole = chunks[0]
    for chunk in chunks[1:]:
        whole += chunk
    assert whole.usage_metadata
    assert whole.usage_metadata["input_tokens"] > 5
    assert 3 < whole.usage_metadata["output_tokens"] <= 20


def test_it_says_the_same_each_time(model: LlamaCpp) -> None:
    assert model.invoke("A colour?", max_tokens=9).text == model.invoke("A colour?", max_tokens=9).text


def test_an_answer_is_cited_and_verified_or_an_abstention(
    assistant: Assistant, model: LlamaCpp, verifier: Verifier
) -> None:
    writer = ChatWriter(ModelCaller(model, PATIENT), "llamacpp:smollm2", verifier)
    chain = build_chain(assistant.library, assistant.reader, 0.0, writer)
    for question in ("Who received Natalie Baker?", "When will the Ferris bridge close?", "How high was the river?"):
        *growing, answer = chain.stream(question)
        assert any(grown.draft for grown in growing)
        # It may write without an end, and be cut off: where no sentence was whole by then, the reader answers.
        assert answer.answered_by == "chat:llamacpp:smollm2" or answer.notice
        assert (answer.text == ABSTENTION) == answer.abstained == (not answer.citations)
        for citation in answer.citations:
            stored = assistant.library.article(citation.article_id)
            assert citation.verified
            assert stored.text[citation.start : citation.end] == citation.quote


def test_whoever_stops_listening_stops_it(model: LlamaCpp) -> None:
    words = ModelCaller(model, PATIENT).stream("Count from one to a thousand.")
    assert next(word for word in words if word)
    words.close()
    began = time.monotonic()
    list(model.stream("Hi", max_tokens=1))  # it answers one at a time, so this waits for the end of the other
    stopped_within = time.monotonic() - began
    began = time.monotonic()
    list(model.stream("Count from one to a thousand.", max_tokens=300))
    assert stopped_within < time.monotonic() - began


def test_one_that_does_not_begin_in_time_is_stopped_while_it_reads(model: LlamaCpp) -> None:
    prompt = "A long story about a bridge. " * 200
    caller = ModelCaller(model, Patience(whole=600, first=0.05, pauses=()))
    with pytest.raises(CallError, match="begin in time"):
        list(caller.stream(prompt))
    began = time.process_time()
    list(model.stream("Hi", max_tokens=1))
    until_free = time.process_time() - began
    began = time.process_time()
    list(model.stream(prompt, max_tokens=1))
    assert until_free < (time.process_time() - began) / 2


def test_a_prompt_that_is_too_long_is_told(model: LlamaCpp) -> None:
    with pytest.raises(ContextOverflowError):
        model.invoke("word " * 3_000)
    with pytest.raises(PromptTooLongError):
        list(ModelCaller(model, PATIENT).stream("word " * 3_000))


def test_nobody_else_can_use_its_port(model: LlamaCpp) -> None:
    body = b'{"messages": [{"role": "user", "content": "Hi"}]}'
    request = urllib.request.Request(f"{model._server.listening_address}/v1/chat/completions", body)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request)  # noqa: S310


def test_a_missing_or_broken_file_says_what_is_wrong(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no model file"):
        load_chat_model("llamacpp:/nowhere/model.gguf")
    broken = tmp_path / "broken.gguf"
    broken.write_bytes(b"GGUF" + bytes(100))
    with pytest.raises(ModelError, match=r"broken\.gguf"):
        load_chat_model(f"llamacpp:{broken}").invoke("Hi")


def test_the_assistant_answers_with_it_by_one_setting(assistant: Assistant) -> None:
    settings = Settings(library=assistant.library.folder, chat_model=f"llamacpp:{smollm2()}", threshold=0.0)
    answer = Assistant(assistant.library, settings).chain.invoke("Who received Natalie Baker?")
    assert answer.answered_by == "chat:llamacpp:SmolLM2-135M-Instruct.Q4_1" or answer.notice
    assert {"search", "read", "first_word", "generate", "verify", "total"} <= set(answer.timings_ms)
