"""The gold set that comes with Dateline: enough of every kind, and every quote to the letter."""

from collections import defaultdict

import pytest

from eval.command import ARTICLES, GOLD
from eval.gold import GoldQuestion, load_native
from eval.matching import holds
from eval.right_articles import with_right_articles
from index.article import Article
from index.load import read

KINDS = {
    "who",
    "when",
    "where",
    "number",
    "what",
    "why_how",
    "paraphrase",
    "cross_article",
    "follow_up",
    "updated_fact",
    "false_premise",
    "unanswerable_near",
    "unanswerable_far",
}
WITHOUT_ANSWERS = {"false_premise", "unanswerable_near", "unanswerable_far"}


@pytest.fixture(scope="module")
def articles() -> dict[str, Article]:
    found = list(read([ARTICLES]))
    assert all(isinstance(item, Article) for item in found), [x for x in found if not isinstance(x, Article)]
    return {item.id: item for item in found if isinstance(item, Article)}


@pytest.fixture(scope="module")
def questions(articles: dict[str, Article]) -> list[GoldQuestion]:
    return with_right_articles(load_native(GOLD), articles.values(), ARTICLES)


def named(question: GoldQuestion, name: str, story: int | None, articles: dict[str, Article]) -> list[Article]:
    probe = GoldQuestion("probe", "?", ("x",), article=name, story=story)
    (found,) = with_right_articles([probe], articles.values(), ARTICLES)
    return [articles[article_id] for article_id in found.right_articles]


def test_there_is_enough(questions: list[GoldQuestion], articles: dict[str, Article]) -> None:
    assert len(articles) >= 42
    assert len(questions) >= 300
    assert sum(not question.answerable for question in questions) >= 75


def test_all_kinds_are_there_and_three_have_no_answers(questions: list[GoldQuestion]) -> None:
    assert {question.kind for question in questions} == KINDS
    assert {question.kind for question in questions if not question.answerable} == WITHOUT_ANSWERS
    assert not [question.id for question in questions if question.answerable and question.kind in WITHOUT_ANSWERS]


def test_every_quote_stands_in_its_article(questions: list[GoldQuestion], articles: dict[str, Article]) -> None:
    lost = []
    for question in questions:
        if not question.answerable:
            continue
        assert question.article
        assert question.quote, question.id
        quotes = [(question.article, question.story, question.quote)]
        quotes += [(support.article, None, support.quote) for support in question.also if support.quote]
        for name, story, quote in quotes:
            if not any(quote in article.text for article in named(question, name, story, articles)):
                lost.append(f"{question.id}: {name}: {quote}")
    assert lost == []


def test_every_first_answer_stands_in_its_quote_or_article(
    questions: list[GoldQuestion], articles: dict[str, Article]
) -> None:
    lost = [
        f"{question.id}: {question.answers[0]}"
        for question in questions
        if question.answerable
        and not holds(question.quote or "", question.answers[0])
        and not any(holds(articles[article_id].text, question.answers[0]) for article_id in question.right_articles)
    ]
    assert lost == []


def test_every_wire_copy_says_the_same(questions: list[GoldQuestion], articles: dict[str, Article]) -> None:
    silent = [
        f"{question.id}: {name}"
        for question in questions
        for name in question.also_in
        if not any(
            holds(article.text, answer)
            for article in named(question, name, None, articles)
            for answer in question.answers
        )
    ]
    assert silent == []


def test_no_article_is_in_both_splits(questions: list[GoldQuestion], articles: dict[str, Article]) -> None:
    splits = defaultdict(set)
    for question in questions:
        assert question.split in {"tune", "test"}, question.id
        used = set(question.right_articles)
        if question.near:
            used |= {article.id for article in named(question, question.near, question.story, articles)}
        for article_id in used:
            splits[article_id].add(question.split)
    assert [articles[article_id].origin for article_id, names in splits.items() if len(names) > 1] == []


def test_follow_ups_have_a_history_and_updated_facts_what_they_supersede(questions: list[GoldQuestion]) -> None:
    for question in questions:
        if question.kind == "follow_up":
            assert question.history, question.id
        if question.kind == "updated_fact":
            assert question.superseded, question.id
            assert not set(question.superseded) & set(question.answers), question.id


def test_the_question_of_the_issue_is_there(questions: list[GoldQuestion]) -> None:
    (asked,) = [question for question in questions if question.question == "Who met Natalie Baker?"]
    assert any("Naqvi" in answer for answer in asked.answers)


def test_no_question_is_asked_twice(questions: list[GoldQuestion]) -> None:
    seen = defaultdict(list)
    for question in questions:
        seen[question.question, question.history].append(question.id)
    assert [ids for ids in seen.values() if len(ids) > 1] == []
