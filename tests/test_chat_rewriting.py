from typing import Any

import pytest

from assistant.answer import Question, Turn
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller, Patience
from assistant.chat.rewriting import Rewriter
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from assistant.follow_up import standalone
from tests.models import Scripted

QUICK = Patience(whole=3.0, first=0.4, between=0.4, pauses=())
HISTORY = (Turn("user", "Who received Natalie Baker?"), Turn("assistant", "Mohsin Naqvi"))
FOLLOW_UP = "When did he meet her?"
ALONE = "When did Mohsin Naqvi meet Natalie Baker?"


def rewritten(*script: Any, question: str = FOLLOW_UP) -> tuple[str, Scripted]:
    model = Scripted(scripts=[list(script)])
    return Rewriter(ModelCaller(model, QUICK)).rewrite(question, HISTORY), model


@pytest.mark.parametrize("said", [ALONE, f"“{ALONE}”", f"  **{ALONE}**\n\nThat is the question."])
def test_names_take_the_place_of_pronouns(said: str) -> None:
    question, model = rewritten(said)
    assert question == ALONE
    assert "Who received Natalie Baker?" in model.prompts[0]


@pytest.mark.parametrize(
    "script",
    [
        ["When did Barack Obama meet Natalie Baker?"],
        ["When did Mohsin Naqvi meet Natalie Baker in 1971?"],
        ["On Friday."],
        [],
        [ConnectionResetError()],
        [9.0],
        ["When? Where? Why did he meet her?"],
        ["word " * 1_000],
    ],
)
def test_what_says_more_or_is_no_question_is_not_used(script: list[Any]) -> None:
    assert rewritten(*script)[0] == standalone(FOLLOW_UP, HISTORY)


def test_a_question_that_stands_alone_is_no_call() -> None:
    question, model = rewritten("x", question="How high did the river Ossa peak in March?")
    assert question == "How high did the river Ossa peak in March?"
    assert model.calls == 0


def test_the_answer_shows_what_was_searched(assistant: Assistant, verifier: Verifier) -> None:
    model = Scripted(scripts=[[ALONE], ["Mohsin Naqvi received Natalie Baker on Friday [1]."]])
    writer = ChatWriter(ModelCaller(model, QUICK), "double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer).invoke(Question(FOLLOW_UP, HISTORY))
    assert answer.standalone_question == ALONE
    assert answer.question == FOLLOW_UP
    assert answer.usage is not None
    assert answer.usage.calls == 2
    assert "rewrite" in answer.timings_ms
