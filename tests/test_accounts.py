import pytest

from assistant.accounts import Relation, weigh
from assistant.chain import build_chain
from assistant.page.conversation import conversation_html
from assistant.page.exchanges import Exchange
from assistant.reading import Evidence, Span
from index.article import Article
from index.library import Library
from tests.conftest import HashedEmbedder

TOLL = "The toll of the Tollen flood stands at {} dead, the town said."


def article(figure: str, published: str | None, text: str = TOLL) -> Article:
    return Article(title=f"Flood of {published}", text=text.format(figure), published=published)


def span(told: Article, words: str, confidence: float = 0.8) -> Span:
    start = told.text.index(words)
    return Span(told, start, start + len(words), 0, len(told.text), confidence)


OLD, NEW = article("nine", "2025-03-01"), article("12", "2025-03-04")


def test_the_newest_figure_is_given_whichever_was_surer() -> None:
    for spans in ([span(OLD, "nine"), span(NEW, "12", 0.5)], [span(NEW, "12"), span(OLD, "nine", 0.5)]):
        accounts = weigh("How many died?", spans, HashedEmbedder())
        assert accounts
        assert (accounts.best.words, accounts.best.confidence) == ("12", 0.8)
        assert accounts.other
        assert (accounts.other.words, accounts.relation) == ("nine", Relation.EARLIER)
        assert accounts.note == "An earlier article, of 1 March 2025, says: nine."


def test_figures_that_cannot_be_put_in_order_are_both_given() -> None:
    for published in ("2025-03-01", None):
        accounts = weigh("How many died?", [span(OLD, "nine"), span(article("12", published), "12")], HashedEmbedder())
        assert accounts
        assert accounts.best.words == "nine"
        assert (accounts.relation, accounts.note) == (Relation.DIFFERENT, "Another article says: 12.")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("9 dead", article("9", "2025-03-04")),  # the same figure, in digits
        ("12", article("12", "2025-03-04", "The match in Tollen was won by {} points.")),  # another matter
        ("12 metres", article("12 metres", "2025-03-04")),  # another unit
        ("the town", NEW),  # no figure
        ("9 and 12", article("9 and 12", "2025-03-04")),  # more than one
    ],
)
def test_what_is_no_other_account(words: str, told: Article) -> None:
    accounts = weigh("How many died?", [span(OLD, "nine dead"), span(told, words)], HashedEmbedder())
    assert accounts
    assert (accounts.best.words, accounts.other, accounts.note) == ("nine dead", None, "")


def test_an_unsure_span_is_no_other_account_and_no_span_is_none() -> None:
    accounts = weigh("How many died?", [span(OLD, "nine"), span(NEW, "12", 0.3)], HashedEmbedder())
    assert accounts
    assert accounts.other is None
    assert weigh("How many died?", [], HashedEmbedder()) is None


class BothFigures:
    name = "both"
    threshold = 0.5

    def read(self, question: str, evidence: list[Evidence]) -> list[Span]:
        told = {item.article.id: item.article for item in evidence}
        return [span(told[OLD.id], "nine"), span(told[NEW.id], "12", 0.7)]


def test_both_are_cited_and_the_page_says_so(empty_library: Library) -> None:
    empty_library.add([OLD, NEW])
    answer = build_chain(empty_library, BothFigures()).invoke("What is the toll of the Tollen flood?")
    assert answer.text == "12"
    assert [citation.article_id for citation in answer.citations] == [NEW.id, OLD.id]
    assert all(citation.verified for citation in answer.citations)
    assert (answer.citations[1].answer_start, answer.citations[1].answer_end) == (2, 2)
    html = str(conversation_html_of(answer))
    assert "An earlier article, of 1 March 2025, says: nine." in html


def conversation_html_of(answer: object) -> str:
    from assistant.page.conversation import Conversation

    exchange = Exchange("What is the toll?", answer, done=True)  # type: ignore[arg-type]
    return conversation_html(Conversation().asking("What is the toll?").latest(exchange))


@pytest.mark.parametrize("sentence", ["The town lowered the toll from 27 to 21.", "It said 21 had died and not 27."])
def test_a_figure_that_its_own_sentence_corrects_is_not_the_answer(sentence: str) -> None:
    told = article("", "2025-03-04", sentence)
    asked = "How many died in the flood?"
    accounts = weigh(asked, [span(told, "27")], HashedEmbedder())
    assert accounts
    assert (accounts.best.words, accounts.best.article, accounts.best.confidence) == ("21", told, 0.8)
    earlier = weigh("What was the toll before it was corrected?", [span(told, "27")], HashedEmbedder())
    assert earlier
    assert earlier.best.words == "27"


def test_a_newer_article_that_corrects_the_figure_is_believed_however_unsure_the_reader_was() -> None:
    corrects = article("", "2025-03-04", "The toll of the Tollen flood stands at 12 dead and not nine, the town said.")
    for told, expected in ((OLD, "12"), (article("nine", "2025-03-09"), "nine")):
        accounts = weigh("How many died?", [span(told, "nine"), span(corrects, "nine", 0.1)], HashedEmbedder())
        assert accounts
        assert accounts.best.words == expected
    assert accounts.other is None
