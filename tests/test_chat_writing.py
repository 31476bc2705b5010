from collections.abc import Sequence

import pytest
from langchain_core.language_models import FakeListChatModel

from assistant.answer import ABSTENTION
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller
from assistant.chat.models import load_chat_model
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from assistant.reading import Evidence, Statement
from index.errors import ModelError
from index.passage import Hit
from index.splitting import split
from tests.conftest import BRIDGE, NAQVI

EVIDENCE = [Evidence(Hit(split(article)[0], 0.9, n), article) for n, article in enumerate((NAQVI, BRIDGE), start=1)]
TRUE = "Mohsin Naqvi received Natalie Baker on Friday, the second meeting in two days [1]."


class Model(FakeListChatModel):
    """A chat model double that says what it is told to."""


def supported(text: str, evidence: Sequence[Evidence], verifier: Verifier) -> list[Statement]:
    """The statements of a model that writes this."""
    pieces = ChatWriter(ModelCaller(Model(responses=[text])), "double", verifier).write("Who?", evidence)
    return [piece for piece in pieces if isinstance(piece, Statement)]


def test_a_supported_sentence_is_tied_to_the_sentence_that_says_so(verifier: Verifier) -> None:
    (statement,) = supported(TRUE, EVIDENCE, verifier)
    assert statement.text == "Mohsin Naqvi received Natalie Baker on Friday, the second meeting in two days."
    quote = NAQVI.text[statement.span.quote_start : statement.span.quote_end]
    assert quote.startswith("ISLAMABAD: Interior Minister Mohsin Naqvi")
    assert quote.endswith("in two days.")


@pytest.mark.parametrize(
    "text",
    [
        "Mohsin Naqvi received Zack Baker on Friday [1].",  # swaps a name
        "The Ferris bridge repairs will cost 4.7 million crowns [2].",  # changes a number
        "The talks were a great success for peace in the region [1].",  # says more than the passage
    ],
)
def test_what_the_cited_passage_does_not_say_is_left_out(text: str, verifier: Verifier) -> None:
    assert supported(text, EVIDENCE, verifier) == []


@pytest.mark.parametrize("mark", ["", " [7]", " [2]", " [1, 9]", "【1】", " [2][7]"])
def test_a_sentence_whose_own_citation_fails_is_tied_to_the_passage_that_says_so(mark: str, verifier: Verifier) -> None:
    (statement,) = supported(f"Mohsin Naqvi received Natalie Baker on Friday{mark}.", EVIDENCE, verifier)
    assert statement.span.article == NAQVI


def test_each_sentence_is_judged_by_itself(verifier: Verifier) -> None:
    text = f"{TRUE} The Ferris bridge will close on 3 March for eleven weeks [2]. It cost 9 million crowns [2]."
    assert [s.span.article.id for s in supported(text, EVIDENCE, verifier)] == [NAQVI.id, BRIDGE.id]


def test_a_chat_models_answer_is_cited_and_verified(assistant: Assistant, verifier: Verifier) -> None:
    writer = ChatWriter(ModelCaller(Model(responses=[TRUE])), "double:double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer).invoke("Who received Natalie Baker?")
    assert answer.text == "Mohsin Naqvi received Natalie Baker on Friday, the second meeting in two days."
    assert answer.citations[0].verified
    assert answer.answered_by == "chat:double:double"
    assert answer.prompt_sha256 == writer.prompt.sha256


@pytest.mark.parametrize("words", ["Obama met her [1].", ABSTENTION, "I cannot say."])
def test_a_chat_model_that_says_nothing_true_ends_in_an_abstention(
    assistant: Assistant, words: str, verifier: Verifier
) -> None:
    writer = ChatWriter(ModelCaller(Model(responses=[words])), "double:double", verifier)
    answer = build_chain(assistant.library, assistant.reader, 0.0, writer).invoke("Who received Natalie Baker?")
    assert (answer.text, answer.abstained, answer.citations) == (ABSTENTION, True, ())


def test_without_evidence_the_model_is_not_called(verifier: Verifier) -> None:
    assert supported("", [], verifier) == []


def test_a_missing_provider_says_what_to_install() -> None:
    with pytest.raises(ModelError, match=r"install|provider"):
        load_chat_model("fireworks:some-model")
