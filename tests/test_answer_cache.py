import pytest

from assistant.answer import Answer, Question, Turn
from assistant.answer_cache import AnswerCache
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller, Patience
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from index.passage import Filters
from tests.conftest import NAQVI
from tests.models import Scripted

QUESTION = "Who was the minister who received Natalie Baker?"
TRUE = "Mohsin Naqvi received Natalie Baker on Friday."


@pytest.fixture
def model() -> Scripted:
    return Scripted(scripts=[[TRUE]])


def test_the_same_question_is_answered_once_until_anything_changes(
    assistant: Assistant, verifier: Verifier, model: Scripted
) -> None:
    writer = ChatWriter(ModelCaller(model), "double", verifier)
    chain = build_chain(assistant.library, assistant.reader, 0.0, writer, AnswerCache(9))
    first, second = chain.invoke(QUESTION), chain.invoke(QUESTION)
    assert (first.text, first.citations) == (second.text, second.citations)
    assert second.usage is None
    assert model.calls == 1
    chain.invoke(Question(QUESTION, filters=Filters(until="2026-01-01")))
    chain.invoke(Question(QUESTION, (Turn("user", "Hello?"), Turn("assistant", "Hello."))))
    assert model.calls == 3
    assistant.library.remove([NAQVI.id])
    assert chain.invoke(QUESTION).abstained


def test_a_failure_is_not_kept(assistant: Assistant, verifier: Verifier) -> None:
    model = Scripted(scripts=[[ConnectionResetError()], [TRUE]])
    writer = ChatWriter(ModelCaller(model, Patience(pauses=())), "double", verifier)
    chain = build_chain(assistant.library, assistant.reader, 0.0, writer, AnswerCache(9))
    assert chain.invoke(QUESTION).notice
    assert chain.invoke(QUESTION).text == TRUE


def test_the_one_not_used_for_longest_makes_room() -> None:
    cache, answer = AnswerCache(2), Answer("?", "", True, 0.0)
    keys = [(Question(text), "x") for text in "abc"]
    cache.put(keys[0], answer)
    cache.put(keys[1], answer)
    cache.get(keys[0])
    cache.put(keys[2], answer)
    assert [cache.get(key) is not None for key in keys] == [True, False, True]
