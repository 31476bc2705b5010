from collections.abc import Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

import pytest
from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.runnables import Runnable

from assistant.answer import ABSTENTION, Answer, Question, Turn
from assistant.asked import LONGEST_QUESTION
from assistant.chain import build_chain
from assistant.reading import Evidence, Span
from index.errors import NothingIndexedError, QuestionError
from index.library import Library
from index.passage import Filters
from tests.conftest import BRIDGE, FLOOD, NAQVI


class FirstWords:
    """A reader double: answers with the first words of the best passage, as sure as it is told to be."""

    name = "first-words"
    threshold = 0.5

    def __init__(self, confidence: float = 0.9, shift: int = 0) -> None:
        self.confidence = confidence
        self.shift = shift
        self.asked: list[str] = []

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Span]:
        self.asked.append(question)
        if not evidence:
            return []
        article, passage = evidence[0].article, evidence[0].hit.passage
        start = passage.start
        return [Span(article, start, start + 10, start, start + 40, self.confidence)]


@pytest.fixture
def reader() -> FirstWords:
    return FirstWords()


@pytest.fixture
def chain(library: Library, reader: FirstWords) -> "Runnable[Any, Answer]":
    return build_chain(library, reader)


def test_an_answer_is_cited_to_the_letter(library: Library, chain: "Runnable[Any, Answer]") -> None:
    answer = chain.invoke("When will the Ferris bridge close?")
    assert not answer.abstained
    (citation,) = answer.citations
    assert citation.verified
    assert citation.article_id == BRIDGE.id
    assert library.article(citation.article_id).text[citation.start : citation.end] == citation.quote
    assert answer.text[citation.answer_start : citation.answer_end] == answer.text
    assert answer.text in citation.quote
    assert answer.answered_by == "reader:first-words"
    assert answer.index_id == library.index_id
    assert {"search", "read", "verify", "total"} <= set(answer.timings_ms)


def test_below_the_threshold_it_abstains_with_the_one_phrase(library: Library) -> None:
    answer = build_chain(library, FirstWords(0.49)).invoke("When will the Ferris bridge close?")
    assert (answer.text, answer.abstained, answer.citations) == (ABSTENTION, True, ())
    assert answer.confidence == 0.49
    assert answer.hits != ()


def test_the_threshold_can_be_set(library: Library) -> None:
    assert not build_chain(library, FirstWords(0.3), threshold=0.2).invoke("Ferris bridge?").abstained
    assert build_chain(library, FirstWords(0.9), threshold=0.95).invoke("Ferris bridge?").abstained


def test_with_nothing_found_it_abstains(chain: "Runnable[Any, Answer]") -> None:
    answer = chain.invoke({"question": "Ferris bridge?", "filters": {"since": "2031-01-01"}})
    assert answer.abstained
    assert answer.confidence == 0


def test_a_quote_that_does_not_resolve_is_never_cited(library: Library) -> None:
    class Liar(FirstWords):
        def read(self, question: str, evidence: Sequence[Evidence]) -> list[Span]:
            (span,) = super().read(question, evidence)
            return [replace(span, article=replace(span.article, text="x" * 500))]

    answer = build_chain(library, Liar()).invoke("Ferris bridge?")
    assert answer.abstained
    assert answer.text == ABSTENTION


def test_streaming_yields_passages_first_and_the_whole_answer_last(chain: "Runnable[Any, Answer]") -> None:
    first, *_, last = chain.stream("When will the Ferris bridge close?")
    assert first.text == ""
    assert first.hits == last.hits != ()
    assert last.citations


def test_a_batch_answers_each_question_in_its_place(chain: "Runnable[Any, Answer]") -> None:
    questions = ["Ferris bridge closes?", "Who received Natalie Baker?", "How high did the river Ossa peak?"] * 4
    answers = chain.batch(questions)
    assert [answer.question for answer in answers] == questions
    assert [answer.citations[0].article_id for answer in answers] == [BRIDGE.id, NAQVI.id, FLOOD.id] * 4


def test_callbacks_see_the_steps(chain: "Runnable[Any, Answer]") -> None:
    class Steps(BaseCallbackHandler):
        def __init__(self) -> None:
            self.names: list[str] = []

        def on_chain_start(self, serialized: Any, inputs: Any, *, run_id: UUID, **more: Any) -> None:
            self.names.append(more["name"])

    steps = Steps()
    chain.invoke("Ferris bridge?", {"callbacks": [steps]})
    assert steps.names[0] == "dateline"
    assert {"search", "read", "cite"} <= set(steps.names)


def test_filters_and_k_are_kept(chain: "Runnable[Any, Answer]") -> None:
    answer = chain.invoke(Question("Tollen bridge river", filters=Filters(sources=("Tollen Post",)), k=1))
    assert {hit.passage.article_id for hit in answer.hits} == {BRIDGE.id}


def test_a_follow_up_is_searched_with_what_it_leans_on(chain: "Runnable[Any, Answer]", reader: FirstWords) -> None:
    history = (Turn("user", "Who received Natalie Baker?"), Turn("assistant", "Mohsin Naqvi"))
    answer = chain.invoke(Question("When did he meet her?", history))
    assert answer.citations[0].article_id == NAQVI.id
    assert "Natalie Baker" in reader.asked[-1]
    assert answer.question == "When did he meet her?"


@pytest.mark.parametrize("asked", ["", "  \n", {"question": ""}, {"history": []}])
def test_an_empty_question_says_what_to_do(chain: "Runnable[Any, Answer]", asked: Any) -> None:
    with pytest.raises(QuestionError, match="Ask something"):
        chain.invoke(asked)


def test_too_long_a_question_says_how_long_it_may_be(chain: "Runnable[Any, Answer]") -> None:
    with pytest.raises(QuestionError, match="1,000"):
        chain.invoke("x" * (LONGEST_QUESTION + 1))


def test_an_unknown_field_is_named(chain: "Runnable[Any, Answer]") -> None:
    with pytest.raises(QuestionError, match="qestion"):
        chain.invoke({"qestion": "who?"})


def test_an_empty_library_says_what_to_do(empty_library: Library) -> None:
    with pytest.raises(NothingIndexedError, match="dateline add"):
        build_chain(empty_library, FirstWords()).invoke("who?")
