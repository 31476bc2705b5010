"""Answering with a chat model: its sentences are kept only where a quote from the cited passage bears them out."""

import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from typing import Any

from assistant.answer import ABSTENTION
from assistant.chat.cutting import Marked, cut
from assistant.chat.pieces import Caller, Piece, Token, Unsupported
from assistant.reading import Evidence, Span, Statement
from index.sentences import sentences
from index.terms import terms
from prompts import Prompt, load_prompt

_NAMES_AND_NUMBERS = re.compile(r"\d[\d.,:]*\d|\d|\b[A-Z][\w’'-]+")
_SUPPORT = 0.6
"""Share of a sentence's terms that its quote must have: below it, names may stand there while the claim does not."""


class ChatWriter:
    """Writes an answer with a chat model, and ties each sentence to the words that support it.

    Args:
        caller: Asks the model.
        name: What it is called in `answered_by`.
    """

    def __init__(self, caller: Caller, name: str) -> None:
        self._caller = caller
        self.name = name
        self.prompt: Prompt = load_prompt("answer", {"abstention", "passages", "question"})

    def write(self, question: str, evidence: Sequence[Evidence], config: Any = None) -> Iterator[Piece]:
        """Ask the model; no evidence, no call.

        Args:
            question: A question that stands alone.
            evidence: The passages found, best first.
            config: The LangChain configuration, so that callbacks see the call.

        Yields:
            The model's words as they come, and each sentence as soon as it is over and was checked: a statement with
            its quote, or as unsupported. Nothing more behind a sentence with which the model abstains.
        """
        if not evidence:
            return
        passages = "\n\n".join(
            f"[{n}] {item.article.context}{item.hit.passage.text}" for n, item in enumerate(evidence, start=1)
        )
        filled = self.prompt.fill(abstention=ABSTENTION, passages=passages, question=question)
        heard: list[str] = []
        with closing(self._caller.stream(filled, config)) as deltas:
            for marked in cut(_overheard(deltas, heard)):
                yield from map(Token, heard)
                heard.clear()
                if ABSTENTION.rstrip(".") in marked.text:
                    return
                yield _checked(marked, evidence)
        yield from map(Token, heard)


def _overheard(deltas: Iterable[str], heard: list[str]) -> Iterator[str]:
    for delta in deltas:
        heard.append(delta)
        yield delta


def _checked(marked: Marked, evidence: Sequence[Evidence]) -> Statement | Unsupported:
    """The sentence with its quote; unsupported where no passage it cites bears it out."""
    for n in marked.numbers:
        if 1 <= n <= len(evidence) and (span := _quote(marked.text, evidence[n - 1])):
            return Statement(marked.text, span)
    return Unsupported(marked.text, "no passage that it cites says so")


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
