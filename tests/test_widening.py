import pytest

from assistant.answer import Question
from assistant.assistant import Assistant
from assistant.chain import build_chain
from assistant.chat.calling import ModelCaller
from assistant.chat.verifying.verifier import Verifier
from assistant.chat.writing import ChatWriter
from assistant.widening import find_widely, wants_many
from index.article import Article
from index.library import Library
from tests.models import Scripted

DAYS = range(1, 9)


def stories() -> list[Article]:
    return [
        Article(
            title=f"Strike at Tollen port, day {day}",
            text="\n\n".join(
                f"TOLLEN: The dockers of Tollen port stayed on strike on day {day}, spokesman {name} said. "
                f"{'Cranes stood still and ships waited outside the harbour. ' * 12}"
                for name in ("Ada Brook", "Ivo Hart", "Una Vale", "Max Fen", "Lea Moor")
            ),
            published=f"2025-04-0{day}",
        )
        for day in DAYS
    ]


@pytest.mark.parametrize(
    "question",
    [
        "Summarise what happened between 1 and 8 April.", "What did each side say?", "Give me a timeline of the strike",
        "How did the strike at Tollen port develop?", "What do we know about the port?",
    ],
)  # fmt: skip
def test_questions_that_want_many_articles_are_told_from_others(question: str) -> None:
    assert wants_many(question)


@pytest.mark.parametrize(
    "question", ["Who met Natalie Baker?", "What happened on Friday?", "How did he die?", "When did it develop cracks?"]
)
def test_others_do_not(question: str) -> None:
    assert not wants_many(question)


def test_no_article_crowds_out_the_others(empty_library: Library) -> None:
    empty_library.add(stories())
    question = Question("Summarise the strike at Tollen port")
    found = find_widely(empty_library, question, question.text)
    ids = [item.article.id for item in found]
    assert max(map(ids.count, ids)) <= 3
    assert len(set(ids)) >= 4
    assert [item.hit.rank for item in found] == list(range(1, len(found) + 1))


def test_a_summary_cites_all_that_it_uses_and_says_what_was_left_out(assistant: Assistant, verifier: Verifier) -> None:
    assistant.library.add(stories())
    said = ["".join(f"The dockers of Tollen port stayed on strike on day {day}, Ada Brook said. " for day in DAYS)]
    writer = ChatWriter(ModelCaller(Scripted(scripts=[said])), "double", verifier, context=2_600)
    chain = build_chain(assistant.library, assistant.reader, None, writer)
    answer = chain.invoke("Summarise the strike at Tollen port")
    assert len({citation.article_id for citation in answer.citations}) >= 2
    assert "did not fit" in answer.notice
