"""How long an answer takes with many passages indexed: `python -m eval.benchmarks.speed DATA FOLDER`.

Indexes the paragraphs of all SQuADShifts sets in FOLDER (once; minutes) until there are 10,000 passages, and asks 200
of the gold questions after a warm-up. In the same run it asks as one would build it from the usual parts: the question
encoded by `sentence-transformers` in torch, and the same passages read by a `transformers` question-answering model of
the same size in fp32. Writes `speed.md` beside this file.
"""

import statistics
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from rich.progress import Progress

from assistant.answer import Question
from assistant.assistant import Assistant, open_library
from assistant.chain import build_chain
from assistant.reader.named import NamedReader
from assistant.settings import load_settings
from eval.command import ARTICLES, GOLD
from eval.gold import load_native
from eval.squad import load_squad
from index.article import Article
from index.embedding import PackagedEmbedder, SentenceTransformerEmbedder
from index.library import Library
from index.load import Failure, read

PASSAGES, QUESTIONS = 10_000, 200
_BATCH = 200


def _articles(data: Path) -> Iterator[Article]:
    """The sample articles, then the paragraphs of the sets; then these again as others, under numbered titles."""
    yield from (item for item in read([ARTICLES]) if not isinstance(item, Failure))
    sets = [load_squad(data / f"squadshifts-{name}.json.gz")[0] for name in ("new-wiki", "reddit", "amazon")]
    for copy in range(1, 9):
        for articles in sets:
            for article in articles:
                text = article.text if copy == 1 else " ".join(reversed(article.text.split(". ")))
                yield Article(title=article.title if copy == 1 else f"{article.title} ({copy})", text=text)


def fill(library: Library, data: Path) -> None:
    """Add articles until there are enough passages."""
    source = _articles(data)
    with Progress() as progress:
        shown = progress.add_task("Indexing", total=PASSAGES)
        while (passages := library.status().passages) < PASSAGES:
            progress.update(shown, completed=passages)
            library.add(list(islice(source, _BATCH)))


def timed(ask: Callable[[str], object], questions: list[str]) -> list[float]:
    """Milliseconds of each question, after five to warm up."""
    for question in questions[:5]:
        ask(question)
    took = []
    for question in questions:
        began = time.perf_counter()
        ask(question)
        took.append((time.perf_counter() - began) * 1000)
    return took


def untrained(folder: Path) -> NamedReader:
    """A question-answering model of the reader's size, as `transformers` runs it; what it answers does not matter."""
    from transformers import AutoTokenizer, BertConfig, BertForQuestionAnswering

    AutoTokenizer.from_pretrained(str(PackagedEmbedder().folder), model_max_length=256).save_pretrained(folder)
    config = BertConfig(hidden_size=384, num_hidden_layers=6, num_attention_heads=12, intermediate_size=1536)
    BertForQuestionAnswering(config).save_pretrained(folder)
    return NamedReader(str(folder))


def cold_start(library: Path) -> float:
    """Seconds that `dateline ask` takes from nothing to the printed answer; the best of three."""
    command = [
        str(Path(sys.executable).with_name("dateline")),
        "--library",
        str(library),
        "ask",
        "Who met Natalie Baker?",
    ]
    took = []
    for _ in range(3):
        began = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True)  # noqa: S603 - our own command
        took.append(time.perf_counter() - began)
    return min(took)


def main(data: Path, folder: Path) -> None:
    """Measure, and write the table."""
    settings = load_settings(library=folder)
    library = open_library(settings)
    fill(library, data)
    questions = [q.question for q in load_native(GOLD) if not q.history][:: max(1, 600 // QUESTIONS)][:QUESTIONS]
    assistant = Assistant(library, settings)
    reading: list[float] = []

    def ours(question: str) -> None:
        reading.append(assistant.ask(Question(question)).timings_ms["read"])

    took = timed(ours, questions)
    passages = library.status().passages
    library.close()
    cold = cold_start(folder)
    with TemporaryDirectory() as scratch:
        slow = Library(folder, _SameVectors())
        chain = build_chain(slow, untrained(Path(scratch)), threshold=0.0)
        plain = timed(chain.invoke, questions)
        slow.close()
    rows = {
        "Dateline, question to verified answer": took,
        "of these, reading": reading[5:],
        "sentence-transformers and transformers instead": plain,
    }
    ratio = statistics.median(took) / statistics.median(plain)
    lines = [
        "# How long an answer takes",
        "",
        f"Made by `python -m eval.benchmarks.speed DATA FOLDER` on two cores: {len(questions)} gold questions, "
        f"{passages:,} passages.",
        "",
        "| | p50 ms | p95 ms |",
        "|---|---:|---:|",
        *(f"| {name} | {np.percentile(ms, 50):.0f} | {np.percentile(ms, 95):.0f} |" for name, ms in rows.items()),
        "",
        f"Dateline takes {ratio:.2f} times as long. `dateline ask` from nothing: {cold:.1f} s.",
    ]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


class _SameVectors(SentenceTransformerEmbedder):
    """The packaged model as `sentence-transformers` runs it; its vectors fit the same library."""

    def __init__(self) -> None:
        packaged = PackagedEmbedder()
        super().__init__(str(packaged.folder))
        self.identity = packaged.identity


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
