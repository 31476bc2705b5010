"""Public question sets that the benchmarks are run on; they are not part of the repository (see README.md here)."""

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from eval.gold import GoldQuestion
from eval.squad import load_squad
from index.article import Article


def new_wiki(folder: Path) -> tuple[list[Article], list[GoldQuestion]]:
    """SQuADShifts new-wiki (Miller et al. 2020): 7,938 answerable questions on 1,581 Wikipedia paragraphs."""
    return load_squad(folder / "squadshifts-new-wiki.json.gz")


def clapnq(folder: Path) -> tuple[list[Article], list[GoldQuestion]]:
    """ClapNQ, first half of its dev set (Rosenthal et al. 2024): 300 short web questions, each with its passage.

    Half of the passages answer their question; the others are from the right page and do not. For search, the right
    passage is the question's own in either case. The answers are the annotated sentences.
    """
    articles: list[Article] = []
    questions: list[GoldQuestion] = []
    for kind in ("answerable", "unanswerable"):
        for entry in _lines(folder / f"clapnq-dev-{kind}-a.jsonl.gz"):
            passage = entry["passages"][0]
            article = Article(title=passage["title"], text=passage["text"])
            sentences = [s for output in entry["output"] for s in output.get("selected_sentences") or ()]
            articles.append(article)
            questions.append(
                GoldQuestion(
                    id=str(entry["id"]),
                    question=entry["input"],
                    answers=tuple(dict.fromkeys(sentences)),
                    kind=kind,
                    right_articles=(article.id,),
                )
            )
    return articles, questions


def _lines(path: Path) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)
