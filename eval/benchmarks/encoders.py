"""What adding costs beside encoding, and both encoders: `python -m eval.benchmarks.encoders [PASSAGES]`.

On the passages of the sample articles, repeated under numbered titles until there are enough (500 unless told
otherwise), in the same run: passages a second of `Library.add`, with each packaged encoder, and of a bare
`SentenceTransformer.encode` with its default settings and at its best batch size; the cosine of the vectors to the
model's own; and hit@1 and MRR@10 of the vectors alone on the gold questions. The rounds take turns, and the best of
each counts. Writes `encoders.md` beside this file.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
from numpy.typing import NDArray

from eval.command import ARTICLES, GOLD
from eval.gold import load_native
from eval.right_articles import with_right_articles
from index.article import Article
from index.embedding import INT8_MODEL, Embedder, PackagedEmbedder
from index.library import Library
from index.load import Failure, read
from index.splitting import split

_PASSAGES, _ROUNDS, _K = 500, 2, 10
_BATCHES = (8, 16, 32, 64)


def articles(passages: int) -> list[Article]:
    """The sample articles, again and again, until they are cut into so many passages."""
    samples = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    found: list[Article] = []
    count = copy = 0
    while count < passages:
        for sample in samples:
            article = replace(sample, title=f"{sample.title} ({copy})" if copy else sample.title, url=None, origin=None)
            found.append(article)
            count += len(split(article))
            if count >= passages:
                break
        copy += 1
    return found


def retrieval(embedder: Embedder) -> tuple[float, float]:
    """hit@1 and MRR@10 of the vectors alone, on the sample articles' answerable questions."""
    samples = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    cut = [(article, passage) for article in samples for passage in split(article)]
    asked = with_right_articles(load_native(GOLD), samples, ARTICLES)
    asked = [question for question in asked if question.right_articles and not question.history]
    vectors = embedder.encode_passages([article.context + passage.text for article, passage in cut])
    cosines = embedder.encode_questions([question.question for question in asked]) @ vectors.T
    ranks = []
    for question, row in zip(asked, cosines, strict=True):
        best = np.argsort(-row, kind="stable")[:_K]
        ranks.append(next((n for n, i in enumerate(best, start=1) if cut[i][0].id in question.right_articles), 0))
    return sum(rank == 1 for rank in ranks) / len(ranks), sum(1 / rank for rank in ranks if rank) / len(ranks)


def main(passages: int) -> None:
    """Measure, and write the table."""
    from sentence_transformers import SentenceTransformer

    given = articles(passages)
    texts = [article.context + passage.text for article in given for passage in split(article)]
    packaged = {"fp32": PackagedEmbedder(), "int8": PackagedEmbedder(INT8_MODEL)}
    plain = SentenceTransformer(str(packaged["fp32"].folder), device="cpu")

    def encode(batch: int | None) -> NDArray[np.float32]:
        vectors: NDArray[np.float32] = plain.encode(texts) if batch is None else plain.encode(texts, batch_size=batch)
        return vectors

    def add(embedder: Embedder) -> None:
        with TemporaryDirectory() as folder:
            library = Library(Path(folder), embedder)
            library.add(given)
            library.close()

    for embedder in packaged.values():
        embedder.encode_passages(texts[:8])
    plain.encode(texts[:8])
    few = texts[:64]
    speeds = {batch: _seconds(lambda batch=batch: plain.encode(few, batch_size=batch)) for batch in _BATCHES}  # type: ignore[misc]
    best = min(speeds, key=lambda batch: speeds[batch])
    runs: dict[str, Callable[[], object]] = {
        "`SentenceTransformer.encode`, default settings": lambda: encode(None),
        f"`SentenceTransformer.encode`, batches of {best}": lambda: encode(best),
        "packaged encoder, fp32": lambda: packaged["fp32"].encode_passages(texts),
        "packaged encoder, int8": lambda: packaged["int8"].encode_passages(texts),
        "`Library.add`, fp32": lambda: add(packaged["fp32"]),
        "`Library.add`, int8": lambda: add(packaged["int8"]),
    }
    took = {name: float("inf") for name in runs}
    for _ in range(_ROUNDS):
        for name, run in runs.items():
            took[name] = min(took[name], _seconds(run))
    bare = min(seconds for name, seconds in took.items() if "encode`" in name)
    lines = [
        "# What adding costs, and the encoders",
        "",
        f"Made by `python -m eval.benchmarks.encoders` on two cores: {len(texts)} passages, the best of {_ROUNDS} "
        "rounds that take turns.",
        "",
        "| | passages a second | to the best bare encoding |",
        "|---|---:|---:|",
        *(f"| {name} | {len(texts) / seconds:.1f} | {bare / seconds:.2f} |" for name, seconds in took.items()),
        "",
        "| vectors alone | cosine to fp32: mean, least | hit@1 | MRR@10 |",
        "|---|---:|---:|---:|",
    ]
    own = packaged["fp32"].encode_passages(texts[:_PASSAGES])
    for name, embedder in packaged.items():
        cosines = (embedder.encode_passages(texts[:_PASSAGES]) * own).sum(axis=1)
        hit, mrr = retrieval(embedder)
        lines.append(f"| {name} | {cosines.mean():.4f}, {cosines.min():.4f} | {hit:.3f} | {mrr:.3f} |")
    Path(__file__).with_suffix(".md").write_text("\n".join([*lines, ""]), encoding="utf-8")


def _seconds(run: Callable[[], object]) -> float:
    began = time.perf_counter()
    run()
    return time.perf_counter() - began


if __name__ == "__main__":
    main(int(sys.argv[1]) if sys.argv[1:] else _PASSAGES)
