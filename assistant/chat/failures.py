"""What can go wrong with asking a chat model, told without the provider's words: these may hold keys."""

import re
from typing import TYPE_CHECKING

from langchain_core import exceptions as langchain

if TYPE_CHECKING:
    from langchain_core.messages import AIMessageChunk

_TOO_LONG = re.compile(r"context.{0,20}(?:length|window|size)|(?:prompt|input).{0,20}too long|too many tokens", re.I)
_REFUSED = frozenset({"refusal", "content_filter", "safety", "prohibited_content", "blocklist", "recitation"})
_CUT_OFF = frozenset({"length", "max_tokens", "model_context_window_exceeded"})
_BY_STATUS = {
    401: "its provider refused the key",
    403: "its provider refused the key",
    404: "its provider does not know the model",
    429: "its provider is asked too often",
}


class CallError(Exception):
    """The model did not answer, or not to the end; the message says why, for `The chat model failed: …`.

    Attributes:
        passing: Whether asking again may help.
        is_outage: Whether the model, not what it was asked, is the reason.
    """

    def __init__(self, reason: str, *, passing: bool = False, is_outage: bool = True) -> None:
        super().__init__(reason)
        self.passing = passing
        self.is_outage = is_outage


class PromptTooLongError(CallError):
    """The prompt does not fit into the model's context."""

    def __init__(self) -> None:
        super().__init__("the passages do not fit into its context", is_outage=False)


def told(error: Exception) -> CallError:
    """What a provider's exception means."""
    if isinstance(error, CallError):
        return error
    status = getattr(error, "status_code", None) or getattr(error, "code", None)
    if isinstance(error, langchain.ContextOverflowError) or (
        status in {None, 400, 413, 422} and _TOO_LONG.search(str(error))
    ):
        return PromptTooLongError()
    if isinstance(status, int):
        reason = _BY_STATUS.get(status, f"its provider answered with status {status}")
        return CallError(reason, passing=status in {408, 409, 429} or status >= 500)
    if isinstance(error, langchain.ModelError):
        return CallError("it cannot be reached" if error.is_retryable else _named(error), passing=error.is_retryable)
    if isinstance(error, OSError) or _is_of_transport(error):
        return CallError("it cannot be reached", passing=True)
    return CallError(_named(error))


def ending(chunk: "AIMessageChunk") -> CallError | None:
    """What a chunk, mostly the last one, says of an answer that is not whole; None where it says nothing of it."""
    reasons = {str(chunk.response_metadata.get(key)).lower() for key in ("finish_reason", "stop_reason", "done_reason")}
    if chunk.additional_kwargs.get("refusal") or reasons & _REFUSED:
        return CallError("it refused to answer", is_outage=False)
    if reasons & _CUT_OFF:
        return CallError("its answer reached the greatest length", is_outage=False)
    return None


def _is_of_transport(error: Exception) -> bool:
    """Whether it is one of httpx, which most providers' packages speak through."""
    import httpx

    return isinstance(error, httpx.TransportError)


def _named(error: Exception) -> str:
    return f"it ended with {type(error).__name__}"
