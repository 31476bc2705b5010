"""The reports that evaluations wrote, read back: which there are, their figures, and the questions answered worst."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import UnknownReportError

_LATEST = "latest"


@dataclass(frozen=True)
class ReportSummary:
    """A report in a list.

    Attributes:
        id: The name of its folder; `latest` for the one that lies in the reports' folder itself.
        made: When it was written (ISO 8601).
        questions: How many questions were asked.
        right: How many were answered right.
        overall: The figures over all questions, each with its interval.
    """

    id: str
    made: str
    questions: int
    right: int
    overall: dict[str, Any]


class Reports:
    """Reports in a folder and the folders in it, as `dateline eval --out` writes them.

    Args:
        folder: Where they lie; it may be missing.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def all(self) -> list[ReportSummary]:
        """All that can be read, the newest first."""
        summaries = [summary for name, path in self._paths().items() if (summary := _summary(name, path))]
        return sorted(summaries, key=lambda summary: (summary.made, summary.id), reverse=True)

    def figures(self, report_id: str) -> dict[str, Any]:
        """The content of its `report.json`.

        Raises:
            UnknownReportError: There is no such report.
        """
        figures = _read(self._path(report_id))
        if figures is None:
            raise _unknown(report_id)
        return figures

    def wrong(self, report_id: str, limit: int) -> list[dict[str, Any]]:
        """Questions that were answered wrong, the surest answers first, as lines of its `results.jsonl`.

        Raises:
            UnknownReportError: There is no such report.
        """
        path = self._path(report_id).with_name("results.jsonl")
        if not path.is_file():
            return []
        lines = (json.loads(line) for line in path.read_text(encoding="utf-8").split("\n") if line.strip())
        wrong = [line for line in lines if not line.get("right")]
        return sorted(wrong, key=lambda line: -(line.get("confidence") or 0.0))[:limit]

    def _path(self, report_id: str) -> Path:
        path = self._paths().get(report_id)  # looked up, never put together: an id is no path
        if path is None:
            raise _unknown(report_id)
        return path

    def _paths(self) -> dict[str, Path]:
        paths = {path.parent.name: path for path in sorted(self._folder.glob("*/report.json"))}
        own = self._folder / "report.json"
        return {**paths, _LATEST: own} if own.is_file() else paths


def _summary(name: str, path: Path) -> ReportSummary | None:
    figures = _read(path)
    if figures is None:
        return None
    made = datetime.fromtimestamp(path.stat().st_mtime, UTC).isoformat(timespec="seconds")
    overall = figures.get("metrics", {}).get("overall", {})
    return ReportSummary(name, made, int(figures.get("questions", 0)), int(figures.get("right", 0)), overall)


def _read(path: Path) -> dict[str, Any] | None:
    """The report; None where it is half written or none."""
    try:
        figures = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return figures if isinstance(figures, dict) else None


def _unknown(report_id: str) -> UnknownReportError:
    return UnknownReportError(
        f"There is no eval report {report_id!r}. Reports lie in the folder DATELINE_REPORTS; make one: dateline eval"
    )
