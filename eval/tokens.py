"""Counting the tokens that a chat model reads and writes."""

import threading
from typing import Any

from langchain_core.callbacks import BaseCallbackHandler
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, LLMResult


class TokenCounter(BaseCallbackHandler):
    """A LangChain callback that adds up what models tell of their use; a model that tells nothing counts nothing.

    LangChain's own leaves out models that do not tell their name.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._read = self._written = 0

    def on_llm_end(self, response: LLMResult, **kwargs: Any) -> None:
        """Take in an answer's use."""
        for generations in response.generations:
            for generation in generations:
                message = generation.message if isinstance(generation, ChatGeneration) else None
                if isinstance(message, AIMessage) and message.usage_metadata:
                    with self._lock:
                        self._read += message.usage_metadata["input_tokens"]
                        self._written += message.usage_metadata["output_tokens"]

    def total(self) -> tuple[int, int]:
        """The tokens read and written so far."""
        with self._lock:
            return self._read, self._written
