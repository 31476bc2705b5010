"""The chain: (rewrite a follow-up) -> search -> read -> cite -> verify -> answer or abstain, as LangChain steps."""

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda

from assistant.answer import ABSTENTION, Answer, Question, Turn
from assistant.citations import cite, verify
from assistant.follow_up import standalone
from assistant.reading import Evidence, Reader, Span
from index.errors import QuestionError
from index.library import Library
from index.passage import Filters

LONGEST_QUESTION = 1_000
"""Characters."""

Asked = str | Mapping[str, Any] | Question
"""What the chain takes: a question's text, a mapping of `Question`'s fields as in the API, or a `Question`."""


@dataclass(frozen=True)
class _Found:
    question: Question
    text: str
    evidence: tuple[Evidence, ...]
    index_id: str
    timings_ms: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class _Read:
    found: _Found
    spans: tuple[Span, ...]
    timings_ms: dict[str, float] = field(default_factory=dict)


def build_chain(library: Library, reader: Reader, threshold: float | None = None) -> Runnable[Asked, Answer]:
    """Build the chain that answers questions.

    Callbacks see `search`, `read` and `answer` as steps. `.stream()` yields ever fuller answers: first with the
    passages found and no text, last the whole one; `.invoke()` and `.batch()` give the whole one.

    Args:
        library: What is searched.
        reader: What finds the answer in the passages.
        threshold: Least confidence to answer with (0 to 1); None for the reader's own.

    Returns:
        A runnable from a question to an answer. It raises `QuestionError` for a question that cannot be asked and
        `NothingIndexedError` where the library is empty.
    """
    least = reader.threshold if threshold is None else threshold

    def search(question: Question) -> _Found:
        began = time.perf_counter()
        library.require_articles()
        text = standalone(question.text, question.history)
        hits = library.search(text, question.k, question.filters)
        # An article may be removed by another process between the search and this.
        found = ((hit, library.find(hit.passage.article_id)) for hit in hits)
        evidence = tuple(Evidence(hit, article) for hit, article in found if article)
        return _Found(question, text, evidence, library.index_id, {"search": _ms_since(began)})

    def read(found: _Found) -> _Read:
        began = time.perf_counter()
        spans = tuple(reader.read(found.text, found.evidence))
        return _Read(found, spans, {**found.timings_ms, "read": _ms_since(began)})

    def answer(read: _Read) -> Answer:
        began = time.perf_counter()
        made = _cited(read, least)
        timings = {**read.timings_ms, "verify": _ms_since(began)}
        return replace(made, timings_ms=timings)

    def _cited(read: _Read, least: float) -> Answer:
        empty = _nothing_yet(read.found, reader)
        confidence = read.spans[0].confidence if read.spans else 0.0
        for span in read.spans:
            if span.confidence < least:
                continue
            text = span.article.text[span.start : span.end]
            citation = verify(cite(span, 1, 0, len(text)), text, library.find(span.article.id))
            if citation.verified:
                return replace(empty, text=text, abstained=False, confidence=span.confidence, citations=(citation,))
        return replace(empty, text=ABSTENTION, confidence=confidence)

    search_step = RunnableLambda(search, name="search")
    rest = RunnableLambda(read, name="read") | RunnableLambda(answer, name="answer")

    def ask(asked: Iterator[Asked], config: RunnableConfig) -> Iterator[Answer]:
        began = time.perf_counter()
        *_, last = asked
        found = search_step.invoke(as_question(last), config)
        yield _nothing_yet(found, reader)
        whole = rest.invoke(found, config)
        timings = {name: round(ms, 1) for name, ms in (*whole.timings_ms.items(), ("total", _ms_since(began)))}
        yield replace(whole, timings_ms=timings)

    return RunnableGenerator(ask, name="dateline")  # type: ignore[arg-type]  # it passes a config where one is taken


def _nothing_yet(found: _Found, reader: Reader) -> Answer:
    """What is known of the answer once the passages are found."""
    return Answer(
        question=found.question.text,
        text="",
        abstained=True,
        confidence=0.0,
        hits=tuple(item.hit for item in found.evidence),
        titles={item.article.id: item.article.title for item in found.evidence},
        answered_by=f"reader:{reader.name}",
        index_id=found.index_id,
        timings_ms=found.timings_ms,
    )


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
            f"The question has {len(question.text):,} characters; at most {LONGEST_QUESTION:,} can be asked. Shorten it."
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
