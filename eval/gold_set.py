"""A gold set: its questions, and the articles that they are about."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from eval.gold import GoldError, GoldQuestion, load_native
from eval.metrics.retrieval import ArticleText
from eval.right_articles import with_right_articles
from eval.sampling import sample
from eval.squad import load_squad
from index.article import Article
from index.load import read


@dataclass(frozen=True)
class GoldSet:
    """Questions and the articles they are about; `unreadable` are files that were passed over, with the reason."""

    articles: Sequence[Article]
    questions: Sequence[GoldQuestion]
    unreadable: Sequence[str] = ()


def load(gold: Path, articles: Path, format: str) -> GoldSet:
    """Read a gold set: `native` with its articles, or `squad`, which holds them itself.

    Raises:
        GoldError: A file is missing or broken, or the questions do not fit the articles.
    """
    if format == "squad":
        return GoldSet(*load_squad(gold))
    questions = load_native(gold)
    loaded, unreadable = load_articles(articles)
    folder = articles if articles.is_dir() else articles.parent
    return GoldSet(loaded, with_right_articles(questions, loaded, folder), unreadable)


def load_articles(articles: Path) -> tuple[list[Article], list[str]]:
    """Read a file or folder of articles; the second part tells what could not be read, and why.

    Raises:
        GoldError: There is no such file or folder.
    """
    if not articles.exists():
        raise GoldError(f"{articles} does not exist: give the file or folder of the articles with --articles")
    loaded: list[Article] = []
    unreadable: list[str] = []
    for item in read([articles]):
        if isinstance(item, Article):
            loaded.append(item)
        else:
            unreadable.append(f"{item.path}: {item.reason}")
    return loaded, unreadable


def chosen(gold: Path, questions: Sequence[GoldQuestion], split: str, limit: int | None) -> Sequence[GoldQuestion]:
    """The questions of a split (`tune`, `test` or `all`), at most so many of them.

    Raises:
        GoldError: There are none.
    """
    found = [question for question in questions if split in ("all", question.split)]
    if not found:
        raise GoldError(f'{gold} has no question with "split": "{split}"')
    return found if limit is None else sample(found, limit)


def gone(questions: Sequence[GoldQuestion], article_text: ArticleText) -> int:
    """How many articles that answer questions are not in the library."""
    wanted = {article_id for question in questions for article_id in question.right_articles}
    return sum(article_text(article_id) is None for article_id in wanted)
