from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assistant.chat.verifying.closeness import Closeness, Signs
from assistant.chat.verifying.cloze import lead
from assistant.chat.verifying.days import bears_out, take_days
from assistant.chat.verifying.denial import disagrees
from assistant.chat.verifying.facts import lacking
from assistant.chat.verifying.figures import figures
from assistant.chat.verifying.names import names
from assistant.chat.verifying.verifier import Verifier
from assistant.reader.network import Network
from assistant.reader.reader import WEIGHTS
from assistant.reading import Evidence, Statement
from index.article import Article
from index.passage import Hit
from index.splitting import split
from tests.conftest import BRIDGE, NAQVI

HARBOUR = Article(
    title="Harbour strike ends",
    text=(
        "PORT VALE: The strike at the harbour ended on Tuesday after 12 days, the union said. "
        "Its leader, Marta Quill, said that 40 dockers had been dismissed and 1,200 would return to work. "
        "Tarn & Oxley, which runs the cranes, did not raise its offer. "
        "“We have lost a battle, not the war,” she told reporters. "
        "A judge, Peter Lamb, will hear the dismissed men on 3 March."
    ),
    published="2025-02-12",
)


def evidence(*articles: Article) -> list[Evidence]:
    return [Evidence(Hit(split(article)[0], 0.9, n), article) for n, article in enumerate(articles, start=1)]


def judged(verifier: Verifier, claim: str, cited: Sequence[int] = (0,), of: Sequence[Article] = (HARBOUR,)) -> str:
    """Why a sentence is refused; empty where it is not."""
    found = verifier.statement(claim, cited, verifier.pool(evidence(*of)))
    return "" if isinstance(found, Statement) else found


@pytest.mark.parametrize(
    "claim",
    [
        "The strike at the harbour ended on Tuesday after 12 days.",
        "The harbour strike ended after twelve days, according to the union.",
        "Marta Quill said that 40 dockers had been dismissed.",
        "Tarn & Oxley did not raise its offer.",
        "Peter Lamb will hear the dismissed men on 3 March 2025.",
        "“We have lost a battle, not the war,” Marta Quill told reporters.",
    ],
)
def test_what_the_passage_says_is_borne_out(verifier: Verifier, claim: str) -> None:
    assert judged(verifier, claim) == ""


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        ("The strike at the harbour ended on Tuesday after 14 days.", "number"),
        ("Marta Quill said that 12 dockers had been dismissed.", ""),
        ("Peter Lamb said that 40 dockers had been dismissed.", ""),
        ("Zoe Hart said that 40 dockers had been dismissed.", "name"),
        ("Tarn & Lamb did not raise its offer.", "name"),
        ("Tarn & Oxley raised its offer.", "opposite"),
        ("The strike at the harbour ended on Friday after 12 days.", "date"),
        ("Peter Lamb will hear the dismissed men on 4 March.", "date"),
        ("“We have won the war,” she told reporters.", "quotation"),
        ("The harbour will be closed for repairs in the summer.", ""),
        ("The union celebrated its victory.", ""),
    ],
)
def test_what_it_does_not_say_is_refused_with_the_reason(verifier: Verifier, claim: str, reason: str) -> None:
    refused = judged(verifier, claim)
    assert refused
    assert reason in refused


def test_a_sentence_rests_on_exact_sentences_of_the_article(verifier: Verifier) -> None:
    found = verifier.statement("Marta Quill said 40 dockers had been dismissed.", [0], verifier.pool(evidence(HARBOUR)))
    assert isinstance(found, Statement)
    assert found.span.quote == HARBOUR.text[found.span.quote_start : found.span.quote_end]
    assert found.span.quote.startswith("Its leader, Marta Quill")


def test_a_sentence_that_cites_the_wrong_passage_is_tied_to_the_right_one(verifier: Verifier) -> None:
    pool = verifier.pool(evidence(BRIDGE, HARBOUR))
    found = verifier.statement("Marta Quill said that 40 dockers had been dismissed.", [0], pool)
    assert isinstance(found, Statement)
    assert found.span.article == HARBOUR


@pytest.mark.parametrize(
    ("question", "is_kept"),
    [("What did Marta Quill say?", True), ("What did Minister Natalie Baker say?", False), ("what was said", True)],
)
def test_a_sentence_is_tied_to_a_passage_that_it_does_not_cite_only_where_that_has_a_name_asked_for(
    verifier: Verifier, question: str, is_kept: bool
) -> None:
    pool = verifier.pool(evidence(BRIDGE, HARBOUR), question)
    claim = "Marta Quill said that 40 dockers had been dismissed."
    assert isinstance(verifier.statement(claim, [0], pool), Statement) is is_kept
    assert isinstance(verifier.statement(claim, [1], pool), Statement)


def test_a_sentence_may_rest_on_two_articles(verifier: Verifier) -> None:
    sequel = replace(
        HARBOUR, title="Dockers return", text="Cranes turned again on Wednesday at Port Vale, as 1,200 men returned."
    )
    claim = "Tarn & Oxley did not raise its offer, and 1,200 men returned on Wednesday."
    found = verifier.statement(claim, [0, 1], verifier.pool(evidence(HARBOUR, sequel)))
    assert isinstance(found, Statement)
    assert {span.article.title for span in (found.span, *found.more)} == {HARBOUR.title, sequel.title}


