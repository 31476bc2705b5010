import hashlib
import json

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assistant.reader.network import Network, ScoredSpan
from assistant.reader.reader import WEIGHTS, Calibration, Candidate, SpanReader, agree, reads_as_sentence, signs
from assistant.reader.sentence import sentence_around
from assistant.reader.spans import MAX_ANSWER_TOKENS, best_token_spans
from assistant.reading import Evidence
from index.article import Article
from index.embedding import PackagedEmbedder
from index.passage import Hit
from index.splitting import split
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder

SHARED = SpanReader(HashedEmbedder())


@pytest.fixture(scope="module")
def reader(minilm: PackagedEmbedder) -> SpanReader:
    return SpanReader(minilm)


def evidence(*articles: Article) -> list[Evidence]:
    passages = [(article, passage) for article in articles for passage in split(article)]
    return [
        Evidence(Hit(passage, 0.9 - n / 10, n, {"vectors": 0.6}), article)
        for n, (article, passage) in enumerate(passages, start=1)
    ]


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("Who received Natalie Baker?", "Mohsin Naqvi"),
        ("When will the Ferris bridge close?", "3 March"),
        ("How much will the repairs cost?", "4.2 million"),
        ("How high did the river Ossa peak?", "6.1 metres"),
    ],
)
def test_it_marks_the_answer_and_quotes_its_sentence(reader: SpanReader, question: str, answer: str) -> None:
    best = reader.read(question, evidence(NAQVI, BRIDGE, FLOOD))[0]
    assert answer in best.words
    assert len(best.words.split()) <= 8
    assert best.words in best.article.text[best.quote_start : best.quote_end]


def test_a_question_for_a_reason_is_answered_by_the_sentence(reader: SpanReader) -> None:
    best = reader.read("Why was a school in Low Mill opened to families?", evidence(FLOOD))[0]
    assert (best.start, best.end) == (best.quote_start, best.quote_end)


def test_it_is_surer_of_what_is_there_than_of_what_is_not(reader: SpanReader) -> None:
    there = reader.read("Who received Natalie Baker?", evidence(NAQVI))[0]
    absent = reader.read("Who won the chess olympiad in 1998?", evidence(NAQVI))[0]
    assert there.confidence > absent.confidence + 0.2


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Tarrel", "Judge Oswin Tarrel", True),
        ("the cat", "a cat", True),
        ("1,104 ballots", "1,104", True),
        ("Anna Velic", "Ana Velik", False),
        ("nine", "twelve", False),
        ("the", "the", True),
        ("the", "nine", False),
    ],
)
def test_answers_agree_where_one_has_all_terms_of_the_other(one: str, other: str, same: bool) -> None:
    assert agree(one, other) is agree(other, one) is same


def test_a_wire_copy_is_counted_once() -> None:
    told = "Repairs will cost 4.2 million crowns."
    copies = [Article(title=title, text=told) for title in ("One paper", "Another paper")]
    other = Article(title="A third", text="The town put the bill at 4.2 million crowns.")

    def agreeing(*articles: Article) -> float:
        found = []
        for item in evidence(*articles):
            start = item.article.text.index("4.2")
            scored = ScoredSpan(start, start + 11, 1.0, 1.0)
            found.append(Candidate(item, start, start + 11, scored, scored))
        return signs("What will repairs cost?", found[0], found)[7]

    assert agreeing(*copies) == 0
    assert agreeing(*copies, other) == 1


def test_the_dateline_is_no_part_of_an_answer(reader: SpanReader) -> None:
    article = Article(
        title="Minister sees envoy", text="ISLAMABAD: Mohsin Naqvi met the envoy Natalie Baker on Friday."
    )
    best = reader.read("Who met Natalie Baker?", evidence(article))[0]
    assert best.words.endswith("Naqvi")
    assert "ISLAMABAD" not in best.words
    assert article.text[best.quote_start : best.quote_end].startswith("ISLAMABAD: ")


def test_nothing_to_read_is_no_span(reader: SpanReader) -> None:
    assert reader.read("Who?", []) == []


@settings(max_examples=40, deadline=None)
@given(st.text(min_size=1, max_size=400), st.text(min_size=1, max_size=60))
def test_every_span_stands_in_its_article(text: str, question: str) -> None:
    article = Article(title="t", text=text)
    for span in SHARED.read(question, evidence(article)):
        assert 0 <= span.quote_start <= span.start < span.end <= span.quote_end <= len(text)
        assert 0 <= span.confidence <= 1


def test_an_answer_late_in_a_long_passage_is_found() -> None:
    filler = "The council met again and talked about the weather and the roads for a long while. " * 40
    text = f"{filler}The new bridge was opened by Anna Velic. {filler}"
    (spans,) = Network(WEIGHTS).read("Who opened the new bridge?", [text])
    assert "Anna Velic" in text[spans[0].start : spans[0].end]


def test_best_spans_are_those_of_the_highest_sum_and_do_not_overlap() -> None:
    start = np.array([0, 1, 5, 0, 2, 0], dtype=np.float32)
    end = np.array([0, 0, 1, 4, 0, 3], dtype=np.float32)
    first, second = best_token_spans(start, end, k=2)
    assert (first.first, first.last, first.score) == (2, 3, 9.0)
    assert (second.first, second.last, second.score) == (4, 5, 5.0)


@given(st.lists(st.tuples(st.floats(-9, 9), st.floats(-9, 9)), min_size=2, max_size=60))
def test_spans_end_where_they_begin_or_later_and_are_not_too_long(logits: list[tuple[float, float]]) -> None:
    start, end = (np.array(side, dtype=np.float32) for side in zip(*logits, strict=True))
    for span in best_token_spans(start, end, k=3):
        assert 1 <= span.first <= span.last < len(logits)
        assert span.last - span.first < MAX_ANSWER_TOKENS


@pytest.mark.parametrize("question", ["Why did it fall?", "How did it start?", "how was he found"])
def test_reasons_and_manners_read_as_sentences(question: str) -> None:
    assert reads_as_sentence(question)


@pytest.mark.parametrize("question", ["How many died?", "How old is he?", "Who knows why?", "Whyte is who?"])
def test_other_questions_do_not(question: str) -> None:
    assert not reads_as_sentence(question)


def test_the_sentence_around_a_span_that_crosses_sentences_holds_both() -> None:
    article = Article(title="t", text="One is here. Two is there. Three.")
    assert sentence_around(article, 7, 16) == (0, 26)


def test_the_calibration_is_a_probability_and_grows_with_the_margin() -> None:
    calibration = Calibration.load()
    low = calibration.probability((-5, -5, -5, -5, 0.2, 0.1, 0, 0, 0.2, 0.4, 0))
    high = calibration.probability((12, 4, 12, 4, 0.8, 0.7, 3, 1, 0.9, 1, 1))
    assert 0 <= low < calibration.threshold < high <= 1


def test_the_model_card_names_the_weights_that_are_shipped() -> None:
    card = json.loads((WEIGHTS / "reader.json").read_text(encoding="utf-8"))
    for name, digest in card["sha256"].items():
        assert digest == hashlib.sha256((WEIGHTS / name).read_bytes()).hexdigest()
    assert (WEIGHTS / "reader.onnx").stat().st_size <= 35_000_000
