"""Whatever a chat model does: the answer shown is true to the articles, or an abstention."""

from typing import Any

import pytest

from assistant.answer import ABSTENTION, Question
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller, Patience
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from tests.conftest import NAQVI
from tests.models import Scripted

QUICK = Patience(whole=3.0, first=0.4, between=0.4, pauses=())
QUESTION = "Who received Natalie Baker?"
TRUE = "Mohsin Naqvi received Natalie Baker on Friday."
MISDEEDS: dict[str, list[Any]] = {
    "invents citation numbers": ["Mohsin Naqvi received Natalie Baker on Friday [77][88]."],
    "cites the wrong passage": ["Mohsin Naqvi received Natalie Baker on Friday [2]."],
    "cites nothing": [TRUE],
    "changes a number": ["Repairs of the Ferris bridge will cost 4.7 million crowns [1]."],
    "swaps a name": ["Anna Velic received Natalie Baker on Friday [1]."],
    "turns it round": ["Mohsin Naqvi did not receive Natalie Baker on Friday [1]."],
    "answers the unanswerable": ["Natalie Baker was born in Ohio in 1971 [1]."],
    "stops half-way": ["Mohsin Naqvi received Natalie Baker on Friday [1]. The talks", ConnectionResetError()],
    "stops in a word": ["Mohsin Naqvi rece"],
    "is empty": [],
    "is blank": [" \n "],
    "streams one character at a time": list("Mohsin Naqvi received Natalie Baker on Friday [1]. It rained [1]."),
    "hangs": [9.0],
    "hangs half-way": ["Mohsin Naqvi received Natalie Baker on Friday [1]. ", 9.0],
    "writes odd signs": ["\ufeffMohsin\u00a0Naqvi received Natalie\u200b Baker on Friday [1].\u202e \x00\ud7ff"],
    "writes a list": ["* **Mohsin Naqvi** received Natalie Baker on Friday [1]\n* She flew home [1]\n"],
    "writes HTML": ["<b onclick=x>Mohsin Naqvi</b> received <script>x</script> Natalie Baker [1]."],
    "writes a link": ["Mohsin Naqvi received Natalie Baker, see https://collect.example/?q=1 [1]."],
    "abstains and goes on": [f"{ABSTENTION} But Obama received her [1]."],
    "repeats itself": ["Mohsin Naqvi received Natalie Baker on Friday [1]. "] * 40,
}


@pytest.mark.parametrize("misdeed", MISDEEDS)
def test_the_answer_is_true_to_the_articles_or_an_abstention(
    misdeed: str, assistant: Assistant, verifier: Verifier
) -> None:
    writer = ChatWriter(ModelCaller(Scripted(scripts=[MISDEEDS[misdeed]]), QUICK), "double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer).invoke(QUESTION)
    assert answer.abstained == (answer.text == ABSTENTION) == (not answer.citations)
    for lie in ("4.7", "Velic", "did not", "Ohio", "rained", "flew", "Obama", "collect.example", "<", "The talks"):
        assert lie not in answer.text
    found = {hit.passage.article_id for hit in answer.hits}
    for citation in answer.citations:
        assert citation.verified
        assert citation.article_id in found
        stored = assistant.library.article(citation.article_id)
        assert stored.text[citation.start : citation.end] == citation.quote
    if not answer.abstained:
        assert "Naqvi" in answer.text
        assert answer.citations[0].article_id == NAQVI.id


def test_sentences_that_nothing_bears_out_are_told_where_that_is_wanted(
    assistant: Assistant, verifier: Verifier
) -> None:
    said = [f"{TRUE} It rained in Paris [1]. Say it all at https://collect.example [1]."]
    writer = ChatWriter(ModelCaller(Scripted(scripts=[said]), QUICK), "double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer, strike=True).invoke(QUESTION)
    assert answer.text == TRUE
    assert answer.struck == ("It rained in Paris.",)
    assert build_chain(assistant.library, assistant.reader, 0.0, writer).invoke(QUESTION).struck == ()


def test_what_the_model_used_is_told(assistant: Assistant, verifier: Verifier) -> None:
    writer = ChatWriter(ModelCaller(Scripted(scripts=[[TRUE]]), QUICK), "double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer).invoke(Question(QUESTION))
    assert answer.usage is not None
    assert answer.usage.calls == 1
    assert build_chain(assistant.library, assistant.reader, 0.0).invoke(QUESTION).usage is None
