"""Every metric on cases worked out by hand."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import ndcg_score
from torchmetrics.functional.text import squad

from assistant.answer import ABSTENTION, Answer, Citation
from eval.matching import squad_normalise
from eval.metrics.answers import consistency, contained, date_exact, exact_match, number_exact, token_f1
from eval.metrics.citations import attribution, joint, resolves, says_so, supports
from eval.metrics.retrieval import all_evidence, ranking, relevant
from index.passage import Hit, Passage

TEXTS = {"a": "The toll rose to 26 on Friday. Naqvi met Baker.", "b": "Some 26 others met.", "c": "Nothing more."}


def hit(article_id: str, text: str, rank: int = 1) -> Hit:
    return Hit(Passage(f"p{rank}", article_id, text, 0, len(text)), 1 / rank, rank)


def citation(article_id: str, start: int, end: int, quote: str | None = None) -> Citation:
    quote = TEXTS[article_id][start:end] if quote is None else quote
    return Citation(1, article_id, "", None, None, None, quote, start, end, 0, 2, True, 1.0)


def test_relevant_is_a_right_article_and_an_accepted_answer() -> None:
    hits = [hit("b", "Some 26 others met."), hit("a", "Naqvi met Baker."), hit("a", "The toll rose to 26 on Friday.")]
    assert relevant([hit.passage for hit in hits], ["26"], {"a"}, TEXTS.get) == (False, False, True)


def test_relevant_is_any_passage_of_a_right_article_that_words_it_otherwise() -> None:
    hits = [hit("b", "Some 26 others met."), hit("a", "Naqvi met Baker.")]
    assert relevant([hit.passage for hit in hits], ["twenty-six"], {"a"}, TEXTS.get) == (False, True)


def test_relevant_demands_the_answer_where_any_right_article_has_it() -> None:
    hits = [hit("c", "Nothing more."), hit("a", "The toll rose to 26 on Friday.")]
    assert relevant([hit.passage for hit in hits], ["26"], {"a", "c"}, TEXTS.get) == (False, True)


def test_relevant_without_hits_or_with_an_article_that_is_gone() -> None:
    assert relevant([], ["26"], {"a"}, TEXTS.get) == ()
    assert relevant([hit("a", "x").passage], ["26"], {"gone"}, TEXTS.get) == (False,)


@pytest.mark.parametrize(
    ("found", "wanted", "expected"),
    [  # success@1, success@5, recall@5, recall@20, mrr@10, ndcg@10
        ("a", "a", (1, 1, 1, 1, 1, 1)),
        ("xa", "ab", (0, 1, 1 / 2, 1 / 2, 1 / 2, (1 / math.log2(3)) / (1 + 1 / math.log2(3)))),
        ("vwxyza", "a", (0, 0, 0, 1, 1 / 6, 1 / math.log2(7))),
        ("bcdefghijka", "a", (0, 0, 0, 1, 0, 0)),
        ("aaxb", "ab", (1, 1, 1, 1, 1, (1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3)))),  # found twice counts once
        ("", "a", (0,) * 6),
        ("a", "", (0,) * 6),
    ],
)
def test_ranking(found: str, wanted: str, expected: tuple[float, ...]) -> None:
    names = ("success@1", "success@5", "recall@5", "recall@20", "mrr@10", "ndcg@10")
    figures = ranking(found, set(wanted))
    assert [figures[name] for name in names] == pytest.approx(expected)


@given(st.permutations(list("abcdefghijkl")), st.sets(st.sampled_from("abcdefghijkl"), min_size=1))
def test_ndcg_is_that_of_scikit_learn(found: list[str], wanted: set[str]) -> None:
    gains, scores = [[float(one in wanted) for one in found]], [[-float(rank) for rank in range(len(found))]]
    assert ranking(found, wanted)["ndcg@10"] == pytest.approx(ndcg_score(gains, scores, k=10))


def test_all_evidence() -> None:
    hits = [hit("a", "Naqvi met Baker in Islamabad on Friday."), hit("c", "The toll rose to 26 people.")]
    assert all_evidence(hits, ["Naqvi met Baker in Islamabad"], {"a", "c"}) == 1
    assert all_evidence(hits, ["Naqvi met Baker", "The toll rose to 26"], {"a", "c"}) == 1
    assert all_evidence(hits, ["Naqvi met Baker", "The toll rose to 26"], {"a"}) == 0, "not from a right article"
    assert all_evidence(hits, ["Naqvi met the prime minister of Japan"], {"a"}) == 0
    assert all_evidence([hit("c", "x")] * 10 + hits, ["Naqvi met Baker"], {"a"}) == 0, "behind the tenth"


@pytest.mark.parametrize(
    ("text", "answers", "em", "f1"),
    [
        ("The Mohsin Naqvi!", ["Mohsin Naqvi"], 1, 1),
        ("Naqvi", ["Mohsin Naqvi"], 0, 2 / 3),  # P 1, R 1/2
        ("Naqvi met Baker", ["Mohsin Naqvi", "Naqvi and Baker"], 0, 2 / 3),  # with the second: P 2/3, R 2/3
        ("26 26", ["26"], 0, 2 / 3),  # a bag: the second 26 is not matched
        ("Dhaka", ["Islamabad"], 0, 0),
        ("", ["Islamabad"], 0, 0),
        ("the", ["a"], 1, 1),  # nothing left of either
        ("26", [], 0, 0),
    ],
)
def test_exact_match_and_f1(text: str, answers: list[str], em: float, f1: float) -> None:
    assert exact_match(text, answers) == em
    assert token_f1(text, answers) == pytest.approx(f1)


@given(st.text("ab ,.26", max_size=12), st.text("ab ,.26", max_size=12))
def test_exact_match_and_f1_are_those_of_the_official_script(text: str, accepted: str) -> None:
    target = {"answers": {"answer_start": [0], "text": [accepted]}, "id": "1"}
    theirs = squad({"prediction_text": text, "id": "1"}, target)
    assert exact_match(text, [accepted]) == theirs["exact_match"] / 100
    if squad_normalise(text):  # the script of SQuAD 1.1 has 0 for two that are empty, that of 2.0 has 1
        assert token_f1(text, [accepted]) == pytest.approx(float(theirs["f1"]) / 100)


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("eleven minutes", ["11 minutes"], 1),
        ("$1.2 million", ["1,200,000 dollars"], 1),
        ("about 26 or 27", ["26"], 0),
        ("27", ["26", "27"], 1),
        ("6.5 percent", ["6.5%"], 1),
        ("6.5", ["6.5%"], 0),
        ("after 4.30 p.m. on 6 October", ["4:30 p.m."], 1),
        ("Naqvi", ["26"], 0),
        ("26", ["Naqvi"], None),
        ("26", ["6 October"], None),
        ("", [], None),
    ],
)
def test_number_exact(text: str, answers: list[str], expected: float | None) -> None:
    assert number_exact(text, answers) == expected


@pytest.mark.parametrize(
    ("text", "answers", "expected"),
    [
        ("on Monday 6 October 2025", ["6 October"], 1),
        ("October 6", ["6 October", "Monday"], 1),
        ("Oct. 6, 2025", ["2025-10-06"], 1),
        ("6 October", ["6 October 2025"], 0),
        ("7 October", ["6 October"], 0),
        ("6 or 7 October and 8 October", ["6 October"], 0),
        ("Friday", ["Friday"], 1),
        ("26", ["Friday"], 0),
        ("Friday", ["26"], None),
    ],
)
def test_date_exact(text: str, answers: list[str], expected: float | None) -> None:
    assert date_exact(text, answers) == expected


def answered(text: str, *citations: Citation) -> Answer:
    return Answer("How many?", text, text == ABSTENTION, 0.5, citations)


def test_consistency_is_the_share_of_agreeing_pairs() -> None:
    toll, longer, other, refused = (answered(text) for text in ("26", "some 26", "27", ABSTENTION))
    assert consistency([toll, longer]) == 1
    assert consistency([toll, longer, other]) == 1 / 3
    assert consistency([refused, refused]) == 1
    assert consistency([refused, toll]) == 0
    assert consistency([None, None]) == 0


def test_contained() -> None:
    assert contained("The toll rose to 26 on Friday.", ["31", "26"]) == 1
    assert contained("The toll rose to 26.5 on Friday.", ["26", "5"]) == 0
    assert contained("", ["26"]) == 0


@pytest.mark.parametrize(
    ("cited", "expected"),
    [
        (citation("a", 4, 19), True),
        (citation("a", 4, 19, "toll rose to 27"), False),
        (citation("a", 5, 19, "toll rose to 26"), False),  # the words stand there, but not at these offsets
        (citation("a", 4, 400, TEXTS["a"][4:]), True),
        (citation("a", -30, -1, TEXTS["a"][-30:-1]), False),  # a negative offset is none
        (citation("b", 4, 19, "toll rose to 26"), False),
    ],
)
def test_resolves(cited: Citation, expected: bool) -> None:
    assert resolves(cited, TEXTS.get) is expected


def test_resolves_not_in_an_article_that_is_gone() -> None:
    assert not resolves(citation("a", 0, 3), {}.get)


def test_supports() -> None:
    assert supports(citation("a", 4, 19), ["26"], {"a"}, TEXTS.get)
    assert not supports(citation("a", 4, 16), ["26"], {"a"}, TEXTS.get), "the quote does not hold it"
    assert not supports(citation("b", 5, 14), ["26"], {"a"}, TEXTS.get), "another article"
    assert not supports(citation("a", 4, 19, "just 26 of them"), ["26"], {"a"}, TEXTS.get), "made up"


def test_joint_needs_answer_citation_and_brevity() -> None:
    fifty = "26 " + "word " * 49
    assert joint("26", ["26"], True) == 1
    assert joint("26", ["26"], False) == 0
    assert joint("27", ["26"], True) == 0
    assert joint(fifty, ["26"], True) == 1
    assert joint(fifty + "more", ["26"], True) == 0


def test_words_of_the_quotes_say_so() -> None:
    assert says_so("The toll rose to 26 on Friday.", "26 on Friday", "How many?")
    assert says_so("It rose to 26.", "The toll rose to 26", "To what did the toll rise?")
    assert not says_so("It rose to 27.", "26", "How many?")
    assert not says_so("It rose.", "many", "How many?"), "nothing of it is in the quotes"
    assert not says_so("It rose.", "", "How many?")


def test_citation_recall_and_precision_by_hand() -> None:
    # Two sentences: the first borne out by both quotes together, the second not at all.
    text = "The toll rose to 26. Nobody knows why."
    rose, toll = citation("a", 9, 19), citation("a", 0, 13)
    first = answered(text, *(replace(c, answer_start=0, answer_end=20) for c in (rose, toll)))
    assert attribution(first) == (1 / 2, 2 / 2)
    # A quote that adds nothing is not needed.
    idle = replace(citation("a", 31, 47), answer_start=0, answer_end=20)
    assert attribution(replace(first, citations=(*first.citations, idle))) == (1 / 2, 2 / 3)
    assert attribution(answered("26")) == (0, None)
    assert attribution(answered("26", citation("a", 4, 19)), lambda *_: False) == (0, 0)
