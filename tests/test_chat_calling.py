import time
from itertools import pairwise
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st
from langchain_core.exceptions import ContextOverflowError, ModelAuthenticationError, ModelRateLimitError
from langchain_core.messages import AIMessageChunk

from assistant.answer import ABSTENTION
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.breaker import Breaker
from assistant.chat.calling import ModelCaller, Patience
from assistant.chat.failures import CallError, PromptTooLongError, told
from assistant.chat.models import load_chat_model
from assistant.chat.spoken import spoken
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from index.errors import ModelError
from tests.models import Scripted

QUICK = Patience(whole=3.0, first=0.4, between=0.4, pauses=(0.01, 0.01))
QUESTION = "Who received Natalie Baker?"
TRUE = "Mohsin Naqvi received Natalie Baker on Friday, the second meeting in two days [1]."


def heard(*scripts: list[Any], patience: Patience = QUICK) -> tuple[str, Scripted]:
    model = Scripted(scripts=list(scripts))
    return "".join(ModelCaller(model, patience).stream("Who?")), model


def failure(*scripts: list[Any]) -> tuple[str, Scripted]:
    model = Scripted(scripts=list(scripts))
    with pytest.raises(CallError) as caught:
        list(ModelCaller(model, QUICK).stream("Who?"))
    return str(caught.value), model


@pytest.mark.parametrize(
    "error",
    [ModelRateLimitError("slow down"), ConnectionRefusedError(), httpx.ConnectError("no route"), TimeoutError()],
)
def test_what_may_pass_is_tried_again(error: Exception) -> None:
    assert heard([error], [error], ["Hello ", "there"])[0] == "Hello there"


def test_tries_are_bounded() -> None:
    reason, model = failure([ConnectionRefusedError()])
    assert (reason, model.calls) == ("it cannot be reached", 3)


def test_what_will_not_pass_is_not_tried_again() -> None:
    _, model = failure([ModelAuthenticationError("bad key")])
    assert model.calls == 1


def test_once_it_has_spoken_it_is_not_asked_again() -> None:
    reason, model = failure(["Half an", ConnectionResetError()], ["answer"])
    assert (reason, model.calls) == ("it cannot be reached", 1)


@pytest.mark.parametrize(
    ("script", "reason"), [([9.0, "late"], "begin in time"), (["so", 9.0, "late"], "go on in time")]
)
def test_silence_ends_the_call_and_stops_the_model(script: list[Any], reason: str) -> None:
    found, model = failure(script)
    assert reason in found
    assert model.stopped.wait(2)


def test_an_answer_that_never_ends_is_ended() -> None:
    model = Scripted(scripts=[["word ", 0.05] * 1_000])
    began = time.monotonic()
    with pytest.raises(CallError, match="too long"):
        list(ModelCaller(model, Patience(whole=0.5, first=0.4, between=0.4)).stream("Who?"))
    assert time.monotonic() - began < 2
    assert model.stopped.wait(2)


def test_whoever_stops_listening_stops_the_model() -> None:
    model = Scripted(scripts=[["one ", 0.01, "two ", 30.0, "three"]])
    words = ModelCaller(model, Patience()).stream("Who?")
    assert next(words) == "one "
    words.close()
    assert model.stopped.wait(2)
    assert "three" not in model.said


def test_while_it_is_silent_there_are_signs_of_life() -> None:
    model = Scripted(scripts=[[0.6, "word"]])
    assert next(ModelCaller(model, Patience()).stream("Who?")) == ""


@pytest.mark.parametrize("script", [[], [""], ["  \n"], ["<think>What now?</think>"]])
def test_an_empty_answer_is_a_failure(script: list[Any]) -> None:
    assert failure(script)[0] == "its answer was empty"


