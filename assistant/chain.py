"""The chain: (rewrite a follow-up) -> search -> read -> cite -> verify -> answer or abstain, as LangChain steps."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda

from assistant.accounts import Accounts, weigh
from assistant.answer import ABSTENTION, Answer, Question, Turn
from assistant.chat.writing import ChatWriter
from assistant.citations import cite_all
from assistant.finding import find
from assistant.follow_up import standalone
from assistant.reading import Evidence, Reader, Statement
from assistant.spelling import respelled
from index.errors import QuestionError
from index.library import Library
from index.passage import Filters

LONGEST_QUESTION = 1_000
"""Characters."""

Asked = str | Mapping[str, Any] | Question
"""What the chain takes: a question's text, a mapping of `Question`'s fields as in the API, or a `Question`."""


@dataclass(frozen=True)
class _Found:
    """What the search step passes on."""

    question: Question
    text: str
    evidence: tuple[Evidence, ...]
    index_id: str
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    """What the reading step passes on: the answer's parts in order, none where nothing was found good enough."""

    found: _Found
    statements: tuple[Statement, ...]
    confidence: float
    accounts: Accounts | None = None
    timings_ms: dict[str, float] = field(default_factory=dict)


def build_chain(
    library: Library, reader: Reader, threshold: float | None = None, writer: ChatWriter | None = None
) -> Runnable[Asked, Answer]:
    """Build the chain that answers questions.

    Callbacks see `search`, `read` (or `generate`) and `cite` as steps. `.stream()` yields ever fuller answers: first
    with the passages found and no text, last the whole one; `.invoke()` and `.batch()` give the whole one.

    Args:
        library: What is searched.
        reader: What finds the answer in the passages, and says how sure it is that there is one.
        threshold: Least confidence to answer with (0 to 1); None for the reader's own.
        writer: A chat model that writes the answer instead, where the reader is sure enough that there is one.

    Returns:
        A runnable from a question to an answer. It raises `QuestionError` for a question that cannot be asked and
        `NothingIndexedError` where the library is empty.
    """
    least = reader.threshold if threshold is None else threshold

    def search(question: Question) -> _Found:
        began = time.perf_counter()
        library.require_articles()
        text = respelled(standalone(question.text, question.history), library)
        evidence = find(library, question, text)
        return _Found(question, text, evidence, library.index_id, {"search": _ms_since(began)})

    def read(found: _Found) -> _Read:
        began = time.perf_counter()
        accounts = weigh(found.text, reader.read(found.text, found.evidence), library.embedder)
        confidence = accounts.best.confidence if accounts else 0.0
        sure = accounts if accounts and confidence >= least else None
        statements = (Statement(sure.best.words, sure.best),) if sure else ()
        return _Read(found, statements, confidence, sure, {**found.timings_ms, "read": _ms_since(began)})

    def generate(read: _Read, config: RunnableConfig) -> _Read:
        if writer is None or not read.statements:
            return read
        began = time.perf_counter()
        pieces = writer.write(read.found.text, read.found.evidence, config)
        statements = tuple(piece for piece in pieces if isinstance(piece, Statement))
        return replace(
            read, statements=statements, accounts=None, timings_ms={**read.timings_ms, "generate": _ms_since(began)}
        )

    def cite_and_verify(read: _Read) -> Answer:
        began = time.perf_counter()
        answer = replace(nothing_yet(read.found), confidence=read.confidence)
        cited = cite_all(read.statements, read.accounts, library)
        timings = {**read.timings_ms, "verify": _ms_since(began)}
        if not cited.citations:
            return replace(answer, text=ABSTENTION, timings_ms=timings)
        return replace(
            answer,
            text=cited.text,
            note=cited.note,
            abstained=False,
            citations=cited.citations,
            timings_ms=timings,
        )

    def nothing_yet(found: _Found) -> Answer:
        """What is known of the answer once the passages are found."""
        return Answer(
            question=found.question.text,
            text="",
            abstained=True,
            confidence=0.0,
            hits=tuple(item.hit for item in found.evidence),
            titles={item.article.id: item.article.title for item in found.evidence},
            answered_by=f"chat:{writer.name}" if writer else f"reader:{reader.name}",
            index_id=found.index_id,
            prompt_sha256=writer.prompt.sha256 if writer else None,
            timings_ms=found.timings_ms,
        )

    search_step = RunnableLambda(search, name="search")
    answering = RunnableLambda(read, name="read") | RunnableLambda(cite_and_verify, name="cite")
    if writer:
        answering = (
            RunnableLambda(read, name="read")
            | RunnableLambda(generate, name="generate")
            | RunnableLambda(cite_and_verify, name="cite")
        )

    def ask(asked: Iterator[Asked], config: RunnableConfig) -> Iterator[Answer]:
        began = time.perf_counter()
        *_, last = asked
        found = search_step.invoke(as_question(last), config)
        yield nothing_yet(found)
        whole = answering.invoke(found, config)
        timings = {name: round(ms, 1) for name, ms in (*whole.timings_ms.items(), ("total", _ms_since(began)))}
        yield replace(whole, timings_ms=timings)

    return RunnableGenerator(ask, name="dateline")  # type: ignore[arg-type]  # its types leave out the config it passes


def as_question(asked: Asked) -> Question:
    """Check a question and bring it into its type.

    Raises:
        QuestionError: It is empty or too long, or a field is unknown.
    """
    question = (
        asked
        if isinstance(asked, Question)
        else _from_mapping({"question": asked} if isinstance(asked, str) else asked)
    )
    if not question.text.strip():
        raise QuestionError("The question is empty. Ask something, for example: who met Natalie Baker?")
    if len(question.text) > LONGEST_QUESTION:
        raise QuestionError(
            f"The question has {len(question.text):,} characters; it may have {LONGEST_QUESTION:,}. Shorten it."
        )
    return question


def _from_mapping(asked: Mapping[str, Any]) -> Question:
    unknown = sorted(set(asked) - {"question", "history", "filters", "k"})
    if unknown:
        raise QuestionError(f"Unknown fields: {', '.join(unknown)}. There are question, history, filters and k.")
    filters = dict(asked.get("filters") or {})
    return Question(
        str(asked.get("question") or ""),
        tuple(turn if isinstance(turn, Turn) else Turn(**turn) for turn in asked.get("history") or ()),
        Filters(
            filters.get("since"),
            filters.get("until"),
            tuple(filters.get("sources") or ()),
            tuple(filters.get("article_ids") or ()),
        ),
        int(asked.get("k") or Question.k),
    )


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1_000
