"""A model file (GGUF) run in this process by llama.cpp."""

import asyncio
import os
import secrets
import threading
from collections.abc import AsyncIterator, Callable, Iterator
from functools import cached_property
from pathlib import Path
from queue import SimpleQueue
from typing import Any

from langchain_core.callbacks import AsyncCallbackManagerForLLMRun, CallbackManagerForLLMRun
from langchain_core.exceptions import ContextOverflowError, ModelAPIError
from langchain_core.language_models import BaseChatModel
from langchain_core.language_models.chat_models import generate_from_stream
from langchain_core.messages import AIMessageChunk, BaseMessage, convert_to_openai_messages
from langchain_core.messages.ai import UsageMetadata
from langchain_core.outputs import ChatGenerationChunk, ChatResult
from pydantic import PrivateAttr

from index.errors import ModelError

_LONGEST_ANSWER = 512
"""Tokens: a small model that falls into repeating itself never ends."""
_STEP = 128
"""Tokens of the prompt read at a time; llama.cpp can be stopped between two steps."""
_QUIET = 0
"""llama.cpp's verbosity: errors reach us as exceptions, the rest is for its developers."""

_Event = dict[str, Any] | ModelError
"""What llama.cpp's server sends, as a chunk of OpenAI's; or that it cannot begin."""


class LlamaCpp(BaseChatModel):
    """A chat model in a GGUF file; loaded at the first question, asked one question at a time.

    Attributes:
        path: The file.
        context: Tokens that prompt and answer may have together.
    """

    path: Path
    context: int
    _loading: threading.Lock = PrivateAttr(default_factory=threading.Lock)

    @property
    def _llm_type(self) -> str:
        return "llama.cpp"

    @cached_property
    def _server(self) -> Any:
        import xllamacpp

        params = xllamacpp.CommonParams()
        params.model.path = str(self.path)
        params.n_ctx = self.context
        params.n_parallel = 1
        params.n_batch = params.n_ubatch = _STEP
        params.warmup = False
        params.verbosity = _QUIET
        # Its threads wait for one another by spinning: as many as there are cores, and one busy neighbour makes each
        # word take a hundred times as long.
        params.cpuparams.n_threads = params.cpuparams_batch.n_threads = max(1, (os.cpu_count() or 2) - 1)
        # It also listens at a port of this machine, which nobody needs: closed to all by a key that nobody has.
        params.api_keys = [secrets.token_hex(32)]
        params.endpoint_slots = params.ui = False
        try:
            return xllamacpp.Server(params)
        except RuntimeError as error:
            raise ModelError(f"llama.cpp cannot load {self.path}: is it a whole GGUF file of a chat model?") from error

    def _generate(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> ChatResult:
        return generate_from_stream(self._stream(messages, stop, run_manager, **kwargs))

    def _stream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: CallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> Iterator[ChatGenerationChunk]:
        """The model's words as they come; closing the iterator stops the model at its next word."""
        heard: SimpleQueue[_Event | None] = SimpleQueue()
        stopped = self._begin(messages, stop, heard.put, kwargs)
        try:
            while (event := heard.get()) is not None:
                if chunk := _chunk(event):
                    if run_manager:
                        run_manager.on_llm_new_token(str(chunk.message.content), chunk=chunk)
                    yield chunk
        finally:
            stopped.set()

    async def _astream(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None = None,
        run_manager: AsyncCallbackManagerForLLMRun | None = None,
        **kwargs: Any,
    ) -> AsyncIterator[ChatGenerationChunk]:
        """The model's words as they come; cancelling stops the model, also while it reads the prompt."""
        loop, heard = asyncio.get_running_loop(), asyncio.Queue[_Event | None]()

        def put(event: _Event | None) -> None:
            loop.call_soon_threadsafe(heard.put_nowait, event)

        stopped = self._begin(messages, stop, put, kwargs)
        try:
            while (event := await heard.get()) is not None:
                if chunk := _chunk(event):
                    if run_manager:
                        await run_manager.on_llm_new_token(str(chunk.message.content), chunk=chunk)
                    yield chunk
        finally:
            stopped.set()

    def _begin(
        self,
        messages: list[BaseMessage],
        stop: list[str] | None,
        put: Callable[[_Event | None], None],
        more: dict[str, Any],
    ) -> threading.Event:
        """Have llama.cpp answer in a thread of its own.

        Args:
            messages: What it is asked.
            stop: Words that end the answer.
            put: Takes its events, and None behind the last.
            more: Further fields of the request.

        Returns:
            What stops it.
        """
        request = {
            "messages": convert_to_openai_messages(messages),
            "temperature": 0,
            "max_tokens": _LONGEST_ANSWER,
            "stop": stop or [],
            "stream": True,
            "stream_options": {"include_usage": True},
            "return_progress": True,
            "chat_template_kwargs": {"enable_thinking": False},
            **more,
        }
        stopped = threading.Event()

        def hear(event: dict[str, Any]) -> bool:
            put(event)
            return stopped.is_set()  # true stops llama.cpp

        def run() -> None:
            try:
                with self._loading:
                    server = self._server
                if not stopped.is_set():
                    server.handle_chat_completions(request, hear)
            except ModelError as error:
                put(error)
            except Exception as error:
                put({"error": {"message": str(error)}})
            finally:
                put(None)

        threading.Thread(target=run, name="llama.cpp", daemon=True).start()
        return stopped


def _chunk(event: _Event) -> ChatGenerationChunk | None:
    """A chunk of the answer; None for an event that has none of it, such as how far the prompt is read.

    Raises:
        ModelError: The file cannot be loaded.
        ContextOverflowError: The prompt is too long.
        ModelAPIError: Something else is wrong.
    """
    if isinstance(event, ModelError):
        raise event
    if error := event.get("error"):
        if error.get("type") == "exceed_context_size_error":
            raise ContextOverflowError(error["message"])
        raise ModelAPIError(f"llama.cpp: {error.get('message')}")
    if usage := event.get("usage"):
        said, asked = usage["completion_tokens"], usage["prompt_tokens"]
        counted = UsageMetadata(input_tokens=asked, output_tokens=said, total_tokens=asked + said)
        return ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=counted))
    choice: dict[str, Any] = next(iter(event.get("choices", [])), {})
    words, reason = choice.get("delta", {}).get("content"), choice.get("finish_reason")
    if not words and not reason:
        return None
    metadata = {"finish_reason": reason} if reason else {}
    return ChatGenerationChunk(message=AIMessageChunk(content=words or "", response_metadata=metadata))