@pytest.mark.parametrize(
    ("chunk", "reason"),
    [
        (AIMessageChunk(content="", response_metadata={"finish_reason": "content_filter"}), "refused"),
        (AIMessageChunk(content="", response_metadata={"stop_reason": "refusal"}), "refused"),
        (AIMessageChunk(content="", additional_kwargs={"refusal": "I will not."}), "refused"),
        (AIMessageChunk(content="Half", response_metadata={"finish_reason": "length"}), "greatest length"),
    ],
)
def test_refusals_and_answers_cut_off_are_told(chunk: AIMessageChunk, reason: str) -> None:
    assert reason in failure([chunk])[0]


def test_a_tool_call_in_place_of_words_is_an_empty_answer() -> None:
    call = {"name": "search", "args": '{"q": ', "id": "1", "index": 0, "type": "tool_call_chunk"}
    assert failure([AIMessageChunk(content="", tool_call_chunks=[call])])[0] == "its answer was empty"


@pytest.mark.parametrize(
    "error", [ContextOverflowError("x"), ValueError("This model's maximum context length is 4096 tokens")]
)
def test_a_prompt_that_is_too_long_is_recognised(error: Exception) -> None:
    assert isinstance(told(error), PromptTooLongError)


def test_a_providers_words_are_not_handed_on() -> None:
    class Refused(Exception):
        status_code = 401

    assert "sk-12345" not in str(told(Refused("Incorrect API key provided: sk-12345")))
    assert "sk-12345" not in str(told(RuntimeError("sk-12345")))


def test_after_failures_in_a_row_it_is_left_alone_and_then_tried_once() -> None:
    now = [0.0]
    breaker = Breaker(after=2, rest=30, clock=lambda: now[0])
    model = Scripted(scripts=[[ModelAuthenticationError("no")], [ModelAuthenticationError("no")], ["yes"]])
    caller = ModelCaller(model, QUICK, breaker)
    for _ in range(4):
        with pytest.raises(CallError):
            list(caller.stream("Who?"))
    assert model.calls == 2
    now[0] = 31
    assert "".join(caller.stream("Who?")) == "yes"
    assert breaker.wait() == 0


def test_while_one_call_tries_the_others_wait() -> None:
    now = [0.0]
    breaker = Breaker(after=1, rest=30, clock=lambda: now[0])
    breaker.failed()
    now[0] = 31
    assert breaker.wait() == 0
    assert breaker.wait() == 30


def test_thoughts_are_not_a_part_of_the_answer() -> None:
    whole = "<think>He met <b>her</b>, 2 < 3.</think>Mohsin <i>Naqvi</i> met her [1].<think>Done"
    assert "".join(spoken(whole)) == "Mohsin <i>Naqvi</i> met her [1]."


def test_halves_of_a_character_are_put_together_and_lone_ones_replaced() -> None:
    assert "".join(spoken(["\ud83d", "\ude00 \udc00 a\ud83d"])) == "😀 \ufffd a\ufffd"


def test_what_turns_the_order_of_words_about_is_dropped() -> None:
    assert "".join(spoken(["a\u202eb\u200b\x00c\n\td"])) == "abc\n\td"


MARKS = ["<think>", "</think>", "<", "th", "k>"]


@given(
    st.lists(st.sampled_from(MARKS) | st.text(st.characters(exclude_categories=["Cs", "Cc", "Cf"]))), st.integers(1, 7)
)
def test_how_words_are_cut_makes_no_difference(words: list[str], size: int) -> None:
    text = "".join(words)
    pieces = [text[start : start + size] for start in range(0, len(text), size)]
    assert "".join(spoken(pieces)) == "".join(spoken([text]))


def ask(assistant: Assistant, verifier: Verifier, *scripts: list[Any], patience: Patience = QUICK) -> Any:
    writer = ChatWriter(ModelCaller(Scripted(scripts=list(scripts)), patience), "double:double", verifier)
    return build_chain(assistant.library, assistant.reader, 0.0, writer).invoke(QUESTION)


