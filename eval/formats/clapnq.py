"""ClapNQ's JSON lines (Rosenthal et al. 2024): a question, its passages, and annotated answers."""

from pathlib import Path
from typing import Any

from eval.formats.json_rows import json_rows, text_of
from eval.formats.reading import Imported
from eval.gold import GoldQuestion
from index.article import Article


def is_clapnq(path: Path) -> bool:
    """Whether the first line of a file is ClapNQ's."""
    _, row = next(json_rows(path), (0, None))
    return row is not None and {"input", "passages"} <= set(row)


def read_clapnq(path: Path) -> Imported:
    """Read a file: each passage is an article, the accepted answers are the annotated sentences.

    A question without any is unanswerable, and its passage comes close.

    Raises:
        GoldError: The file is missing or no text.
    """
    articles: dict[str, Article] = {}
    questions: dict[str, GoldQuestion] = {}
    broken: list[str] = []
    for number, row in json_rows(path):
        try:
            if row is None:
                raise ValueError("no JSON object")
            question, found = _question(row)
            if question.id in questions:
                raise ValueError(f'the id "{question.id}" is there twice')
            articles |= {article.id: article for article in found}
            questions[question.id] = question
        except (KeyError, TypeError, ValueError, IndexError) as error:
            told = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            broken.append(f"line {number}: {told}")
    return Imported(list(articles.values()), list(questions.values()), broken)


def _question(row: dict[str, Any]) -> tuple[GoldQuestion, list[Article]]:
    articles = [Article(title=text_of(passage, "title"), text=text_of(passage, "text")) for passage in row["passages"]]
    if not articles:
        raise ValueError("it has no passage")
    sentences = [s for output in row.get("output") or () for s in output.get("selected_sentences") or () if s.strip()]
    answers = tuple(dict.fromkeys(sentences))
    title = articles[0].title
    question = GoldQuestion(
        id=str(row["id"]),
        question=text_of(row, "input"),
        answers=answers,
        article=title if answers else None,
        near=None if answers else title,
        kind="answerable" if answers else "unanswerable",
        right_articles=tuple(article.id for article in articles),
    )
    return question, articles
