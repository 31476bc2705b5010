"""Why an answer counted wrong, in a few words, and which wrong answers are the worst."""

from collections.abc import Sequence

from eval.matching import holds, holds_any
from eval.metrics.citations import JOINT_WORDS
from eval.runner import QuestionResult


def why_wrong(result: QuestionResult) -> str:
    """Say why an answer is not right; empty if it is."""
    if result.scores.right or result.answer is None:
        return "" if result.scores.right else "ended in an error"
    if not result.question.answerable:
        return "answered what the articles do not say"
    if result.question.retrieval_only:
        return "no relevant passage among the first five"
    if result.answer.abstained:
        return f"refused, though {_found(result)}"
    if not holds_any(result.answer.text, result.question.answers):
        return _wrong_answer(result)
    return _badly_supported(result)


def worst(results: Sequence[QuestionResult], count: int) -> list[QuestionResult]:
    """The worst results: errors first, then wrong answers, the surest first, then refusals, the least sure first."""
    wrong = [result for result in results if not result.scores.right]
    return sorted(wrong, key=_badness)[:count]


def _badness(result: QuestionResult) -> tuple[int, float, str]:
    if result.answer is None:
        return 0, 0.0, result.question.id
    if result.answer.abstained:
        return 2, result.answer.confidence, result.question.id
    return 1, -result.answer.confidence, result.question.id


def _wrong_answer(result: QuestionResult) -> str:
    text = result.answer.text if result.answer else ""
    for value in result.question.superseded:
        if holds(text, value):
            return f"gave the superseded “{value}”"
    return f"wrong answer, though {_found(result)}"


def _found(result: QuestionResult) -> str:
    relevant = result.scores.relevant
    if not any(relevant):
        return "the articles say (no relevant passage was found)"
    return f"a relevant passage was found, at rank {relevant.index(True) + 1}"


def _badly_supported(result: QuestionResult) -> str:
    citations = result.answer.citations if result.answer else ()
    if result.scores.values["citation_right"]:
        return f"right answer in more than {JOINT_WORDS} words"
    if not citations:
        return "right answer without a citation"
    if not any(citation.article_id in result.question.right_articles for citation in citations):
        return "right answer, cited from another article"
    if not all(result.scores.resolved):
        return "right answer, but a citation does not resolve"
    return "right answer, but the quote does not hold it"
