"""The answer and its citations: what every way of asking returns."""

from dataclasses import dataclass, field, replace

from index.passage import Filters, Hit

ABSTENTION = "The articles do not say."
"""The one phrase for an abstention, wherever it is shown."""


@dataclass(frozen=True)
class Turn:
    """One message of the conversation so far: `role` is `user` or `assistant`."""

    role: str
    content: str


@dataclass(frozen=True)
class Question:
    """What is asked.

    Attributes:
        text: The question, in the user's words.
        history: The turns before it, oldest first.
        filters: What the search is limited to.
        k: How many passages are retrieved (1 to 50).
    """

    text: str
    history: tuple[Turn, ...] = ()
    filters: Filters = Filters()
    k: int = 10


@dataclass(frozen=True)
class Publication:
    """Where words were also published.

    Attributes:
        source: The publisher.
        article_id: The article, a copy of the one cited.
        url: Its address.
        title: Its headline.
        published: Its date (ISO 8601).
    """

    source: str | None
    article_id: str
    url: str | None
    title: str
    published: str | None


@dataclass(frozen=True)
class Citation:
    """A quotation that supports a part of the answer: `article.text[start:end] == quote`, to the letter.

    Attributes:
        n: Its number in the answer, from 1.
        article_id: The article quoted.
        title: That article's headline.
        source: Its publisher.
        url: Its address.
        published: Its date (ISO 8601).
        quote: The exact words.
        start: Offset of the quote in the article's text.
        end: Offset behind it.
        answer_start: Offset, in the answer's text, of the part that the quote supports.
        answer_end: Offset behind that part.
        verified: Whether the quote was checked against the stored article and against the answer.
        score: How well the quote answers the question, 0 to 1.
        page: The page on which the quote begins, from 1; None where the article has no pages.
        place: The dateline’s place of the article.
        also_published_by: Other publishers' copies of the article that have the quoted words, the first one first.
    """

    n: int
    article_id: str
    title: str
    source: str | None
    url: str | None
    published: str | None
    quote: str
    start: int
    end: int
    answer_start: int
    answer_end: int
    verified: bool
    score: float
    page: int | None = None
    place: str | None = None
    also_published_by: tuple[Publication, ...] = ()


@dataclass(frozen=True)
class Usage:
    """What a chat model used for an answer.

    Attributes:
        calls: How often it was asked.
        input_tokens: Tokens that it read; 0 where its provider does not tell.
        output_tokens: Tokens that it wrote.
        cost: Dollars; None where its provider does not tell.
    """

    calls: int
    input_tokens: int
    output_tokens: int
    cost: float | None = None


@dataclass(frozen=True)
class Answer:
    """An answer or an abstention.

    Attributes:
        question: The question as asked.
        text: The answer; `ABSTENTION` when abstained.
        abstained: Whether the articles do not say.
        confidence: The calibrated probability that the best answer found is right, 0 to 1, also when abstained.
        citations: What supports it; empty when abstained.
        hits: The passages it was looked for in, best first.
        titles: Title of each hit's article, by article id.
        note: What else the articles say: an earlier figure, or another account. Mostly empty; if not, its citation is
            the last one, with an empty range in the answer.
        answered_by: What made it: `reader:NAME` or `chat:PROVIDER:MODEL`.
        index_id: The state of the library that was asked.
        prompt_sha256: Hash of the prompt used; None where no chat model was asked.
        timings_ms: Milliseconds by step (`search`, `read`, `generate`, `verify`, `total`).
        notice: What should be known of how it came about: that the chat model failed, or what did not fit into its
            context. Mostly empty.
        draft: While a chat model writes: its words so far, not checked. Empty in the whole answer.
        standalone_question: What was searched: the question with what it leans on put in.
        usage: What a chat model used; None where none was asked.
        struck: Sentences that a chat model wrote and no passage bears out; only where the settings want them told.
    """

    question: str
    text: str
    abstained: bool
    confidence: float
    citations: tuple[Citation, ...] = ()
    hits: tuple[Hit, ...] = ()
    titles: dict[str, str] = field(default_factory=dict)
    note: str = ""
    answered_by: str = ""
    index_id: str = ""
    prompt_sha256: str | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)
    notice: str = ""
    draft: str = ""
    standalone_question: str = ""
    usage: Usage | None = None
    struck: tuple[str, ...] = ()

    def __add__(self, later: "Answer") -> "Answer":
        """Streaming yields ever fuller answers; the later one replaces the earlier (LangChain adds up its chunks)."""
        return replace(later)
