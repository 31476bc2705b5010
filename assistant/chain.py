"""The chain: rewrite a follow-up -> search -> read or generate -> cite -> verify -> answer or abstain, in steps."""

import time
from collections.abc import Iterator
from dataclasses import dataclass, replace

from langchain_core.runnables import Runnable, RunnableConfig, RunnableGenerator, RunnableLambda
from langchain_core.runnables.config import merge_configs

from assistant.accounts import Accounts, weigh
from assistant.answer import ABSTENTION, Answer, Question
from assistant.answer_cache import AnswerCache
from assistant.asked import Asked, as_question
from assistant.chat.generating import Written, generate
from assistant.chat.usage import UsageCounter
from assistant.chat.writing import ChatWriter
from assistant.citations import Cited, cite_all
from assistant.finding import find
from assistant.follow_up import leans, standalone
from assistant.reading import Evidence, Reader, Statement
from assistant.spelling import respelled
from assistant.widening import find_widely, wants_many
from index.library import Library


@dataclass(frozen=True)
class _Asked:
    """A question, and its text as it is searched with."""

    question: Question
    text: str
    timings_ms: dict[str, float]


@dataclass(frozen=True)
class _Found:
    """What the search step passes on."""

    question: Question
    text: str
    evidence: tuple[Evidence, ...]
    index_id: str
    timings_ms: dict[str, float]


@dataclass(frozen=True)
class _Read:
    """What reading and generating pass on.

    Attributes:
        found: What was read.
        statements: The reader's answer; empty where it is not sure enough.
        confidence: The calibrated probability that it is right.
        accounts: What else the articles say.
        written: What a chat model wrote so far; None where none was asked.
        timings_ms: By step.
    """

    found: _Found
    statements: tuple[Statement, ...]
    confidence: float
    accounts: Accounts | None
    timings_ms: dict[str, float]
    written: Written | None = None


def build_chain(
    library: Library,
    reader: Reader,
    threshold: float | None = None,
    writer: ChatWriter | None = None,
    cache: AnswerCache | None = None,
    *,
    strike: bool = False,
) -> Runnable[Asked, Answer]:
    """Build the chain that answers questions.

    Callbacks see `rewrite` (with a writer), `search`, `read`, `generate` (with a writer) and `cite` as steps.
    `.stream()` yields ever fuller answers: first with the passages found and no text, then with what a chat model has
    written so far, last the whole one; `.invoke()` and `.batch()` give the whole one. Closing the stream stops the
    model.

    Args:
        library: What is searched.
        reader: What finds the answer in the passages, and says how sure it is that there is one.
        threshold: Least confidence to answer with (0 to 1); None for the reader's own.
        writer: A chat model that writes the answer instead, where the reader is sure enough that there is one, or the
            question wants many articles.
        cache: Answers given before; None to make each anew.
        strike: Whether answers tell which sentences of the writer's no passage bears out.

    Returns:
        A runnable from a question to an answer. It raises `QuestionError` for a question that cannot be asked and
        `NothingIndexedError` where the library is empty.
    """
    least = reader.threshold if threshold is None else threshold
    chain = _Chain(library, reader, least, writer, cache, strike)
    return RunnableGenerator(chain.ask, name="dateline")  # type: ignore[arg-type]  # its types leave out the config


