"""What the API takes."""

from datetime import date
from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, TypeAdapter

from assistant.answer import Question, Turn
from assistant.feedback import Rating
from index.passage import Filters


def _storable(text: str) -> str:
    try:
        text.encode()
    except UnicodeEncodeError:
        raise ValueError("holds half of a surrogate pair, which is no character") from None
    return text


Word = Annotated[str, AfterValidator(_storable)]
"""Text that can be written as UTF-8: JSON can spell what is none."""


def _day(value: object) -> date:
    """A day as it is written; pydantic by itself would take a number for seconds since 1970."""
    if isinstance(value, date):
        return value
    if not isinstance(value, str) or len(value) != len("2025-05-09"):
        raise ValueError("write a day as YYYY-MM-DD")
    return date.fromisoformat(value)


Day = Annotated[date, BeforeValidator(_day)]
"""A day, `YYYY-MM-DD`."""


class TurnIn(BaseModel):
    """One message of the conversation so far."""

    model_config = ConfigDict(extra="forbid", strict=True)

    role: Literal["user", "assistant"]
    content: Word = Field(max_length=20_000)


class FiltersIn(BaseModel):
    """What the search is limited to."""

    model_config = ConfigDict(extra="forbid", strict=True)

    since: Day | None = Field(None, description="First day of publication, inclusive.")
    until: Day | None = Field(None, description="Last day of publication, inclusive.")
    sources: list[Word] = Field(default_factory=list, max_length=100, description="Publishers, as in the articles.")
    article_ids: list[Word] = Field(default_factory=list, max_length=1_000, description="Ids of articles.")

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
        extra="forbid", strict=True, json_schema_extra={"examples": [{"question": "Who met Natalie Baker?", "k": 8}]}
    )

    question: Word = Field(description="The question, at most 1,000 characters.")
    history: list[TurnIn] = Field(default_factory=list, max_length=100, description="Turns before it, oldest first.")
    filters: FiltersIn = Field(default_factory=lambda: FiltersIn(since=None, until=None))
    k: int | None = Field(None, ge=1, le=50, description="Passages looked at.")
    stream: bool = Field(False, description="Whether the answer is sent as it is made, in server-sent events.")

    def to_question(self, k: int) -> Question:
        """As the chain takes it; `k` is what is used where none was asked for."""
        history = tuple(Turn(turn.role, turn.content) for turn in self.history)
        return Question(self.question, history, self.filters.to_filters(), self.k or k)


class SearchIn(BaseModel):
    """A search."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"query": "fighter jets", "k": 5}]}
    )

    query: Word = Field(description="What to look for, at most 1,000 characters.")
    filters: FiltersIn = Field(default_factory=lambda: FiltersIn(since=None, until=None))
    k: int | None = Field(None, ge=1, le=50, description="Passages to return.")


class ArticleIn(BaseModel):
    """An article, its fields named as in a JSON file."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "title": "Ferris bridge to close for repairs",
                    "text": "TOLLEN: The Ferris bridge will close on 3 March, engineer Anna Velic said.",
                    "source": "Tollen Post",
                    "published": "2025-02-20",
                }
            ]
        },
    )

    text: Word = Field(min_length=1, description="The article's words; paragraphs are separated by blank lines.")
    title: Word = Field("", max_length=1_000, description="The headline; without one, the text's beginning.")
    source: Word = Field("", max_length=1_000, description="The publisher.")
    url: Word = Field("", max_length=4_000, description="Where it was published, http or https.")
    author: Word = Field("", max_length=1_000)
    published: Word = Field("", max_length=100, description="When; ISO 8601, or as newspapers write dates.")
    updated: Word = Field("", max_length=100)
    place: Word = Field("", max_length=200)
    language: Word = Field("", max_length=35, description="A code of two letters; told from the text without it.")
    section: Word = Field("", max_length=200)

    def fields(self) -> dict[str, str]:
        """What is given."""
        return {name: value for name, value in self.model_dump().items() if value}


class AddressIn(BaseModel):
    """An address of the web: of an article, a feed or a sitemap."""

    model_config = ConfigDict(
        extra="forbid", strict=True, json_schema_extra={"examples": [{"address": "https://post.example/bridge"}]}
    )

    address: Word = Field(min_length=1, max_length=4_000)


NewArticle: TypeAdapter[ArticleIn | AddressIn] = TypeAdapter(ArticleIn | AddressIn)


class FeedbackIn(BaseModel):
    """What somebody thinks of an answer."""

    model_config = ConfigDict(
        extra="forbid",
        strict=True,
        json_schema_extra={
            "examples": [
                {
                    "question": "Who met Natalie Baker?",
                    "answer": "Interior Minister Mohsin Naqvi",
                    "rating": "up",
                    "comment": "The right man, and the latest meeting.",
                }
            ]
        },
    )

    question: Word = Field(min_length=1, max_length=1_000)
    rating: Rating
    answer: Word = Field("", max_length=20_000, description="What was answered.")
    abstained: bool = Field(False, description="Whether that was an abstention.")
    comment: Word = Field("", max_length=5_000)
    expected: Word = Field("", max_length=1_000, description="The answer that would have been right.")
    article_id: Word | None = Field(None, max_length=64, description="The article of the first citation.")
    quote: Word | None = Field(None, max_length=20_000, description="Its quote.")
    index_id: Word | None = Field(None, max_length=64)
    answered_by: Word | None = Field(None, max_length=200)
