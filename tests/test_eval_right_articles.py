"""Finding the articles that gold questions name."""

from pathlib import Path

import pytest

from eval.gold import GoldError, GoldQuestion, Support
from eval.right_articles import with_right_articles
from index.article import Article

FOLDER = Path("/news")


def article(title: str, origin: str | None, text: str = "", url: str | None = None) -> Article:
    return Article(title=title, text=text or f"About {title}.", url=url, origin=origin)


TOLL = article("Toll rises", "/news/flood/toll.txt#0", url="https://news.example/toll")
FIRE = article("Fire", "/news/fire.txt#0")
STORIES = [article(f"Story {i}", f"/news/two.jsonl#{i}", f"Text number {i}.") for i in range(11)]
STRAY = article("Stray", None)
ALL = [*reversed(STORIES), TOLL, FIRE, STRAY]


def question(name: str | None, **fields: object) -> GoldQuestion:
    return GoldQuestion("q", "Who?", ("x",), article=name, **fields)  # type: ignore[arg-type]


def ids(asked: GoldQuestion, articles: list[Article] = ALL) -> list[str]:
    (found,) = with_right_articles([asked], articles, FOLDER)
    return list(found.right_articles)


@pytest.mark.parametrize(
    "name",
    ["flood/toll.txt", "./flood/toll.txt", "flood\\toll.txt", "toll.txt", "articles/toll.txt", "Toll rises",
     "https://news.example/toll"],
)  # fmt: skip
def test_by_path_file_name_title_or_address(name: str) -> None:
    assert ids(question(name)) == [TOLL.id]


def test_by_title_without_a_file() -> None:
    assert ids(question("Stray")) == [STRAY.id]


def test_a_story_of_several_by_position_in_the_file() -> None:
    assert ids(question("two.jsonl", story=2)) == [STORIES[2].id]
    assert ids(question("two.jsonl", story=10)) == [STORIES[10].id], "positions are numbers: 10 comes behind 9"


def test_a_story_of_several_by_its_quote_or_all() -> None:
    assert ids(question("two.jsonl", quote="number 7")) == [STORIES[7].id]
    assert ids(question("two.jsonl", quote="stands nowhere")) == [story.id for story in STORIES]
    assert ids(question("two.jsonl")) == [story.id for story in STORIES]


def test_second_articles_and_wire_copies_are_right_too() -> None:
    asked = question("fire.txt", also=(Support("two.jsonl", "number 3"),), also_in=("toll.txt", "fire.txt"))
    assert ids(asked) == [FIRE.id, STORIES[3].id, TOLL.id]


def test_a_question_without_an_answer_has_no_right_article() -> None:
    assert ids(GoldQuestion("u", "Who?", (), article="fire.txt", near="no-such-file")) == []


def test_no_match_lists_the_first_few() -> None:
    asked = [GoldQuestion(f"q{i}", "Who?", ("x",), article=f"{i}.txt") for i in range(9)]
    with pytest.raises(GoldError) as raised:
        with_right_articles(asked, ALL, FOLDER)
    message = str(raised.value)
    assert 'question "q0": no article goes by the path, file name, title or address "0.txt" (14 loaded)' in message
    assert message.endswith("… and 4 more")


def test_a_file_name_in_two_folders_is_no_guess() -> None:
    twins = [article("A", "/news/a/x.txt#0"), article("B", "/news/b/x.txt#0")]
    with pytest.raises(GoldError, match=r'"x.txt" could be any of a/x.txt, b/x.txt: give the path'):
        ids(question("x.txt"), twins)
    assert ids(question("b/x.txt"), twins) == [twins[1].id]


def test_a_story_that_is_not_there() -> None:
    with pytest.raises(GoldError, match=r'"two.jsonl" has 11 stories, so there is none at position 11'):
        ids(question("two.jsonl", story=11))
