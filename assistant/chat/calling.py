"""Asking a chat model: with time-outs, a few tries, a circuit breaker, and an end when nobody listens any more."""

import asyncio
import logging
import random
import threading
import time
from collections.abc import AsyncIterator, Callable, Generator
from dataclasses import dataclass
from functools import cache
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from assistant.chat.breaker import Breaker
from assistant.chat.failures import CallError, ending, told
from assistant.chat.spoken import spoken

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk

_HEARTBEAT = 0.25
"""Seconds of silence after which an empty string is handed on, so that whoever listens can stop."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Patience:
    """How long a model is waited for, and how often it is asked.

    Attributes:
        whole: Seconds for the whole answer, all tries together.
        first: Seconds for the first word of a try.
        between: Seconds between two words.
        pauses: Seconds before the second try, the third and so on, give or take a half.
    """

    whole: float = 180.0
    first: float = 90.0
    between: float = 30.0
    pauses: tuple[float, ...] = (0.5, 2.0)

    @classmethod
    def of(cls, seconds: float) -> "Patience":
        """What a limit for the whole answer leaves for its parts: a half until it begins, a sixth between words."""
        return cls(seconds, seconds / 2, seconds / 6)


class ModelCaller:
    """Asks a LangChain chat model; see `assistant.chat.pieces.Caller`.

    The model is asked in an event loop of its own thread: only there can a request that hangs be ended, with its
    connection.

    Args:
        model: What is asked.
        patience: How long it is waited for.
        breaker: Leaves it alone for a while after failures.
    """

    def __init__(self, model: "BaseChatModel", patience: Patience = Patience(), breaker: Breaker | None = None) -> None:
        self._model = model
        self._patience = patience
        self._breaker = breaker or Breaker()

    def stream(self, prompt: str, config: Any = None) -> Generator[str, None, None]:
        """The model's words as they come; closing the generator stops the model.

        It is asked again where it failed before its first word and that may pass.

        Yields:
            Words; an empty string now and then while there are none.

        Raises:
            CallError: It did not answer, or not to the end.
        """
        if wait := self._breaker.wait():
            raise CallError(f"it failed several times and is asked again in {wait:.0f} s")
        deadline = time.monotonic() + self._patience.whole
        for pause in (*self._patience.pauses, None):
            begun = False
            try:
                for words in spoken(self._once(prompt, config, deadline)):
                    begun = begun or bool(words.strip())
                    yield words
                if not begun:
                    raise CallError("its answer was empty", is_outage=False)
            except CallError as error:
                if begun or not error.passing or pause is None or time.monotonic() + pause > deadline:
                    self._note(error)
                    raise
                _log.info("Asking the chat model again: %s", error)
                yield from _silence(pause * random.uniform(0.5, 1.5))  # noqa: S311
            else:
                self._breaker.succeeded()
                return

    def _note(self, error: CallError) -> None:
        """Count a failure; what is no fault of the model's shows that it works."""
        _log.warning("The chat model failed: %s", error)
        if error.is_outage:
            self._breaker.failed()
        else:
            self._breaker.succeeded()

    def _once(self, prompt: str, config: Any, deadline: float) -> Generator[str, None, None]:
        """Ask once."""
        heard: SimpleQueue[str | CallError | None] = SimpleQueue()
        listening = asyncio.run_coroutine_threadsafe(self._listen(prompt, config, heard.put), _loop())
        until, what = min(deadline, time.monotonic() + self._patience.first), "begin"
        try:
            while True:
                try:
                    item = heard.get(timeout=max(0.0, min(_HEARTBEAT, until - time.monotonic())))
                except Empty:
                    if time.monotonic() >= deadline:
                        raise CallError("its answer took too long") from None
                    if time.monotonic() >= until:
                        raise CallError(f"it did not {what} in time", passing=True) from None
                    yield ""
                    continue
                if item is None:
                    return
                if isinstance(item, CallError):
                    raise item
                yield item
                if time.monotonic() >= deadline:
                    raise CallError("its answer took too long")
                until, what = min(deadline, time.monotonic() + self._patience.between), "go on"
        finally:
            listening.cancel()

    async def _listen(self, prompt: str, config: Any, hear: Callable[[str | CallError | None], None]) -> None:
        """Hand on the model's words, then what went wrong, then None."""
        try:
            cut_short: CallError | None = None
            chunks: AsyncIterator[AIMessageChunk] = self._model.astream(prompt, config)
            async for chunk in chunks:
                if chunk.text:
                    hear(str(chunk.text))
                cut_short = cut_short or ending(chunk)
            if cut_short:
                hear(cut_short)
        except Exception as error:
            if "No generation chunks" not in str(error):  # so LangChain calls an empty answer, which is one
                hear(told(error))
        finally:
            hear(None)


def _silence(seconds: float) -> Generator[str, None, None]:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        yield ""
        time.sleep(min(_HEARTBEAT, left))


@cache
def _loop() -> asyncio.AbstractEventLoop:
    """The event loop that models are asked in; providers' connections belong to one loop, so there is one for all."""
    loop = asyncio.new_event_loop()
    threading.Thread(target=loop.run_forever, name="chat-models", daemon=True).start()
    return loop
