"""SQuAD 1.1 and 2.0 files: each paragraph an article, each question with its answers."""

import json
from pathlib import Path
from typing import Any

from eval.gold import GoldError, GoldQuestion, listed, read_text
from index.article import Article


def load_squad(path: Path) -> tuple[list[Article], list[GoldQuestion]]:
    """Read a SQuAD 1.1 or 2.0 JSON file, plain or `.gz`.

    Returns:
        The articles, in order, with the origin `path#i`, and the questions, in order.

    Raises:
        GoldError: The file is missing, not JSON, or not of this format; the message names file and place.
    """
    articles, questions, problems = read_squad(path)
    if problems:
        raise GoldError(listed([f"{path}: {problem}" for problem in problems]))
    if not questions:
        raise GoldError(f"{path} holds no questions")
    return articles, questions


def read_squad(path: Path) -> tuple[list[Article], list[GoldQuestion], list[str]]:
    """Read a SQuAD file, and tell which paragraphs are broken, as `PLACE: why`.

    A paragraph becomes an article with the document's title and exactly its context as text; paragraphs with the same
    context are one article. A question's right article is its paragraph. Its answers are those of the file, each
    once; none where it is marked impossible or the file gives none.

    Raises:
        GoldError: The file is missing, not JSON, or not of this format.
    """
    content = read_text(path)
    try:
        data = json.loads(content)
    except json.JSONDecodeError as error:
        raise GoldError(f"{path}:{error.lineno}: not JSON: {error.msg}") from None
    articles: dict[str, Article] = {}
    questions: dict[str, GoldQuestion] = {}
    problems: list[str] = []
    for place, title, paragraph in _paragraphs(path, data):
        try:
            context = paragraph["context"]
            if not isinstance(context, str) or not context.strip():
                raise ValueError("the context is empty")
            if context not in articles:
                origin = f"{path.resolve()}#{len(articles)}"
                articles[context] = Article(title=title or path.stem, text=context, origin=origin)
            for entry in paragraph["qas"]:
                question = _question(entry, articles[context])
                if question.id in questions:
                    raise ValueError(f'the id "{question.id}" is there twice')
                questions[question.id] = question
        except KeyError as error:
            problems.append(f"{place}: {error} is missing")
        except (TypeError, ValueError, AttributeError) as error:
            problems.append(f"{place}: {error}")
    return list(articles.values()), list(questions.values()), problems


def _paragraphs(path: Path, data: Any) -> list[tuple[str, str, dict[str, Any]]]:
    try:
        return [
            (f"data[{i}].paragraphs[{j}]", str(document.get("title") or ""), dict(paragraph))
            for i, document in enumerate(data["data"])
            for j, paragraph in enumerate(document["paragraphs"])
        ]
    except (KeyError, TypeError, ValueError, AttributeError):
        raise GoldError(f'{path} is not a SQuAD file: it should hold {{"data": [{{"paragraphs": […]}}]}}') from None


def _question(entry: dict[str, Any], article: Article) -> GoldQuestion:
    text = entry["question"]
    if not isinstance(text, str) or not text.strip():
        raise ValueError("a question is empty")
    impossible = bool(entry.get("is_impossible"))
    answers = [] if impossible else [answer["text"] for answer in entry.get("answers") or []]
    return GoldQuestion(
        id=str(entry["id"]),
        question=text,
        answers=tuple(dict.fromkeys(answer for answer in answers if answer.strip())),
        article=article.title,
        right_articles=(article.id,),
    )
