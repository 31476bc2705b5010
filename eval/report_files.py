"""The report's files: `report.json`, `results.jsonl` (a line a question) and `report.md`."""

import json
import math
from dataclasses import asdict
from pathlib import Path

from eval import bootstrap
from eval.files import write_whole
from eval.report import Report
from eval.report_markdown import markdown
from eval.runner import QuestionResult
from eval.scorecard import Scorecard
from eval.verdict import why_wrong

_HITS_SHOWN = 10


def write(report: Report, folder: Path) -> None:
    """Write `report.json`, `results.jsonl` and `report.md` into a folder, making it where needed.

    Each file is written beside its place and then renamed: a reader sees the old one or the new one, never a half.
    """
    folder.mkdir(parents=True, exist_ok=True)
    lines = (json.dumps(result_line(result), ensure_ascii=False, allow_nan=False) for result in report.results)
    write_whole(folder / "results.jsonl", "".join(f"{line}\n" for line in lines))
    write_whole(folder / "report.md", markdown(report))
    figures = json.dumps(report_figures(report), ensure_ascii=False, allow_nan=False, indent=2)
    write_whole(folder / "report.json", f"{figures}\n")


def report_figures(report: Report) -> dict[str, object]:
    """The content of `report.json`."""
    return {
        "metrics": {
            "overall": _plain(report.overall),
            "by_kind": {kind: _plain(figures) for kind, figures in report.by_kind.items()},
            "by_split": {split: _plain(figures) for split, figures in report.by_split.items()},
        },
        "baselines": {name: _plain(figures) for name, figures in report.baselines.items()},
        "settings": dict(report.settings),
        "questions": len(report.results),
        "answerable": sum(result.question.answerable for result in report.results),
        "right": sum(result.scores.right for result in report.results),
        "errors": [result.question.id for result in report.results if result.error is not None],
        "bootstrap": {"resamples": bootstrap.RESAMPLES, "seed": bootstrap.SEED, "level": bootstrap.LEVEL},
    }


def result_line(result: QuestionResult) -> dict[str, object]:
    """The content of a line of `results.jsonl`."""
    question, answer, scores = result.question, result.answer, result.scores
    citations = zip(answer.citations if answer else (), scores.resolved, strict=True)
    supporting = scores.supporting or (None,) * len(scores.resolved)
    hits = answer.hits[:_HITS_SHOWN] if answer else ()
    relevant = scores.relevant or (None,) * len(hits)
    return {
        "id": question.id,
        "kind": question.kind,
        "split": question.split,
        "about": question.about,
        "question": question.question,
        "history": [asdict(turn) for turn in question.history],
        "expected": list(question.answers),
        "right_articles": list(question.right_articles),
        "answer": answer.text if answer else None,
        "note": answer.note if answer else None,
        "abstained": scores.abstained,
        "confidence": _number(answer.confidence) if answer else None,
        "citations": [
            {
                "article_id": citation.article_id,
                "title": citation.title,
                "quote": citation.quote,
                "start": citation.start,
                "end": citation.end,
                "resolves": resolves,
                "right": right,
            }
            for (citation, resolves), right in zip(citations, supporting, strict=True)
        ],
        "hits": [
            {
                "rank": rank,
                "article_id": hit.passage.article_id,
                "passage_id": hit.passage.id,
                "start": hit.passage.start,
                "end": hit.passage.end,
                "score": _number(hit.score),
                "relevant": is_relevant,
            }
            for rank, (hit, is_relevant) in enumerate(zip(hits, relevant, strict=False), start=1)
        ],
        "metrics": dict(scores.values),
        "right": scores.right,
        "why": why_wrong(result),
        "error": result.error,
        "latency_ms": None if scores.latency_ms is None else round(scores.latency_ms, 1),
    }


def _number(value: float) -> float | None:
    """The number as JSON can hold it: NaN and infinities are null."""
    return float(value) if math.isfinite(value) else None


def _plain(figures: Scorecard) -> dict[str, dict[str, float | int | None]]:
    return {name: asdict(estimate) for name, estimate in figures.items()}
