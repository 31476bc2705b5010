"""Asking the questions with each combination of settings, unless that was done before."""

import math
from collections.abc import Sequence
from dataclasses import replace

from assistant.assistant import Assistant, open_library
from assistant.settings import Settings
from eval.gold import GoldQuestion
from eval.paired import Paired, Run, compare, of_means
from eval.runner import QuestionResult, System, run
from eval.scorecard import Scorecard, scorecard
from eval.scores import Reference, Scores, score
from eval.subject import subject_of
from eval.sweeping.cache import Cache, Recorded
from index.article import Article


def ask(
    settings: Settings, articles: Sequence[Article], questions: Sequence[GoldQuestion], cache: Cache
) -> tuple[list[Recorded], float, bool]:
    """How the questions come out with these settings.

    They are asked without a threshold: what a threshold refuses follows from the confidence. With a chat model it does
    not, because a model may refuse too; it is then asked anew.

    Returns:
        The results, the threshold in use, and whether they were known.
    """
    settings = settings.model_copy(update={"chroma_url": None, "library": cache.library(settings)})
    known = cache.recorded(settings)
    library = open_library(settings)
    try:
        open_ = settings if settings.chat_model else settings.model_copy(update={"threshold": 0.0})
        assistant = Assistant(library, open_)
        threshold = settings.threshold if settings.threshold is not None else assistant.reader.threshold
        if known is not None:
            return known, threshold, True
        library.add(articles)
        assistant.warm_up()
        subject = subject_of(assistant)
        system = System(subject.system.ask, subject.system.search)
        asked = run(questions, system, subject.reference, k=settings.k)
        results = [_recorded(result, subject.reference) for result in asked]
    finally:
        library.close()
    cache.record(settings, results)
    return results, threshold, False


def _recorded(result: QuestionResult, reference: Reference) -> Recorded:
    observed, given = result.observed, result.scores
    refusal = observed.answer and replace(observed.answer, abstained=True, citations=())
    refused = score(result.question, replace(observed, answer=refusal, reworded=()), reference)
    sure = None if math.isnan(given.confidence) else given.confidence
    values = dict(given.values), dict(refused.values)
    return Recorded(result.question.id, sure, observed.latency_ms or 0.0, *values, given.abstained)


def with_threshold(questions: Sequence[GoldQuestion], results: Sequence[Recorded], threshold: float) -> list[Scores]:
    """The scores of the questions where what is less sure than the threshold is refused."""
    return [_scores(question, result, threshold) for question, result in zip(questions, results, strict=True)]


def _scores(question: GoldQuestion, result: Recorded, threshold: float) -> Scores:
    failed = result.confidence is None
    refused = not failed and (result.is_refusal or (result.confidence or 0.0) < threshold)
    values = result.refused if refused else result.given
    values = {name: value for name, value in values.items() if name != "consistency"}
    sure = math.nan if result.confidence is None else result.confidence
    right = values.get("joint", values.get("success@5")) == 1 if question.answerable else refused
    return Scores(question.answerable, refused, failed, right, sure, result.latency_ms, values)


def figures(questions: Sequence[GoldQuestion], scores: Sequence[Scores]) -> Scorecard:
    """The scorecard of a trial."""
    return scorecard(scores, [question.about for question in questions])


def paired(questions: Sequence[GoldQuestion], before: Sequence[Scores], now: Sequence[Scores], metric: str) -> Paired:
    """A trial against the settings as they are, question by question."""
    runs: tuple[Run, Run] = (
        of_means([scores.values.get(metric) for scores in before]),
        of_means([scores.values.get(metric) for scores in now]),
    )
    return compare([question.about for question in questions], {metric: runs})[metric]
