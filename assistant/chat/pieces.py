"""What a chat model's answer comes in, and who asks the model."""

from collections.abc import Generator
from dataclasses import dataclass
from typing import Any, Protocol

from assistant.reading import Statement


@dataclass(frozen=True)
class Token:
    """Words as the model wrote them, not checked: a sign that it is at work, never a part of the answer."""

    text: str


@dataclass(frozen=True)
class Unsupported:
    """A sentence that no passage bears out.

    Attributes:
        text: The sentence, without marks.
        reason: What about it no quote has, in a few words.
        is_hidden: Whether nobody should be shown it: it holds an address, or an order.
    """

    text: str
    reason: str
    is_hidden: bool = False


Piece = Token | Statement | Unsupported


class Caller(Protocol):
    """Asks a chat model."""

    def stream(self, prompt: str, config: Any = None) -> Generator[str, None, None]:
        """The model's words as they come; closing the generator stops the model.

        Args:
            prompt: What to ask it.
            config: The LangChain configuration, so that callbacks see the call.

        Yields:
            Words; an empty string now and then while there are none, so that whoever listens can stop.

        Raises:
            CallError: The model did not answer, or not to the end; see `assistant.chat.failures`.
        """
