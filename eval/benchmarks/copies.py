"""How well copies are told from other reports of the same events: `python -m eval.benchmarks.copies`.

The stories written for training and the sample articles are the library; to them come 500 copies of some, each edited
as papers do (`eval.wire`), and 500 other stories on the same events: of another day or from another angle, rewritten by
another reporter with the same quotations, with paragraphs of the first as background, or both. All are linked in a
random order, one after the other, as adding does. The thresholds were fitted on one half of the events; the table is of
the other half. Beside it stands one MinHash signature for each whole text, its threshold fitted on the same half, and
what linking costs beside embedding. Writes `copies.md` beside this file.
"""

import sqlite3
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING
from zlib import crc32

import numpy as np

from eval.wire_set import UPDATE, Item, Original, copies_of, different, originals, text_of, updates_of
from index.article import Article
from index.copy_links import SCHEMA, link
from index.embedding import PackagedEmbedder
from index.sentences import sentences
from index.splitting import split

if TYPE_CHECKING:
    from numpy.typing import NDArray

TUNE, REPORT = 0, 1
"""The halves of the events."""
_SEED = {TUNE: 1, REPORT: 11}
_ENCODED = 100
"""Articles embedded, to compare with the time that it takes to link them."""
_SIZES = (1_000, 5_000, 20_000)

Linked = Callable[[str], set[str]]
"""From an article's id to the ids of what it is linked with."""


@dataclass
class Counts:
    """Of the items of one kind: how many there are, how many were linked to an article of their text, and to others."""

    items: int = 0
    rightly: int = 0
    wrongly: int = 0


@dataclass(frozen=True)
class Trial:
    """One half of the events, put to the test.

    Attributes:
        items: What is judged.
        articles: All articles, the originals too, in the order of adding.
        texts: By article's id, whose text it is.
    """

    items: tuple[Item, ...]
    articles: tuple[Article, ...]
    texts: Mapping[str, frozenset[str]]

    @classmethod
    def of(cls, everything: Sequence[Original], half: int) -> "Trial":
        """Draw copies and other stories from one half of the events."""
        rng = Random(_SEED[half])  # noqa: S311 - not a secret
        pool = [original for original in everything if crc32(original.event.encode()) % 2 == half]
        items = [*copies_of(pool, rng), *different(pool, rng), *updates_of(pool, rng)]
        texts = {original.article.id: text_of(original) for original in pool}
        articles = {a.id: a for a in (*(original.article for original in pool), *(item.article for item in items))}
        order = list(articles.values())
        rng.shuffle(order)
        return cls(tuple(items), tuple(order), texts | {item.article.id: item.texts for item in items})

    def counts(self, linked: Linked) -> dict[tuple[bool, str], Counts]:
        """Judge the links of every item, by whether it is a copy and its kind."""
        counts: defaultdict[tuple[bool, str], Counts] = defaultdict(Counts)
        for item in self.items:
            others = [self.texts[other] for other in linked(item.article.id)]
            count = counts[item.is_copy, item.kind]
            count.items += 1
            count.rightly += any(other & item.texts for other in others)
            count.wrongly += any(not other & item.texts for other in others)
        return dict(counts)


class Links:
    """Links articles one after the other, in a database of its own."""

    def __init__(self) -> None:
        self._db = sqlite3.connect(":memory:")
        self._db.executescript(f"CREATE TABLE articles (id TEXT PRIMARY KEY, text TEXT NOT NULL);{SCHEMA}")

    def add_all(self, articles: Iterable[Article]) -> None:
        """Add articles and link each."""
        for article in articles:
            self._db.execute("INSERT OR REPLACE INTO articles VALUES (?, ?)", (article.id, article.text))
            link(self._db, article.id, article.text)

    def of(self, article_id: str) -> set[str]:
        """The ids of an article's copies."""
        return {row[0] for row in self._db.execute("SELECT copy_id FROM copies WHERE article_id = ?", (article_id,))}


def whole_signatures(articles: Sequence[Article]) -> "NDArray[np.float64]":
    """The estimated Jaccard similarity of every two articles, from one signature of 128 values each."""
    from rensa import RMinHash

    tokens = [article.text.casefold().split() for article in articles]
    shingled = [[" ".join(words[n : n + 3]) for n in range(max(1, len(words) - 2))] for words in tokens]
    digests = np.array(RMinHash.digests_from_token_sets(shingled, 128, 1))
    return np.stack([(digests == row).mean(axis=1) for row in digests])


def by_signatures(trial: Trial, similarity: "NDArray[np.float64]", threshold: float) -> Linked:
    """Links as whole signatures give them, at a threshold."""
    alike = similarity >= threshold
    place = {article.id: n for n, article in enumerate(trial.articles)}
    ids = [article.id for article in trial.articles]
    return lambda article_id: {ids[n] for n in np.flatnonzero(alike[place[article_id]])} - {article_id}


