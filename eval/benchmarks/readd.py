"""How long adding a folder again takes: `python -m eval.benchmarks.readd`.

Makes 10,000 files, each an article of twelve sentences of the sample articles, about as many as these have. The first
300 are added with the real model, and the rate they are added at is taken for all; the vectors of the others come from
a seeded generator, because what is measured is what happens afterwards: adding and syncing the folder again as it is,
with every file touched, and with one changed. Writes `readd.md` beside this file.
"""

import json
import os
import random
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from eval.command import ARTICLES
from index.article import Article
from index.embedding import ModelIdentity, PackagedEmbedder
from index.library import Library
from index.load import read
from index.mirror import Mirrored, add_files, mirror
from index.sentences import sentences

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FILES, REAL, SENTENCES = 10_000, 300, 12


class SeededVectors:
    """Vectors that cost nothing, under the name of the real model."""

    def __init__(self, identity: ModelIdentity) -> None:
        self.identity = identity

    def encode_passages(self, texts: Sequence[str]) -> "NDArray[np.float32]":
        """Random unit vectors, as many as there are texts."""
        import numpy as np

        vectors = np.random.default_rng(len(texts)).normal(size=(len(texts), self.identity.dimension))
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        return vectors.astype(np.float32)

    encode_questions = encode_passages


def make_files(folder: Path) -> None:
    """Write the articles, each under a title of its own, in a hundred folders."""
    pool = [
        " ".join(item.text[start:end].split())
        for item in read([ARTICLES])
        if isinstance(item, Article)
        for start, end in sentences(item.text)
    ]
    chance = random.Random(0)  # noqa: S311 - news, not secrets
    for number in range(FILES):
        file = folder / f"{number // 100:02}" / f"{number:05}.json"
        file.parent.mkdir(parents=True, exist_ok=True)
        text = "\n\n".join(chance.choice(pool) for _ in range(SENTENCES))
        article = {"title": f"Report number {number} from Veskary", "text": text, "source": "Sample Courier"}
        file.write_text(json.dumps(article), encoding="utf-8")


def seconds(run: Callable[[], object]) -> float:
    """How long a call takes."""
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


def command(library: Path, *words: str) -> float:
    """How long a command takes, from nothing to its end."""
    line = [sys.executable, "-c", "from assistant.cli import main; main()", "--library", str(library), *words]
    return seconds(lambda: subprocess.run(line, check=True, capture_output=True))  # noqa: S603 - our own command


def unchanged(done: Mirrored) -> None:
    """Make sure that nothing was done, and nothing overlooked."""
    if done.is_change or done.unchanged != FILES:
        raise AssertionError(f"{done.unchanged} unchanged, {len(done.added)} added")


def main() -> None:
    """Measure, and write the table."""
    model = PackagedEmbedder()
    model.encode_passages(["warm up"])
    with TemporaryDirectory() as scratch:
        folder, place = Path(scratch, "news"), Path(scratch, "library")
        make_files(folder)
        parts = sorted(folder.iterdir())
        with Library(place, model) as library:
            part = seconds(lambda: add_files(library, parts[: REAL // 100]))
            passages = library.status().passages
        with Library(place, SeededVectors(model.identity)) as library:
            rest = seconds(lambda: add_files(library, [folder]))
        first = part / REAL * FILES
        rows: dict[str, float] = {}
        with Library(place, model) as library:
            rows["added again"] = min(seconds(lambda: unchanged(add_files(library, [folder]))) for _ in range(3))
            rows["synced again"] = min(seconds(lambda: unchanged(mirror(library, folder))) for _ in range(3))
        rows["`dateline add` again, the whole command"] = command(place, "add", str(folder))
        rows["`dateline sync` again, the whole command"] = command(place, "sync", str(folder))
        with Library(place, model) as library:
            for file in folder.rglob("*.json"):
                os.utime(file)
            rows["synced, every file touched: all are hashed"] = seconds(lambda: unchanged(mirror(library, folder)))
            some = folder / "42" / "04242.json"
            some.write_text(some.read_text(encoding="utf-8").replace("4242", "4242, corrected,"), encoding="utf-8")
            rows["synced, one file changed"] = seconds(lambda: mirror(library, folder))
    lines = [
        "# How long adding a folder again takes",
        "",
        f"Made by `python -m eval.benchmarks.readd` on two cores: {FILES:,} files of {SENTENCES} sentences of the",
        f"sample articles. The first {REAL} were added with the real model, in {part:.1f} s",
        f"({passages / part:.0f} passages a second); all would take {first:.0f} s at that rate. The others were added",
        f"with vectors from a seeded generator, in {rest:.0f} s.",
        "",
        "| | seconds | of the first add |",
        "|---|---:|---:|",
        f"| first add, {FILES:,} files (from the rate of {REAL}) | {first:.0f} | 100% |",
        *(f"| {name} | {took:.2f} | {took / first:.2%} |" for name, took in rows.items()),
    ]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
