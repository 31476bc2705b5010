"""Which questions of a set are broken, and why."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from eval.gold import GoldError, GoldQuestion
from eval.matching import holds_any
from eval.right_articles import with_right_articles
from index.article import Article


def check(
    questions: Sequence[GoldQuestion], articles: Sequence[Article], folder: Path
) -> tuple[list[GoldQuestion], list[str]]:
    """Hold questions to their articles.

    A question is broken if its article cannot be found, its quote does not stand there to the letter, none of its
    answers stands in a right article, or it was asked before in the same words.

    Args:
        questions: The questions, without `right_articles`.
        articles: The articles as loaded.
        folder: The folder that the names of articles start from.

    Returns:
        The sound questions, with their right articles, and a line for each of the others.
    """
    by_id = {article.id: article for article in articles}
    sound: list[GoldQuestion] = []
    broken: list[str] = []
    asked: dict[tuple[str, object], str] = {}
    for question, found in zip(questions, _found(questions, articles, folder), strict=True):
        if isinstance(found, str):
            broken.append(found)
            continue
        problems = list(_problems(found, by_id))
        if first := asked.get((question.question, question.history)):
            problems.append(f'it is asked in the same words by "{first}"')
        if problems:
            broken.append(f'question "{question.id}": {"; ".join(problems)}')
        else:
            asked[question.question, question.history] = question.id
            sound.append(found)
    return sound, broken


def _found(
    questions: Sequence[GoldQuestion], articles: Sequence[Article], folder: Path
) -> Sequence[GoldQuestion | str]:
    """The questions with their right articles; in place of those whose articles are not found, why."""
    try:
        return with_right_articles(questions, articles, folder)
    except GoldError:
        found: list[GoldQuestion | str] = []
        for question in questions:
            try:
                found += with_right_articles([question], articles, folder)
            except GoldError as error:
                found.append(str(error).splitlines()[-1])
        return found


def _problems(question: GoldQuestion, articles: Mapping[str, Article]) -> Iterator[str]:
    right = [articles[identity] for identity in question.right_articles if identity in articles]
    if question.answerable and not right:
        yield "its article is not among the articles"
        return
    quotes = [quote for quote in (question.quote, *(support.quote for support in question.also)) if quote]
    for quote in quotes if question.answerable else ():
        if not any(quote in article.text for article in right):
            yield f"its quote “{quote[:60]}” does not stand in its article"
    if question.answers and not any(holds_any(article.text, question.answers) for article in right):
        yield f"none of its answers, such as “{question.answers[0][:60]}”, stands in its article"
