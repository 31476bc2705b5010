from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.splitting import Splitting, split
from tests.conftest import BRIDGE


def article(text: str) -> Article:
    return Article(title="t", text=text)


def story(sentences: int, words: int = 12) -> str:
    return " ".join(f"Sentence {i} has {'very ' * (words - 5)}many words." for i in range(sentences))


@given(st.text(), st.integers(20, 60), st.integers(0, 3))
def test_a_passage_is_exactly_what_stands_in_the_article(text: str, words: int, overlap: int) -> None:
    for passage in split(article(text), Splitting(words, overlap)):
        assert text[passage.start : passage.end] == passage.text
        assert passage.text.strip() == passage.text != ""


PARTS = ["Lt. Col. Ray spoke.", "It cost $3.5 million.", "“No. It is late,” she said.", "\n\n"]


@given(st.lists(st.sampled_from(PARTS)))
def test_every_word_is_in_a_passage(parts: list[str]) -> None:
    text = " ".join(parts)
    covered = set()
    for passage in split(article(text), Splitting(20, 1)):
        covered |= set(range(passage.start, passage.end))
    assert all(i in covered for i, character in enumerate(text) if not character.isspace())


def test_a_short_article_is_one_passage() -> None:
    assert [p.text for p in split(BRIDGE)] == [BRIDGE.text]


def test_a_long_article_is_cut_into_passages_of_100_to_180_words() -> None:
    passages = split(article(story(100)))
    counts = [len(p.text.split()) for p in passages]
    assert len(passages) > 5
    assert all(100 <= count <= 180 for count in counts)


def test_passages_begin_and_end_with_whole_sentences_and_overlap_by_one() -> None:
    passages = split(article(story(60)))
    assert all(p.text.startswith("Sentence") and p.text.endswith("words.") for p in passages)
    for before, after in pairwise(passages):
        assert before.text.endswith(after.text.split(". ")[0] + ".")


def test_abbreviations_do_not_end_a_passage() -> None:
    text = " ".join(["He met Lt. Col. Sami at the U.S. base with Prof. Delwar at 3.30 p.m. on Jan. 5."] * 40)
    assert all(p.text.endswith("Jan. 5.") for p in split(article(text)))


def test_text_without_a_sentence_end_is_still_cut() -> None:
    passages = split(article("word " * 1_000))
    assert max(len(p.text.split()) for p in passages) <= 180 * 5 // 4


def test_text_without_spaces_is_still_cut() -> None:
    assert len(split(article("x" * 60_000))) > 3


def test_an_id_depends_on_article_and_place_alone() -> None:
    first, again = split(article(story(60))), split(article(story(60)))
    assert [p.id for p in first] == [p.id for p in again]
    assert len({p.id for p in first}) == len(first)
