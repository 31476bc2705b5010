"""What was computed before: libraries, and how each question came out."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

from assistant.settings import Settings
from eval.files import write_whole
from eval.gold import GoldQuestion
from eval.sweeping.grid import ASKING, INDEXING
from index.article import Article

_ROOT = Path(__file__).parents[2]
_CODE = ("assistant", "index", "eval/metrics")


@dataclass(frozen=True)
class Recorded:
    """How a question came out, whatever the threshold is.

    Attributes:
        id: The question's.
        confidence: How sure the best answer was; None after an error.
        latency_ms: How long it took.
        given: Metrics of the best answer found.
        refused: Metrics of a refusal.
        is_refusal: Whether nothing could be answered at any threshold.
    """

    id: str
    confidence: float | None
    latency_ms: float
    given: Mapping[str, float | None]
    refused: Mapping[str, float | None]
    is_refusal: bool


class Cache:
    """Results in a folder, under digests of all that they follow from: articles, questions, settings and code.

    Args:
        folder: Where they lie.
        articles: What is searched.
        questions: What is asked.
    """

    def __init__(self, folder: Path, articles: Sequence[Article], questions: Sequence[GoldQuestion]) -> None:
        self._folder = folder
        self._articles = sorted(article.id for article in articles)
        self._questions = [[q.id, q.question, q.answers, q.quote, q.right_articles, q.also_asked] for q in questions]

    def library(self, settings: Settings) -> Path:
        """The folder of the library that these settings need."""
        return self._folder / f"library-{_digest([self._articles, _parts(settings, INDEXING), _code()])}"

    def recorded(self, settings: Settings) -> list[Recorded] | None:
        """How the questions came out with these settings; None where they were not asked yet."""
        try:
            rows: list[dict[str, Any]] = json.loads(self._file(settings).read_text("utf-8"))
            return [Recorded(**row) for row in rows]
        except (OSError, ValueError, TypeError):
            return None

    def record(self, settings: Settings, results: Sequence[Recorded]) -> None:
        """Keep how they came out."""
        write_whole(self._file(settings), json.dumps([asdict(result) for result in results]))

    def _file(self, settings: Settings) -> Path:
        names = [name for name in (*INDEXING, *ASKING) if name != "threshold" or settings.chat_model]
        made = [self._articles, self._questions, _parts(settings, names), _code()]
        return self._folder / f"answers-{_digest(made)}.json"


def _parts(settings: Settings, names: Sequence[str]) -> dict[str, Any]:
    told = settings.model_dump(mode="json")
    return {name: told[name] for name in names}


def _digest(made: object) -> str:
    return sha256(json.dumps(made, sort_keys=True).encode()).hexdigest()[:16]


@cache
def _code() -> str:
    """A digest of the code that answers, and of its weights."""
    found = sha256()
    for package in _CODE:
        for file in sorted((_ROOT / package).rglob("*")):
            if file.suffix in (".py", ".json", ".onnx", ".safetensors", ".md"):
                found.update(file.read_bytes())
    return found.hexdigest()[:16]
