"""The language of an article: as the file states it, or else told from its words."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.article import Article
from index.load import read, read_text
from index.load.language import detect, with_language

SENTENCES = {
    "en": "The Ferris bridge will close to cars from Monday for eleven weeks, the roads office said.",
    "de": "Die Brücke über die Ossa wird ab Montag für elf Wochen gesperrt, teilte das Straßenamt mit.",
    "fr": "Le pont sera fermé aux voitures à partir de lundi, a indiqué le service des routes.",
    "es": "El puente permanecerá cerrado al tráfico desde el lunes, informó la oficina de carreteras.",
    "it": "Il ponte resterà chiuso alle auto da lunedì, ha detto l'ufficio strade.",
    "pt": "A ponte vai fechar aos carros a partir de segunda-feira, disse o gabinete das estradas.",
    "nl": "De brug gaat vanaf maandag elf weken dicht voor auto's, aldus het wegenbureau.",
    "no": "Broen stenges for biler fra mandag i elleve uker, opplyste veikontoret.",
    "ru": "Министр внутренних дел встретился в пятницу с временной поверенной США Натали Бейкер.",
    "tr": "Köprü pazartesi gününden itibaren on bir hafta boyunca araçlara kapatılacak.",
    "ur": "وزیر داخلہ محسن نقوی نے جمعہ کو امریکی ناظم الامور نیٹلی بیکر سے ملاقات کی۔",
    "ar": "التقى وزير الداخلية محسن نقوي القائمة بالأعمال الأمريكية ناتالي بيكر يوم الجمعة.",
    "fa": "وزیر کشور محسن نقوی روز جمعه با کاردار آمریکا ناتالی بیکر دیدار کرد.",
    "hi": "गृह मंत्री मोहसिन नक़वी ने शुक्रवार को अमेरिकी राजनयिक नताली बेकर से मुलाक़ात की।",
    "bn": "স্বরাষ্ট্রমন্ত্রী মহসিন নকভি শুক্রবার মার্কিন কূটনীতিক নাটালি বেকারের সঙ্গে দেখা করেছেন।",
    "he": "הגשר ייסגר למכוניות החל מיום שני, כך נמסר ממשרד הדרכים.",
    "zh": "内政部长周五会见了美国代办娜塔莉·贝克。",
    "ja": "内務大臣は金曜日、米国の臨時代理大使ナタリー・ベーカー氏と会談した。",
    "ko": "내무장관은 금요일 미국 대사대리 나탈리 베이커를 만났다.",
    "th": "รัฐมนตรีมหาดไทยพบกับอุปทูตสหรัฐฯ นาตาลี เบเกอร์ เมื่อวันศุกร์",
}


@pytest.mark.parametrize("language", SENTENCES)
def test_a_sentence_tells_its_language(language: str) -> None:
    assert detect(SENTENCES[language]) == language


@pytest.mark.parametrize("text", ["", "4.2", "Ossa", "\ufffe", "\ud800", "12:30 – 14:00"])
def test_too_little_tells_nothing(text: str) -> None:
    assert detect(text) is None


@given(st.text())
def test_any_text_has_a_code_of_two_letters_or_none(text: str) -> None:
    language = detect(text)
    assert language is None or (len(language) == 2 and language.islower())


def test_what_the_file_states_is_believed_and_told_apart_from_what_was_detected(tmp_path: Path) -> None:
    stated = Article("Brücke gesperrt", SENTENCES["de"], language="nl")
    assert with_language(stated) == stated
    unstated = replace(stated, language=None)
    told = with_language(unstated)
    assert (told.language, told.language_detected, told.id) == ("de", True, unstated.id)
    (tmp_path / "a.txt").write_text(f"Brücke gesperrt\n\n{SENTENCES['de']}\n", encoding="utf-8")
    (tmp_path / "b.jsonl").write_text(f'{{"text": "{SENTENCES["fr"]}"}}\n', encoding="utf-8")
    assert [found.language for found in read([tmp_path]) if isinstance(found, Article)] == ["de", "fr"]
    assert read_text(SENTENCES["ur"])[0].language == "ur"
