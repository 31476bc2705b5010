"""Words of every script: found where they stand, and English as it always was."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.library import Library
from index.scripts import between, spaced
from index.splitting import Splitting, split
from index.terms import analyzer, terms
from tests.conftest import HashedEmbedder
from tests.test_language import SENTENCES

QUESTIONS = {
    "de": "Wann wird die Brücke gesperrt?",
    "fr": "Quand le pont sera-t-il fermé ?",
    "ur": "نیٹلی بیکر سے کس نے ملاقات کی؟",
    "ar": "من التقى ناتالي بيكر؟",
    "fa": "چه کسی با ناتالی بیکر دیدار کرد؟",
    "hi": "मंत्री नताली बेकर से कब मिले?",
    "bn": "নাটালি বেকারের সঙ্গে কে দেখা করেছেন?",
    "ru": "Кто встретился с Натали Бейкер?",
    "zh": "谁会见了贝克？",
    "ja": "誰がベーカー氏と会談しましたか。",
    "ko": "누가 베이커 대사대리를 만났습니까?",
    "th": "ใครพบกับอุปทูตสหรัฐ",
    "he": "מתי הגשר ייסגר?",
}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Library]:
    library = Library(tmp_path_factory.mktemp("scripts"), HashedEmbedder())
    library.add([Article(language, sentence, language=language) for language, sentence in SENTENCES.items()])
    yield library
    library.close()


@pytest.mark.parametrize("language", QUESTIONS)
def test_an_article_is_found_by_words_of_its_language(language: str, library: Library) -> None:
    best = library._words.search(QUESTIONS[language], 1)[0][0]
    owner = library.owners([best])[best]
    assert library.article(owner).language == language


def test_a_run_without_spaces_becomes_its_pairs() -> None:
    assert terms("新しい橋がAI時代に") == ["新し", "しい", "い橋", "橋が", "ai", "時代", "代に"]
    assert terms("橋") == ["橋"]
    assert set(terms("베이커")) < set(terms("베이커를"))


def test_rows_of_print_are_put_together_as_their_script_asks() -> None:
    assert between("the", "bridge") == between("베이커를", "만났다") == between("大桥", "AI") == " "
    assert between("内政", "部长") == between("关闭。", "桥") == between("นาตาลี", "เบเกอร์") == ""


def test_marks_do_not_cut_words_and_vowel_points_make_no_difference() -> None:
    assert len(terms("मंत्री")) == 1
    assert len(terms("কূটনীতিক বেকারের সঙ্গে")) == 3
    assert terms("كَتَبَ") == terms("كتب")


@given(st.text(st.characters(max_codepoint=0x058F) | st.sampled_from("“”‘’–—…€•")))
def test_text_in_latin_greek_and_cyrillic_is_what_it_was(text: str) -> None:
    assert spaced(text) == text
    assert terms(text) == list(dict.fromkeys(analyzer().analyze(text)))


@given(st.text())
def test_any_text_has_terms(text: str) -> None:
    assert all(terms(text))


def test_a_long_text_without_spaces_is_cut_into_passages() -> None:
    article = Article("t", "内政部长周五会见了美国代办娜塔莉·贝克。" * 60)
    passages = split(article, Splitting(target_words=140))
    assert len(passages) > 3
    assert all(len(passage.text) < 500 for passage in passages)
    assert {article.text[passage.start : passage.end] == passage.text for passage in passages} == {True}
