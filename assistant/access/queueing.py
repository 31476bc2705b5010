"""Questions are answered a few at a time; some wait, more are refused, and none is waited for without end."""

import asyncio
from collections.abc import Callable

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from assistant.api.problems import problem


class Queue:
    """Runs an ASGI application for a bounded number of requests.

    Args:
        app: What answers.
        at_once: Requests answered at the same time.
        waiting: Requests that may wait for that.
        seconds: Time until an answer has to begin, waiting included.
        told: Called with how many are being answered or waiting, whenever that changes.
    """

    def __init__(
        self, app: ASGIApp, at_once: int, waiting: int, seconds: float, told: Callable[[int], None] = lambda _: None
    ) -> None:
        self._app = app
        self._places = asyncio.Semaphore(at_once)
        self._most = at_once + waiting
        self._seconds = seconds
        self._told = told
        self._here = 0
        self._left_behind: set[asyncio.Task[None]] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request: in its turn, with 429 where too many wait, with 504 where it takes too long."""
        if self._here >= self._most:
            full = f"{self._here} questions are being answered or waiting already. Try again in a moment."
            await problem(429, full, {"retry-after": "2"})(scope, receive, send)
            return
        reply = _Reply(send)
        answering = asyncio.create_task(self._in_turn(scope, receive, reply))
        self._count(1)
        answering.add_done_callback(lambda _: self._count(-1))
        begun = asyncio.create_task(reply.begun.wait())
        try:
            await asyncio.wait({answering, begun}, timeout=self._seconds, return_when=asyncio.FIRST_COMPLETED)
            if not answering.done() and not reply.begun.is_set():
                reply.is_over = True
                late = f"No answer began within {self._seconds:g} s. Try again, or ask something simpler."
                # What is being worked out in a thread cannot be stopped; it keeps its place until it is done.
                self._left_behind.add(answering)
                answering.add_done_callback(self._forget)
                await problem(504, late)(scope, receive, send)
                return
            await answering
        except asyncio.CancelledError:
            answering.cancel()
            raise
        finally:
            begun.cancel()

    async def _in_turn(self, scope: Scope, receive: Receive, reply: "_Reply") -> None:
        async with self._places:
            if not reply.is_over:
                await self._app(scope, receive, reply)

    def _count(self, more: int) -> None:
        self._here += more
        self._told(self._here)

    def _forget(self, task: asyncio.Task[None]) -> None:
        self._left_behind.discard(task)
        if not task.cancelled():
            task.exception()  # asked for, so that it is not reported as forgotten


class _Reply:
    """What an application sends, until it is too late."""

    def __init__(self, send: Send) -> None:
        self._send = send
        self.begun = asyncio.Event()
        self.is_over = False

    async def __call__(self, message: Message) -> None:
        if not self.is_over:
            self.begun.set()
            await self._send(message)
