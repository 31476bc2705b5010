"""Answering with a chat model: its sentences are kept only where a quote from the cited passage bears them out."""

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from assistant.answer import ABSTENTION
from assistant.reading import Evidence, Span, Statement
from index.errors import ModelError
from index.sentences import sentences
from index.terms import terms
from prompts import Prompt, load_prompt

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_MARK = re.compile(r"\s*\[(\d+)\]")
_NAMES_AND_NUMBERS = re.compile(r"\d[\d.,:]*\d|\d|\b[A-Z][\w’'-]+")
_SUPPORT = 0.6
"""Share of a sentence's terms that its quote must have: below it, names may stand there while the claim does not."""


def load_chat_model(name: str) -> "BaseChatModel":
    """Load a LangChain chat model.

    Args:
        name: `provider:model`, as `init_chat_model` takes it.

    Raises:
        ModelError: The provider's package is missing or the model cannot be set up; says what to install.
    """
    from langchain.chat_models import init_chat_model

    try:
        model: Any = init_chat_model(name, temperature=0)
    except (ImportError, ValueError) as error:
        raise ModelError(f"The chat model {name!r} cannot be used: {error}") from error
    return model  # type: ignore[no-any-return]  # LangChain types it by overloads that do not fit a plain name


class ChatWriter:
    """Writes an answer with a chat model, and ties each sentence to the words that support it.

    Args:
        model: Any LangChain chat model.
        name: What it is called in `answered_by`.
    """

    def __init__(self, model: "BaseChatModel", name: str) -> None:
        self._model = model
        self.name = name
        self.prompt: Prompt = load_prompt("answer", {"abstention", "passages", "question"})

    def write(self, question: str, evidence: Sequence[Evidence], config: Any = None) -> list[Statement]:
        """Ask the model; no evidence, no call.

        Args:
            question: A question that stands alone.
            evidence: The passages found, best first.
            config: The LangChain configuration, so that callbacks see the call.

        Returns:
            The sentences that a quote supports, in order, without marks; empty where the model abstained, cited
            nothing that exists, or said what its passage does not.
        """
        if not evidence:
            return []
        passages = "\n\n".join(
            f"[{n}] {item.article.context}{item.hit.passage.text}" for n, item in enumerate(evidence, start=1)
        )
        filled = self.prompt.fill(abstention=ABSTENTION, passages=passages, question=question)
        text = str(self._model.invoke(filled, config).text)
        return [] if ABSTENTION.rstrip(".") in text else supported(text, evidence)


def supported(text: str, evidence: Sequence[Evidence]) -> list[Statement]:
    """The sentences of a model's answer that a quote of their cited passage bears out.

    Args:
        text: The model's words, with marks like `[2]`.
        evidence: The passages, in the order of their numbers.

    Returns:
        Each such sentence with its quote; a sentence without a mark, with a mark of no passage, or with a name or
        number that its quote does not have, is left out.
    """
    statements = []
    for start, end in sentences(_MARK.sub(lambda mark: f" [{mark[1]}]", text)):
        sentence = _MARK.sub(lambda mark: f" [{mark[1]}]", text)[start:end]
        marks = [int(number) for number in _MARK.findall(sentence)]
        words = _MARK.sub("", sentence).strip()
        quotes = (_quote(words, evidence[n - 1]) for n in marks if 1 <= n <= len(evidence))
        if span := next((quote for quote in quotes if quote), None):
            statements.append(Statement(words, span))
    return statements


def _quote(words: str, item: Evidence) -> Span | None:
    """The sentence of a passage that supports these words best; None where none does."""
    passage, wanted = item.hit.passage, set(terms(words))
    best, best_share = None, _SUPPORT
    for start, end in sentences(passage.text):
        said = passage.text[start:end]
        share = len(wanted & set(terms(said))) / max(len(wanted), 1)
        if share >= best_share and all(part in said for part in _NAMES_AND_NUMBERS.findall(words[1:])):
            first, behind = passage.start + start, passage.start + end
            best, best_share = Span(item.article, first, behind, first, behind, share), share
    return best