@pytest.mark.parametrize("script", [[ConnectionRefusedError()], [9.0], [""], ["I ", 9.0]])
def test_where_the_model_fails_the_reader_answers_and_the_answer_says_so(
    assistant: Assistant, script: Any, verifier: Verifier
) -> None:
    answer = ask(assistant, verifier, script)
    assert "Mohsin Naqvi" in answer.text
    assert answer.answered_by.startswith("reader:")
    assert answer.prompt_sha256 is None
    assert "The chat model failed" in answer.notice
    assert "the reader answers" in answer.notice


def test_what_was_finished_before_it_failed_is_kept_and_said_to_be_a_part(
    assistant: Assistant, verifier: Verifier
) -> None:
    answer = ask(assistant, verifier, [TRUE + " And then he went to the other end of town to", ConnectionResetError()])
    assert answer.text == TRUE.replace(" [1]", "")
    assert answer.answered_by == "chat:double:double"
    assert "not whole" in answer.notice


def test_a_prompt_that_is_too_long_is_asked_again_with_fewer_passages(assistant: Assistant, verifier: Verifier) -> None:
    model = Scripted(scripts=[[ContextOverflowError("too long")], [TRUE]])
    writer = ChatWriter(ModelCaller(model, QUICK), "double:double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer).invoke(QUESTION)
    assert "Naqvi" in answer.text
    assert len(model.prompts[1]) < len(model.prompts[0])
    assert "left out" in answer.notice


def test_one_character_at_a_time_gives_the_same_answer(assistant: Assistant, verifier: Verifier) -> None:
    slowly = ask(assistant, verifier, list(TRUE), patience=Patience())  # a busy machine may take a while over so many
    assert slowly.text == ask(assistant, verifier, [TRUE], patience=Patience()).text


def test_a_refusal_in_words_ends_in_an_abstention(assistant: Assistant, verifier: Verifier) -> None:
    assert ask(assistant, verifier, ["I'm sorry, but I can't help with that."]).text == ABSTENTION


def test_the_stream_shows_words_at_once_and_sentences_once_they_are_checked(
    assistant: Assistant, verifier: Verifier
) -> None:
    script: list[Any] = [*(word + " " for word in TRUE.split()), "It was raining in the whole of the country [1]."]
    writer = ChatWriter(ModelCaller(Scripted(scripts=[script]), QUICK), "double:double", verifier)
    answers = list(build_chain(assistant.library, assistant.reader, 0.0, writer).stream(QUESTION))
    drafts = [answer.draft for answer in answers if answer.draft]
    assert drafts[0] == "Mohsin "
    assert all(later.startswith(earlier) for earlier, later in pairwise(drafts))
    assert any(answer.draft and answer.citations and answer.citations[0].verified for answer in answers)
    assert all("raining" not in answer.text for answer in answers)
    assert answers[-1].draft == ""
    assert {"first_word", "generate"} <= set(answers[-1].timings_ms)


def test_closing_the_chains_stream_stops_the_model(assistant: Assistant, verifier: Verifier) -> None:
    model = Scripted(scripts=[["Mohsin ", 30.0, "Naqvi"]])
    writer = ChatWriter(ModelCaller(model), "double:double", verifier)
    answers = build_chain(assistant.library, assistant.reader, 0.0, writer).stream(QUESTION)
    assert next(answer for answer in answers if answer.draft)
    answers.close()  # type: ignore[attr-defined]
    assert model.stopped.wait(2)


def test_keys_are_neither_logged_nor_shown(
    assistant: Assistant, verifier: Verifier, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    key = "sk-canary-1234567890"
    monkeypatch.setenv("OPENAI_API_KEY", key)
    caplog.set_level("DEBUG")
    answer = ask(assistant, verifier, [RuntimeError(f"Incorrect API key provided: {key}")])
    assert "The chat model failed" in answer.notice
    assert key not in repr(answer) + caplog.text
    with pytest.raises(ModelError) as refused:
        load_chat_model(f"nobody:{key}")
    assert key not in str(refused.value)
