"""What the OpenAI-compatible routes take and answer, in the forms of OpenAI's own API."""

import secrets
import time
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Question, Turn
from assistant.api.requests import FiltersIn, Word
from assistant.bodies import AnswerBody
from index.errors import QuestionError

MODEL: Literal["dateline"] = "dateline"
"""The one model there is: the articles."""


class TextPart(BaseModel):
    """A part of a message."""

    model_config = ConfigDict(strict=True)

    type: Literal["text"]
    text: Word = Field(max_length=20_000)


class Message(BaseModel):
    """A message of the conversation. Those of the system are passed over: what is asked is asked of the articles."""

    model_config = ConfigDict(strict=True)

    role: Literal["system", "developer", "user", "assistant"]
    content: Annotated[Word, Field(max_length=20_000)] | Annotated[list[TextPart], Field(max_length=100)]

    @property
    def text(self) -> str:
        """Its words."""
        return self.content if isinstance(self.content, str) else "\n".join(part.text for part in self.content)


class CompletionIn(BaseModel):
    """A conversation whose last message is answered. Fields that only concern a language model are passed over."""

    model_config = ConfigDict(
        strict=True,
        json_schema_extra={
            "examples": [{"model": MODEL, "messages": [{"role": "user", "content": "Who met Natalie Baker?"}]}]
        },
    )

    model: Literal["dateline"] = MODEL
    messages: list[Message] = Field(min_length=1, max_length=200, description="The conversation, oldest first.")
    stream: bool | None = Field(False, description="Whether the answer is sent as it comes.")
    filters: FiltersIn | None = Field(None, description="Ours: what the search is limited to.")
    k: int | None = Field(None, ge=1, le=50, description="Ours: passages looked at.")

    def to_question(self, k: int) -> Question:
        """As the chain takes it; `k` is what is used where none was asked for.

        Raises:
            QuestionError: The last message is not the user's.
        """
        *before, last = self.messages
        if last.role != "user":
            raise QuestionError("The last message must be the user's question; its role is to be `user`.")
        history = tuple(Turn(turn.role, turn.text) for turn in before if turn.role in {"user", "assistant"})
        filters = (self.filters or FiltersIn(since=None, until=None)).to_filters()
        return Question(last.text, history, filters, self.k or k)


class UrlCitation(BaseModel):
    """A citation: which part of the message it supports (`content[start_index:end_index]`, in code points), and where.

    Beyond OpenAI's fields: the article, and the quote at `article.text[start:end]`, to the letter.
    """

    start_index: int
    end_index: int
    title: str
    url: str
    article_id: str
    quote: str
    start: int
    end: int


class Annotation(BaseModel):
    """An annotation of a message."""

    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class AnswerMessage(BaseModel):
    """The answer."""

    role: Literal["assistant"] = "assistant"
    content: str
    refusal: None = None
    annotations: list[Annotation]


class Choice(BaseModel):
    """The one choice."""

    index: Literal[0] = 0
    message: AnswerMessage
    finish_reason: Literal["stop"] = "stop"
    logprobs: None = None


class Completion(BaseModel):
    """A chat completion; `dateline` is the answer as `/v1/ask` gives it."""

    id: str = Field(default_factory=lambda: f"chatcmpl-{secrets.token_hex(12)}")
    object: Literal["chat.completion"] = "chat.completion"
    created: int = Field(default_factory=lambda: int(time.time()))
    model: str = MODEL
    choices: list[Choice]
    dateline: AnswerBody


class ModelBody(BaseModel):
    """A model."""

    id: str = MODEL
    object: Literal["model"] = "model"
    created: int = 0
    owned_by: str = "dateline"


class ModelsBody(BaseModel):
    """The models there are."""

    object: Literal["list"] = "list"
    data: list[ModelBody]


def chunk(completion_id: str, created: int, delta: dict[str, Any], finish: str | None = None) -> dict[str, Any]:
    """A piece of a streamed completion."""
    return {
        "id": completion_id,
        "object": "chat.completion.chunk",
        "created": created,
        "model": MODEL,
        "choices": [{"index": 0, "delta": delta, "finish_reason": finish, "logprobs": None}],
    }
