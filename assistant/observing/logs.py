"""The server's log: a JSON object a line. It says who asked what of which route, never the words, unless asked to."""

import json
import logging
import sys
from datetime import UTC, datetime
from typing import Any, TextIO

from langchain_core.callbacks import BaseCallbackHandler

from assistant.answer import Answer
from assistant.api.request_ids import request_id

_ANSWERS = logging.getLogger("dateline.answers")
EVENT = "event"
"""The attribute of a log record that holds further members of its line."""


class JsonLines(logging.Formatter):
    """Writes a record as JSON: when, how bad, from where, under which request, and what."""

    def format(self, record: logging.LogRecord) -> str:
        """The line."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage(),
        }
        if identity := request_id():
            line["request_id"] = identity
        line |= getattr(record, EVENT, {})
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False, default=str)


def log_as_json(stream: TextIO | None = None) -> None:
    """Have the process log to standard error as JSON: its own events, and warnings of the libraries it uses."""
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=logging.WARNING, handlers=[handler], force=True)
    logging.getLogger("dateline").setLevel(logging.INFO)


class AnswerLog(BaseCallbackHandler):
    """Logs each answer.

    Args:
        with_content: Whether questions and answers are logged too.
    """

    run_inline = True

    def __init__(self, with_content: bool = False) -> None:
        self._with_content = with_content

    def on_chain_end(self, outputs: Any, *, parent_run_id: Any = None, **_: Any) -> None:
        """Log what the whole chain answered."""
        if parent_run_id is not None or not isinstance(outputs, Answer):
            return
        event: dict[str, Any] = {
            "abstained": outputs.abstained,
            "confidence": round(outputs.confidence, 4),
            "citations": len(outputs.citations),
            "answered_by": outputs.answered_by,
            "index_id": outputs.index_id,
            "timings_ms": outputs.timings_ms,
        }
        if self._with_content:
            event |= {"question": outputs.question, "answer": outputs.text}
        _ANSWERS.info("answered", extra={EVENT: event})