@pytest.mark.parametrize(
    "claim", ["See https://evil.example/x for more.", "[More](http://a.b)", "<img src=x>", "!!", ""]
)
def test_addresses_and_empty_sentences_are_never_borne_out(verifier: Verifier, claim: str) -> None:
    assert judged(verifier, claim)


def test_numbers_out_of_range_are_ignored(verifier: Verifier) -> None:
    assert judged(verifier, "Marta Quill said that 40 dockers had been dismissed.", (7, 0)) == ""


@pytest.mark.parametrize(
    ("text", "value", "kind"),
    [
        ("thirty-four men", 34, "number"),
        ("two hundred and six pages", 206, "number"),
        ("$1.5 billion", 1_500_000_000, "number"),
        ("1,200 dockers", 1_200, "number"),
        ("7 percent", 7, "percent"),
        ("the twelfth day", 12, "ordinal"),
        ("at 6.20 p.m.", 18 * 60 + 20, "time"),
        ("at noon", 720, "time"),
        ("10 lakh people", 1_000_000, "number"),
        ("two decades or more", 20, "number"),
    ],
)
def test_numbers_are_read_however_they_are_written(text: str, value: int, kind: str) -> None:
    assert [(figure.value, figure.kind) for figure in figures(text)] == [(Decimal(value), kind)]


@given(st.integers(min_value=2, max_value=999_999))
def test_a_number_bears_out_itself_and_no_other(number: int) -> None:
    article = replace(HARBOUR, title="Count", text=f"The count was {number:,} ballots.")
    assert not lacking(f"The count was {number} ballots.", [article.text], article)
    assert lacking(f"The count was {number + 1} ballots.", [article.text], article)


@pytest.mark.parametrize(
    ("claimed", "said", "holds"),
    [
        ("on Tuesday", "on Tuesday", True),
        ("on 11 February 2025", "on Tuesday", True),
        ("on 12 February 2025", "on Tuesday", False),
        ("on 3 March 2025", "on March 3", True),
        ("on 3 March 2026", "on 3 March 2025", False),
        ("in March", "on 3 March", True),
        ("on 3 March", "in March", False),
    ],
)
def test_dates_bear_each_other_out_in_an_article_of_a_day(claimed: str, said: str, holds: bool) -> None:
    (one,), (other,) = take_days(claimed)[0], take_days(said)[0]
    assert bears_out(one, other, "2025-02-12") is holds


def test_names_are_words_with_capitals_but_for_common_beginnings() -> None:
    assert names("The minister, Natalie Baker, met Israelis on Monday.") == ["Natalie", "Baker", "Israelis"]
    assert names("Thirteen weeks went by.") == []
    assert names("Dropping Fennick Junction saves money.") == ["Fennick", "Junction"]


def test_a_word_that_begins_a_sentence_is_no_name_where_the_text_has_it_without_a_capital() -> None:
    article = replace(HARBOUR, title="Harbour", text="The first ship to be worked was the Almery Venture.")
    assert not lacking("Work began with the Almery Venture.", [article.text], article)
    assert lacking("Quill began with the Almery Venture.", [article.text], article)


@pytest.mark.parametrize(("more", "holds"), [(47, True), (48, False)])
def test_a_difference_of_two_numbers_is_borne_out_where_it_is_said_to_be_one(more: int, holds: bool) -> None:
    article = replace(HARBOUR, title="Accounts", text="The number of accounts falls from 418 to 371.")
    lack = lacking(f"Now 371 accounts are named, {more} fewer than before.", [article.text], article)
    assert (not lack) is holds
    assert lacking(f"There are {more} accounts.", [article.text], article)


@pytest.mark.parametrize(
    ("claim", "is_so"),
    [
        ("Zack Harkinrider is a political counsellor.", True),
        ("Natalie Baker is a political counsellor.", False),
    ],
)
def test_the_reader_tells_of_whom_a_quote_says_something(claim: str, is_so: bool) -> None:
    found = lead(claim, NAQVI.text, NAQVI.context, Network(WEIGHTS))
    assert (found >= Closeness.load().least_lead) is is_so


@pytest.mark.parametrize(
    ("claim", "quote", "opposite"),
    [
        ("It did not close.", "It closed on Friday.", True),
        ("It closed on Friday.", "It did not close.", True),
        ("It did not close.", "It did not close on Friday.", False),
        ("Shares rose.", "Shares fell by 7 percent.", True),
        ("He was found not guilty.", "The jury found him guilty.", True),
        ("No more than 60 came.", "No more than 60 people came.", False),
        ("The sum did not include what dry tunnels cost.", "The sum of 2 billion left out the cost of pumps.", False),
        ("The sum did not leave out the cost of pumps.", "The sum of 2 billion left out the cost of pumps.", True),
        ("The strike cost 78 million.", "The strike cost 78 million and not 96 million.", False),
        ("It fell 11 minutes after police shut it.", "Police had closed it 11 minutes before the collapse.", False),
    ],
)
def test_denials_and_opposites(claim: str, quote: str, opposite: bool) -> None:
    assert disagrees(claim, quote) is opposite


def test_the_fitted_model_has_a_weight_for_each_sign() -> None:
    fitted = Closeness.load()
    sure, unsure = Signs(1, 0.9, 1, 1), Signs(0.2, 0.2, 0.2, 0.2)
    assert fitted.probability(unsure) < fitted.threshold < fitted.probability(sure)


def test_names_of_the_headline_are_known(verifier: Verifier) -> None:
    assert not [lack for lack in lacking("Naqvi received Natalie Baker.", [NAQVI.text], NAQVI) if lack.kind == "name"]
