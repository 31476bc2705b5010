"""Asking every question, and the two baselines that the answers are compared with."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace

import numpy as np
from rich.console import Console
from rich.progress import track

from assistant.answer import ABSTENTION, Answer, Citation, Question
from eval.gold import GoldQuestion
from eval.scores import Observation, Reference, Scores, score
from index.embedding import Embedder
from index.passage import Hit

DEPTH = 20
"""How deep recall is measured."""


@dataclass(frozen=True)
class System:
    """What is asked.

    Attributes:
        ask: Answers a question.
        search: Finds so many passages for a question, as answering it would; None where that is not known.
    """

    ask: Callable[[Question], Answer]
    search: Callable[[Question], Sequence[Hit]] | None = None


@dataclass(frozen=True)
class QuestionResult:
    """What came of one question: what was observed, and how it did."""

    question: GoldQuestion
    observed: Observation
    scores: Scores

    @property
    def answer(self) -> Answer | None:
        """What was answered; None after an error."""
        return self.observed.answer

    @property
    def error(self) -> str | None:
        """The error's kind and message; None where there was none."""
        return self.observed.error


def run(
    questions: Sequence[GoldQuestion],
    system: System,
    reference: Reference,
    *,
    k: int = Question.k,
    at_once: int = 1,
    progress: bool | None = None,
) -> Iterator[QuestionResult]:
    """Ask every question, one after another unless told otherwise.

    An exception raised by one question is its result, an error, and the rest goes on. The time of an answer is that
    of the whole call, errors included; with several at once, it is what one of so many users waits. Other wordings are
    asked too, for consistency; nothing else is made of them.

    Args:
        questions: What to ask.
        system: What is asked.
        reference: What answers are judged by.
        k: How many passages are retrieved, as in use. Where it is below 10, a passage behind it is not found for
            MRR@10 either.
        at_once: How many questions are asked at a time, each in a thread; this changes times only.
        progress: Whether to show a progress bar on standard error; None: where that is a terminal.

    Yields:
        A result for each question, in order.
    """
    console = Console(stderr=True)
    shown = console.is_terminal if progress is None else progress
    observed = _observations(questions, lambda question: _observe(question, system, k), at_once)
    told = track(questions, "Asking", console=console, disable=not shown, transient=True)
    for question, seen in zip(told, observed, strict=True):
        yield QuestionResult(question, seen, score(question, seen, reference))


def _observations(
    questions: Sequence[GoldQuestion], observe: Callable[[GoldQuestion], Observation], at_once: int
) -> Iterator[Observation]:
    if at_once == 1:  # nothing else runs meanwhile, scoring neither: times are those of a machine at rest
        yield from map(observe, questions)
        return
    threads = ThreadPoolExecutor(at_once, thread_name_prefix="asking")
    try:
        yield from threads.map(observe, questions)
    finally:
        threads.shutdown(cancel_futures=True)  # an interruption need not wait for all of them


def _observe(question: GoldQuestion, system: System, k: int) -> Observation:
    asked = Question(question.question, history=question.history, k=k)
    started = time.perf_counter()
    answer, error = _answer(system, asked)
    latency_ms = (time.perf_counter() - started) * 1000
    usage = answer.usage if answer else None
    return Observation(
        answer,
        error,
        latency_ms,
        deeper=_deeper(system, asked, answer) if question.answerable else (),
        reworded=tuple(_answer(system, replace(asked, text=wording))[0] for wording in question.also_asked),
        tokens=(usage.input_tokens, usage.output_tokens) if usage else None,
    )


def _answer(system: System, asked: Question) -> tuple[Answer | None, str | None]:
    try:
        return system.ask(asked), None
    except Exception as raised:
        return None, f"{type(raised).__name__}: {raised}"


def _deeper(system: System, asked: Question, answer: Answer | None) -> tuple[Hit, ...]:
    if system.search is None or answer is None or asked.k >= DEPTH:
        return ()
    return tuple(system.search(replace(asked, k=DEPTH)))


def with_similarity(results: Sequence[QuestionResult], embedder: Embedder) -> list[QuestionResult]:
    """Fill in the similarity of answers to answerable questions: the largest cosine to an accepted answer.

    A refusal or an error has 0, as a cosine below 0 has. The vectors are those of the embedding model.
    """
    given = [_given(result) for result in results]
    texts = sorted(
        {
            text
            for result, answer in zip(results, given, strict=True)
            if answer
            for text in (answer, *result.question.answers)
        }
    )
    vectors = dict(zip(texts, embedder.encode_passages(texts), strict=True)) if texts else {}
    found = []
    for result, answer in zip(results, given, strict=True):
        if not result.question.answers:
            found.append(result)
            continue
        nearest = (
            max((float(vectors[answer] @ vectors[a]) for a in result.question.answers), default=0) if answer else 0
        )
        values = {**result.scores.values, "similarity": float(np.clip(nearest, 0, 1))}
        found.append(replace(result, scores=replace(result.scores, values=values)))
    return found


def _given(result: QuestionResult) -> str | None:
    answer = result.answer
    return answer.text if answer and not answer.abstained and result.question.answers else None


def copy_top_passage(results: Iterable[QuestionResult], reference: Reference) -> list[QuestionResult]:
    """The baseline that answers with the first passage found, whole, and cites it.

    It never refuses; its confidence is the first hit's score, 0 without a hit. A question that ended in an error ends
    in one here too: what was found is not known.
    """
    return [_rescored(result, _top_passage, reference) for result in results]


def always_abstain(results: Iterable[QuestionResult], reference: Reference) -> list[QuestionResult]:
    """The baseline that refuses every question, with the same passages found."""
    return [_rescored(result, _refusal, reference, is_never_failing=True) for result in results]


def _rescored(
    result: QuestionResult,
    instead: Callable[[Answer], Answer],
    reference: Reference,
    *,
    is_never_failing: bool = False,
) -> QuestionResult:
    nothing = Answer(result.question.question, "", abstained=True, confidence=0.0) if is_never_failing else None
    was = [answer or nothing for answer in (result.answer, *result.observed.reworded)]
    answer, *reworded = (instead(answer) if answer else None for answer in was)
    error = result.error if answer is None else None
    observed = Observation(answer, error, deeper=result.observed.deeper, reworded=tuple(reworded))
    return QuestionResult(result.question, observed, score(result.question, observed, reference))


def _top_passage(answer: Answer) -> Answer:
    if not answer.hits:
        return replace(answer, text="", abstained=False, confidence=0.0, citations=())
    top = answer.hits[0]
    passage = top.passage
    citation = Citation(
        n=1,
        article_id=passage.article_id,
        title=answer.titles.get(passage.article_id, ""),
        source=None,
        url=None,
        published=None,
        quote=passage.text,
        start=passage.start,
        end=passage.end,
        answer_start=0,
        answer_end=len(passage.text),
        verified=True,
        score=top.score,
    )
    return replace(answer, text=passage.text, abstained=False, confidence=top.score, citations=(citation,))


def _refusal(answer: Answer) -> Answer:
    return Answer(answer.question, ABSTENTION, abstained=True, confidence=0.0, hits=answer.hits)
