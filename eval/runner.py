"""Asking every question, and the two baselines that the answers are compared with."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from rich.console import Console
from rich.progress import track

from assistant.answer import ABSTENTION, Answer, Citation, Question
from eval.gold import GoldQuestion
from eval.metrics import ArticleText
from eval.scores import Scores, score

Ask = Callable[[Question], Answer]


@dataclass(frozen=True)
class QuestionResult:
    """What came of one question.

    Attributes:
        question: The question.
        answer: What was answered; None after an error.
        error: The error's kind and message; None where there was none.
        scores: How the answer did.
    """

    question: GoldQuestion
    answer: Answer | None
    error: str | None
    scores: Scores


def run(
    questions: Sequence[GoldQuestion],
    ask: Ask,
    article_text: ArticleText,
    *,
    k: int = Question.k,
    progress: bool | None = None,
) -> Iterator[QuestionResult]:
    """Ask every question, one after another.

    An exception raised by one question is its result, an error, and the rest goes on. The time of an answer is that
    of the whole call, errors included.

    Args:
        questions: What to ask.
        ask: Answers a question.
        article_text: Gives an article's stored text, or None.
        k: How many passages are retrieved, as in use. Where it is below 10, a passage behind it is not found for
            MRR@10 either.
        progress: Whether to show a progress bar on standard error; None: where that is a terminal.

    Yields:
        A result for each question, in order.
    """
    console = Console(stderr=True)
    shown = console.is_terminal if progress is None else progress
    for question in track(questions, "Asking", console=console, disable=not shown, transient=True):
        answer: Answer | None = None
        error: str | None = None
        started = time.perf_counter()
        try:
            answer = ask(Question(question.question, history=question.history, k=k))
        except Exception as raised:
            error = f"{type(raised).__name__}: {raised}"
        latency_ms = (time.perf_counter() - started) * 1000
        scores = score(question, answer, article_text=article_text, latency_ms=latency_ms)
        yield QuestionResult(question, answer, error, scores)


def copy_top_passage(results: Iterable[QuestionResult], article_text: ArticleText) -> list[QuestionResult]:
    """The baseline that answers with the first passage found, whole, and cites it.

    It never refuses; its confidence is the first hit's score, 0 without a hit. A question that ended in an error ends
    in one here too: what was found is not known.
    """
    return [
        _rescored(result, None if result.answer is None else _top_passage(result.answer), article_text)
        for result in results
    ]


def always_abstain(results: Iterable[QuestionResult], article_text: ArticleText) -> list[QuestionResult]:
    """The baseline that refuses every question, with the same passages found."""
    return [_rescored(result, _refusal(result), article_text) for result in results]


def _rescored(result: QuestionResult, answer: Answer | None, article_text: ArticleText) -> QuestionResult:
    error = result.error if answer is None else None
    return QuestionResult(result.question, answer, error, score(result.question, answer, article_text=article_text))


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


def _refusal(result: QuestionResult) -> Answer:
    hits = result.answer.hits if result.answer else ()
    return Answer(result.question.question, ABSTENTION, abstained=True, confidence=0.0, hits=hits)
