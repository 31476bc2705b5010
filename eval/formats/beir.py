"""BEIR folders (Thakur et al. 2021): `corpus.jsonl`, `queries.jsonl` and `qrels/*.tsv`."""

import csv
from pathlib import Path

from eval.formats.json_rows import json_rows, text_of
from eval.formats.reading import Imported
from eval.gold import GoldError, GoldQuestion, read_text
from index.article import Article

_SPLITS = {"test": "test", "dev": "tune", "train": "tune"}


def read_beir(folder: Path) -> Imported:
    """Read a folder: the documents are articles, the judged queries questions of which only the search is scored.

    Right are the documents judged above 0. Queries that nobody judged are left out, as in BEIR.

    Raises:
        GoldError: A file is missing.
    """
    broken: list[str] = []
    articles: dict[str, Article] = {}
    for number, row in json_rows(_file(folder, "corpus")):
        try:
            if row is None:
                raise ValueError("no JSON object")
            text = text_of(row, "text")
            articles[str(row["_id"])] = Article(title=str(row.get("title") or text[:60]), text=text)
        except (KeyError, ValueError) as error:
            broken.append(f"corpus line {number}: {_said(error)}")
    asked: dict[str, str] = {}
    for number, row in json_rows(_file(folder, "queries")):
        try:
            if row is None:
                raise ValueError("no JSON object")
            asked[str(row["_id"])] = text_of(row, "text")
        except (KeyError, ValueError) as error:
            broken.append(f"queries line {number}: {_said(error)}")
    questions: dict[str, GoldQuestion] = {}
    for split, query, right in _judged(folder, broken):
        if query not in asked:
            broken.append(f"qrels: query {query!r} is not among the queries")
        elif lost := [document for document in right if document not in articles]:
            broken.append(f"qrels: query {query!r} points to documents that are not in the corpus: {lost[0]}")
        elif query not in questions:
            ids = tuple(articles[document].id for document in right)
            questions[query] = GoldQuestion(
                query, asked[query], (), articles[right[0]].title, split=split, retrieval_only=True, right_articles=ids
            )
    return Imported(list(articles.values()), list(questions.values()), broken)


def _judged(folder: Path, broken: list[str]) -> list[tuple[str | None, str, list[str]]]:
    files = sorted((folder / "qrels").glob("*.tsv"), key=lambda file: (file.stem != "test", file.stem))
    if not files:
        raise GoldError(f"{folder / 'qrels'} holds no .tsv file: BEIR keeps there which documents are right")
    found: dict[tuple[str | None, str], list[str]] = {}
    for file in files:
        rows = csv.reader(read_text(file).splitlines(), delimiter="\t")
        for number, row in enumerate(rows, start=1):
            if number == 1 and row[-1:] == ["score"]:
                continue
            try:
                query, document, score = row
                if int(score) > 0:
                    found.setdefault((_SPLITS.get(file.stem), query), []).append(document)
            except ValueError:
                broken.append(f"qrels/{file.name} line {number}: not query, document and score, parted by tabs")
    return [(split, query, documents) for (split, query), documents in found.items()]


def _file(folder: Path, name: str) -> Path:
    for file in (folder / f"{name}.jsonl", folder / f"{name}.jsonl.gz"):
        if file.is_file():
            return file
    raise GoldError(f"{folder} holds no {name}.jsonl: a BEIR folder has corpus.jsonl, queries.jsonl and qrels")


def _said(error: Exception) -> str:
    return f"{error} is missing" if isinstance(error, KeyError) else str(error)