def scores(counts: Mapping[tuple[bool, str], Counts]) -> tuple[float, float, float]:
    """Precision, recall and F1: an item with a wrong link is a false positive, a copy without a right one a miss."""
    judged = [(is_copy, count) for (is_copy, kind), count in counts.items() if kind != UPDATE]
    found = sum(count.rightly for is_copy, count in judged if is_copy)
    wrong = sum(count.wrongly for _, count in judged)
    precision, recall = found / max(found + wrong, 1), found / sum(count.items for is_copy, count in judged if is_copy)
    return precision, recall, 2 * precision * recall / max(precision + recall, 1e-9)


def linked_one_by_one(trial: Trial) -> Linked:
    """Links as adding finds them."""
    links = Links()
    links.add_all(trial.articles)
    return links.of


def recombined(everything: Sequence[Original], rng: Random) -> Iterator[Article]:
    """Articles without end, each of 12 sentences drawn from all the originals'."""
    said = [o.article.text[start:end] for o in everything for start, end in sentences(o.article.text)]
    while True:
        yield Article(f"Recombined {rng.random()}", "\n\n".join(" ".join(rng.sample(said, 3)) for _ in range(4)))


def timings(everything: Sequence[Original]) -> list[str]:
    """Milliseconds to link one more article in libraries of several sizes, and to embed it, as rows of a table."""
    source = recombined(everything, Random(3))  # noqa: S311 - not a secret
    links, embedder, rows, held = Links(), PackagedEmbedder(), [], 0
    embedder.encode_passages(["warm up"])
    for size in _SIZES:
        links.add_all(islice(source, size - held))
        more = list(islice(source, _ENCODED))
        held = size + len(more)
        linking = _milliseconds(lambda: links.add_all(more))  # noqa: B023 - called at once
        passages = [article.context + p.text for article in more for p in split(article)]
        embedding = _milliseconds(lambda: embedder.encode_passages(passages))  # noqa: B023
        rows.append(f"| {size:,} | {linking:.2f} | {embedding:.1f} | {linking / embedding:.1%} |")
    return rows


def _milliseconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1_000 / _ENCODED


def _rows(counts: Mapping[tuple[bool, str], Counts]) -> list[str]:
    rows = []
    for (is_copy, kind), count in sorted(counts.items(), key=lambda item: not item[0][0]):
        if is_copy:
            precision, recall, f1 = scores({(True, ""): count})
            figures = f"{precision:.3f} | {recall:.3f} | {f1:.3f}"
        else:
            figures = "– | – | –"
        rows.append(f"| {kind} | {count.items} | {count.wrongly} | {figures} |")
    return rows


def main() -> None:
    """Measure, and write the table."""
    everything = originals()
    trials = {half: Trial.of(everything, half) for half in (TUNE, REPORT)}
    similarity = {half: whole_signatures(trial.articles) for half, trial in trials.items()}

    def whole(half: int, threshold: float) -> tuple[float, float, float]:
        trial = trials[half]
        return scores(trial.counts(by_signatures(trial, similarity[half], threshold)))

    threshold = max(np.arange(0.05, 0.8, 0.05), key=lambda least: whole(TUNE, least)[2])
    counts = {half: trial.counts(linked_one_by_one(trial)) for half, trial in trials.items()}
    methods = {
        "sentences' signatures, texts compared": scores(counts[REPORT]),
        "the same, on the half it was fitted on": scores(counts[TUNE]),
        f"one signature a text, Jaccard {threshold:.2f} and up": whole(REPORT, threshold),
    }
    lines = [
        "# Copies",
        "",
        "Made by `python -m eval.benchmarks.copies`: 500 edited copies and 500 other stories on the same events, in a "
        f"library of {len(trials[REPORT].articles):,} articles.",
        "",
        "| | precision | recall | F1 |",
        "|---|---:|---:|---:|",
        *(f"| {name} | {p:.3f} | {r:.3f} | {f1:.3f} |" for name, (p, r, f1) in methods.items()),
        "",
        "By what was done to the text. A wrong link is one to an article of another text. An update is no part of the "
        "figures above: it is linked as a version, told from a copy by its publisher.",
        "",
        "| kind | articles | with a wrong link | precision | recall | F1 |",
        "|---|---:|---:|---:|---:|---:|",
        *_rows(counts[REPORT]),
        "",
        "One more article, of 12 sentences that stand in others too:",
        "",
        "| articles in the library | ms to link | ms to embed | share |",
        "|---:|---:|---:|---:|",
        *timings(everything),
    ]
    Path(__file__).with_suffix(".md").write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
