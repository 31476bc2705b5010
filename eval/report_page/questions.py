"""What the page's script shows of every question, as JSON that is safe within a page."""

from collections.abc import Mapping
from typing import Any

from assistant.answer import Citation
from eval.gate import GateResult
from eval.gate_table import told
from eval.page_files import safe_json
from eval.report import Report
from eval.report_files import result_line
from eval.runner import QuestionResult


def page_data(report: Report, change: GateResult | None) -> str:
    """The questions, and the passages and titles that they point to, each once."""
    passages: dict[str, dict[str, object]] = {}
    titles: dict[str, str] = {}
    before = {item.id: f"{item.direction}, before: {told(item.before)}" for item in change.changes} if change else {}
    questions = []
    for result in report.results:
        if result.answer:
            titles |= result.answer.titles
            for hit in result.answer.hits:
                passage = hit.passage
                passages[passage.id] = {"article": passage.article_id, "start": passage.start, "text": passage.text}
        questions.append(_question(result, before.get(result.question.id)))
    return safe_json({"questions": questions, "passages": passages, "titles": titles})


def outcome(result: QuestionResult) -> str:
    """`right`, `wrong`, `refused` (though the articles say) or `error`."""
    if result.answer is None:
        return "error"
    if result.scores.right:
        return "right"
    return "refused" if result.answer.abstained else "wrong"


def _question(result: QuestionResult, before: str | None) -> Mapping[str, object]:
    line: dict[str, Any] = result_line(result)
    kept = (
        "id", "kind", "split", "question", "history", "expected", "answer", "note", "abstained", "confidence", "why",
        "error", "metrics",
    )  # fmt: skip
    citations = result.answer.citations if result.answer else ()
    return {
        **{name: line[name] for name in kept},
        "outcome": outcome(result),
        "before": before,
        "citations": [
            {**cited, "passage": _passage(result, citation)}
            for cited, citation in zip(line["citations"], citations, strict=True)
        ],
        "hits": [
            {"passage": hit["passage_id"], "score": hit["score"], "relevant": hit["relevant"]} for hit in line["hits"]
        ],
    }


def _passage(result: QuestionResult, citation: Citation) -> str | None:
    """The passage found that holds a citation's quote; None where none does."""
    for hit in result.answer.hits if result.answer else ():
        passage = hit.passage
        if passage.article_id == citation.article_id and passage.start <= citation.start <= citation.end <= passage.end:
            return passage.id
    return None