class _Chain:
    """The steps."""

    def __init__(
        self,
        library: Library,
        reader: Reader,
        least: float,
        writer: ChatWriter | None,
        cache: AnswerCache | None,
        strike: bool,
    ) -> None:
        self._library = library
        self._reader = reader
        self._least = least
        self._writer = writer
        self._cache = cache
        self._strike = strike
        self._rewrite_step = RunnableLambda(self._rewrite, name="rewrite")
        self._search_step = RunnableLambda(self._search, name="search")
        self._read_step = RunnableLambda(self._read, name="read")
        self._generate_step: Runnable[_Read, _Read] = RunnableGenerator(
            self._generate,  # type: ignore[arg-type]  # its types leave out the config
            name="generate",
        )
        self._cite_step = RunnableLambda(self._cite, name="cite")

    def ask(self, asked: Iterator[Asked], config: RunnableConfig) -> Iterator[Answer]:
        """Answer the last question; ever fuller answers."""
        began = time.perf_counter()
        *_, last = asked
        question = as_question(last)
        self._library.require_articles()
        key = (question, self._library.index_id)
        if self._cache and (known := self._cache.get(key)):
            yield replace(known, usage=None, timings_ms={"total": round(_ms_since(began), 1)})
            return
        counter = UsageCounter() if self._writer else None
        if counter:
            config = merge_configs(config, {"callbacks": [counter]})
        asked_now = _Asked(question, question.text, {})
        found = self._search_step.invoke(self._standing_alone(asked_now, config), config)
        yield self._nothing_yet(found)
        read = self._read_step.invoke(found, config)
        if self._writer and (read.statements or wants_many(found.text)):
            cited, statements = Cited("", "", ()), 0
            for grown in self._generate_step.stream(read, config):
                read, written = grown, grown.written or Written()
                if len(written.statements) > statements:
                    cited, statements = cite_all(written.statements, None, self._library), len(written.statements)
                answer = self._nothing_yet(found)
                yield replace(answer, text=cited.text, citations=cited.citations, draft=written.draft)
        whole = self._cite_step.invoke(read, config)
        timings = {name: round(ms, 1) for name, ms in (*whole.timings_ms.items(), ("total", _ms_since(began)))}
        whole = replace(whole, timings_ms=timings, usage=counter.total() if counter else None)
        if self._cache and not whole.notice:
            self._cache.put(key, whole)
        yield whole

    def _standing_alone(self, asked: _Asked, config: RunnableConfig) -> _Asked:
        if self._writer and leans(asked.question.text, asked.question.history):
            return self._rewrite_step.invoke(asked, config)
        return replace(asked, text=standalone(asked.question.text, asked.question.history))

    def _rewrite(self, asked: _Asked, config: RunnableConfig) -> _Asked:
        began = time.perf_counter()
        if self._writer is None:
            return asked
        text = self._writer.rewriter.rewrite(asked.question.text, asked.question.history, config)
        return _Asked(asked.question, text, {"rewrite": _ms_since(began)})

    def _search(self, asked: _Asked) -> _Found:
        began = time.perf_counter()
        text = respelled(asked.text, self._library)
        finding = find_widely if self._writer and wants_many(text) else find
        evidence = finding(self._library, asked.question, text)
        timings = {**asked.timings_ms, "search": _ms_since(began)}
        return _Found(asked.question, text, evidence, self._library.index_id, timings)

    def _read(self, found: _Found) -> _Read:
        began = time.perf_counter()
        accounts = weigh(found.text, self._reader.read(found.text, found.evidence), self._library.embedder)
        confidence = accounts.best.confidence if accounts else 0.0
        sure = accounts if accounts and confidence >= self._least else None
        statements = (Statement(sure.best.words, sure.best),) if sure else ()
        return _Read(found, statements, confidence, sure, {**found.timings_ms, "read": _ms_since(began)})

    def _generate(self, reads: Iterator[_Read], config: RunnableConfig) -> Iterator[_Read]:
        began = time.perf_counter()
        *_, read = reads
        if self._writer is None:
            return
        timings = dict(read.timings_ms)
        for written in generate(self._writer, read.found.text, read.found.evidence, config):
            if written.draft.strip():
                timings.setdefault("first_word", _ms_since(began))
            yield replace(read, written=written, timings_ms={**timings, "generate": _ms_since(began)})

    def _cite(self, read: _Read) -> Answer:
        began = time.perf_counter()
        answer = replace(self._nothing_yet(read.found), confidence=read.confidence)
        statements, accounts = read.statements, read.accounts
        if read.written:
            struck = read.written.unsupported if self._strike else ()
            answer = replace(answer, notice=read.written.notice, struck=struck)
            if read.written.is_failed:
                answer = replace(answer, answered_by=f"reader:{self._reader.name}", prompt_sha256=None)
            else:
                statements, accounts = read.written.statements, None
        cited = cite_all(statements, accounts, self._library)
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

    def _nothing_yet(self, found: _Found) -> Answer:
        """What is known of the answer once the passages are found."""
        writer = self._writer
        return Answer(
            question=found.question.text,
            text="",
            abstained=True,
            confidence=0.0,
            hits=tuple(item.hit for item in found.evidence),
            titles={item.article.id: item.article.title for item in found.evidence},
            answered_by=f"chat:{writer.name}" if writer else f"reader:{self._reader.name}",
            index_id=found.index_id,
            prompt_sha256=writer.prompt.sha256 if writer else None,
            standalone_question=found.text,
            timings_ms=found.timings_ms,
        )


def _ms_since(began: float) -> float:
    return (time.perf_counter() - began) * 1_000
