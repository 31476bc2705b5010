"""What the API takes."""

from datetime import date
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from assistant.answer import Question, Turn
from index.passage import Filters


class TurnIn(BaseModel):
    """One message of the conversation so far."""

    model_config = ConfigDict(extra="forbid")

    role: Literal["user", "assistant"]
    content: str = Field(max_length=20_000)


class FiltersIn(BaseModel):
    """What the search is limited to."""

    model_config = ConfigDict(extra="forbid")

    since: date | None = Field(None, description="First day of publication, inclusive.")
    until: date | None = Field(None, description="Last day of publication, inclusive.")
    sources: list[str] = Field(default_factory=list, max_length=100, description="Publishers, as in the articles.")
    article_ids: list[str] = Field(default_factory=list, max_length=1_000, description="Ids of articles.")

    def to_filters(self) -> Filters:
        """As the index takes it."""
        return Filters(
            self.since.isoformat() if self.since else None,
            self.until.isoformat() if self.until else None,
            tuple(self.sources),
            tuple(self.article_ids),
        )


class AskIn(BaseModel):
    """A question."""

    model_config = ConfigDict(
        extra="forbid", json_schema_extra={"examples": [{"question": "Who met Natalie Baker?", "k": 8}]}
    )

    question: str = Field(description="The question, at most 1,000 characters.")
    history: list[TurnIn] = Field(default_factory=list, max_length=100, description="Turns before it, oldest first.")
    filters: FiltersIn = Field(default_factory=lambda: FiltersIn(since=None, until=None))
    k: int | None = Field(None, ge=1, le=50, description="Passages looked at.")

    def to_question(self, k: int) -> Question:
        """As the chain takes it; `k` is what is used where none was asked for."""
        history = tuple(Turn(turn.role, turn.content) for turn in self.history)
        return Question(self.question, history, self.filters.to_filters(), self.k or k)


class SearchIn(BaseModel):
    """A search."""

    model_config = ConfigDict(extra="forbid", json_schema_extra={"examples": [{"query": "fighter jets", "k": 5}]})

    query: str = Field(description="What to look for, at most 1,000 characters.")
    filters: FiltersIn = Field(default_factory=lambda: FiltersIn(since=None, until=None))
    k: int | None = Field(None, ge=1, le=50, description="Passages to return.")
