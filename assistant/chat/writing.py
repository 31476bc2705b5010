"""Answering with a chat model: its sentences are kept only where quotes from the passages bear them out."""

import secrets
from collections.abc import Generator, Iterable, Iterator, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

from assistant.answer import ABSTENTION
from assistant.chat.cutting import Cutter, Marked
from assistant.chat.pieces import Caller, Piece, Token, Unsupported
from assistant.chat.rewriting import Rewriter
from assistant.chat.verifying.tying import Pool
from assistant.chat.verifying.verifier import GIVES_ORDER, HOLDS_ADDRESS, Verifier
from assistant.orders import gives_orders
from assistant.reading import Evidence, Statement
from prompts import Prompt, load_prompt

_FENCE_BYTES = 6
_FOR_THE_ANSWER = 768
"""Tokens of the context that are kept for the answer."""
_CHARACTERS_A_TOKEN = 3
"""Fewer than English has, on the safe side."""


class ChatWriter:
    """Writes an answer with a chat model, and ties each sentence to the words that support it.

    Args:
        caller: Asks the model.
        name: What it is called in `answered_by`.
        verifier: Ties its sentences to quotes.
        prompts: A folder of prompts to use before those that come with Dateline.
        context: Tokens that prompt and answer may have together.
    """

    def __init__(
        self, caller: Caller, name: str, verifier: Verifier, prompts: Path | None = None, context: int = 8_192
    ) -> None:
        self._caller = caller
        self.name = name
        self._verifier = verifier
        self._context = context
        self.rewriter = Rewriter(caller, prompts)
        self.prompt: Prompt = load_prompt("answer", {"abstention", "fence", "passages", "question"}, prompts)

    def fitting(self, question: str, evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
        """The passages, from the best on, as many as the model's context has room for; at least one.

        Room is estimated by characters: what a token is differs from model to model.
        """
        room = (self._context - _FOR_THE_ANSWER) * _CHARACTERS_A_TOKEN - len(self.prompt.text) - len(question)
        used = accumulate(len(fenced(n, item, "0" * 2 * _FENCE_BYTES)) for n, item in enumerate(evidence, start=1))
        fit = sum(total <= room for total in used)
        return tuple(evidence[: max(fit, 1)])

    def write(self, question: str, evidence: Sequence[Evidence], config: Any = None) -> Generator[Piece, None, None]:
        """Ask the model; no evidence, no call.

        Args:
            question: A question that stands alone.
            evidence: The passages to give it, from `fitting`.
            config: The LangChain configuration, so that callbacks see the call.

        Yields:
            The model's words as they come, and each sentence as soon as it is over and was checked: a statement with
            its quote, or as unsupported. Nothing more behind a sentence with which the model abstains.
        """
        if not evidence:
            return
        fence = secrets.token_hex(_FENCE_BYTES)
        passages = "\n\n".join(fenced(n, item, fence) for n, item in enumerate(evidence, start=1))
        filled = self.prompt.fill(abstention=ABSTENTION, fence=fence, passages=passages, question=question)
        pool = self._verifier.pool(evidence, question)
        with closing(self._caller.stream(filled, config)) as deltas:
            for piece in _overheard(deltas):
                if isinstance(piece, Token):
                    yield piece
                    continue
                if ABSTENTION.rstrip(".") in piece.text:
                    return
                yield self._checked(piece, pool)

    def _checked(self, marked: Marked, pool: Pool) -> Statement | Unsupported:
        """The sentence with the quotes that bear it out; unsupported where there are none."""
        found = self._verifier.statement(marked.text, [number - 1 for number in marked.numbers], pool)
        if isinstance(found, Statement):
            return found
        return Unsupported(marked.text, found, is_hidden=found in (HOLDS_ADDRESS, GIVES_ORDER))


def _overheard(deltas: Iterable[str]) -> Iterator[Token | Marked]:
    """The words as they come, and each sentence once it is over."""
    cutter = Cutter()
    for delta in deltas:
        yield Token(delta)
        yield from cutter.feed(delta)
    yield from cutter.rest()


def sound(evidence: Sequence[Evidence]) -> tuple[Evidence, ...]:
    """The passages that give no orders (`assistant.orders`): the others are not put before a model that might obey."""
    return tuple(item for item in evidence if not gives_orders(item.article.context + item.hit.passage.text))


def fenced(n: int, item: Evidence, fence: str) -> str:
    """A passage as the model is given it.

    It stands between lines with a code that nobody who wrote an article can know, so that no article can end its own
    passage and begin another, or speak as the user.

    Args:
        n: The number it is cited by.
        item: The passage.
        fence: The code.
    """
    return f"[{n}] {fence}\n{item.article.context}{item.hit.passage.text}\n[/{n}] {fence}"
