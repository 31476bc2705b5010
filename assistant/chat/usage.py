"""What a chat model used for an answer: calls, tokens, and the cost where its provider tells it."""

import threading
from dataclasses import dataclass
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult

from assistant.answer import Usage


@dataclass
class _Sum:
    calls: int = 0
    read: int = 0
    written: int = 0
    cost: float | None = None


class UsageCounter(BaseCallbackHandler):
    """A LangChain callback that adds up what models tell of their use; a model that tells nothing counts no tokens.

    LangChain's own leaves out models that do not tell their name. The cost is what OpenRouter and servers like it put
    beside the tokens (`cost`, in dollars).
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._sum = _Sum()

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Take in an answer's use."""
        messages = [
            generation.message
            for generations in response.generations
            for generation in generations
            if isinstance(generation, ChatGeneration)
        ]
        with self._lock:
            self._sum.calls += 1
            for message in messages:
                if isinstance(message, AIMessage) and message.usage_metadata:
                    self._sum.read += message.usage_metadata["input_tokens"]
                    self._sum.written += message.usage_metadata["output_tokens"]
                cost = (message.response_metadata.get("token_usage") or {}).get("cost")
                if isinstance(cost, int | float):
                    self._sum.cost = (self._sum.cost or 0.0) + cost

    def total(self) -> Usage:
        """What was used so far."""
        with self._lock:
            return Usage(self._sum.calls, self._sum.read, self._sum.written, self._sum.cost)
