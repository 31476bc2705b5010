"""Copies in answers: read once, the others named; what one of them alone says is not lost."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from fastapi.testclient import TestClient
from typer.testing import CliRunner

from assistant.answer import Question
from assistant.api import create_api
from assistant.assistant import Assistant
from assistant.cli.main import app
from assistant.copies import named
from assistant.finding import find
from assistant.page.conversation import _answer
from assistant.page.exchanges import Exchange
from assistant.page.source import article_page
from assistant.settings import Settings
from index.article import Article
from index.embedding import PackagedEmbedder
from index.library import Library
from index.passage import Filters
from tests.conftest import NAQVI
from tests.test_copies import BRIEF, CUT, ECHO, FOLLOW_UP, HERALD, POST, REWRITTEN, WIRE, paper

ASKED = "How much will the repairs of the Ferris bridge cost?"
LOCAL = paper("Gazette", f"{WIRE}\n\nIn Upper Mill the news was taken calmly. “We have boots,” said clerk Odo Renn.")
CHANGED = paper("Mercury", WIRE.replace("4.2 million", "4.9 million"), "2025-02-22")
LATER = replace(HERALD, url="https://herald.example/2", text=f"{WIRE}\n\nNo date was given.", published="2025-02-23")


@pytest.fixture
def many(tmp_path: Path, minilm: PackagedEmbedder) -> Iterator[Assistant]:
    library = Library(tmp_path / "library", minilm)
    library.add([HERALD, POST, ECHO, NAQVI, paper("Wire", FOLLOW_UP), paper("Star", REWRITTEN)])
    yield Assistant(library, Settings(library=tmp_path / "library"))
    library.close()


def test_an_answer_names_who_else_published_the_words(many: Assistant) -> None:
    answer = many.ask(Question(ASKED))
    assert "4.2 million" in answer.text
    (citation,) = answer.citations
    cited, other = (HERALD, POST) if citation.article_id == HERALD.id else (POST, HERALD)
    assert citation.article_id == cited.id
    assert [p.article_id for p in citation.also_published_by] == [other.id], "the brief was cut before these words"
    assert (citation.also_published_by[0].source, citation.also_published_by[0].url) == (other.source, other.url)


def test_of_copies_one_is_read_and_other_stories_are_not_crowded_out(many: Assistant) -> None:
    names = [f"{one} {other}" for one in ("Northern", "Southern", "Upper") for other in "ABCDEFGHIJ"]
    papers = [paper(name, WIRE.replace("said on Tuesday", f"told the {name}")) for name in names]
    many.library.add(papers)
    question = Question(ASKED, k=3)
    found = find(many.library, question, question.text)
    sources = [item.article.source for item in found]
    assert [item.hit.rank for item in found] == [1, 2, 3]
    assert {"Wire", "Star"} <= set(sources), "though 33 passages match better"


def test_a_copy_is_shown_where_the_filter_lets_only_it_through(many: Assistant) -> None:
    answer = many.ask(Question(ASKED, filters=Filters(sources=("Post",))))
    (citation,) = answer.citations
    assert citation.source == "Post"
    assert [publication.source for publication in citation.also_published_by] == ["Herald"]


def test_what_one_copy_adds_is_found(many: Assistant) -> None:
    many.library.add([LOCAL])
    answer = many.ask(Question("Who is the clerk in Upper Mill?"))
    assert "Odo Renn" in answer.text
    assert answer.citations[0].also_published_by == ()


def test_a_copy_with_another_figure_is_another_account(many: Assistant) -> None:
    many.library.add([CHANGED])
    question = Question(ASKED)
    texts = [item.hit.passage.text for item in find(many.library, question, question.text)]
    assert any("4.2 million" in text for text in texts)
    assert any("4.9 million" in text for text in texts)
    for citation in many.ask(question).citations:
        assert all(
            publication.source != "Mercury" or "4.9" in citation.quote for publication in citation.also_published_by
        )


def test_a_later_version_by_the_same_paper_is_told_apart(many: Assistant) -> None:
    many.library.remove([POST.id, ECHO.id])
    many.library.add([LATER])
    assert [copy.id for copy in many.library.copies(HERALD.id)] == [LATER.id]
    (citation,) = many.ask(Question(ASKED)).citations
    assert citation.also_published_by == ()
    client = TestClient(create_api(many))
    (version,) = client.get(f"/v1/articles/{HERALD.id}").json()["copies"]
    assert (version["relation"], version["id"]) == ("version", LATER.id)


def test_copies_agree_as_one_text(many: Assistant) -> None:
    from assistant.reader.reader import SpanReader, _agreeing

    question = Question(ASKED)
    reader = many.reader
    assert isinstance(reader, SpanReader)
    edited = paper("Echo", WIRE.replace("Repairs will cost", "Repairing it is to cost"))
    many.library.add([edited])
    evidence = find(many.library, question, question.text)
    ranked = reader.candidates(question.text, evidence)
    best = next(candidate for candidate in ranked if "4.2" in candidate.text)
    told = {c.evidence.article.id for c in ranked if "4.2" in c.text} - {best.evidence.article.id}
    linked = {copy.id for copy in many.library.copies(best.evidence.article.id)}
    assert _agreeing(best, ranked) <= len(told - linked)


def test_the_api_the_page_and_the_command_line_name_them(many: Assistant, tmp_path: Path) -> None:
    client = TestClient(create_api(many))
    (citation,) = client.post("/v1/ask", json={"question": ASKED}).json()["citations"]
    (other,) = citation["also_published_by"]
    assert set(other) == {"source", "article_id", "url", "title", "published"}
    copies = client.get(f"/v1/articles/{HERALD.id}").json()["copies"]
    assert [(copy["relation"], copy["id"]) for copy in copies] == [("copy", POST.id), ("copy", ECHO.id)]

    assert f"also published by {other['source']}" in _answer(Exchange(ASKED, many.ask(Question(ASKED))).answer)  # type: ignore[arg-type]
    page = article_page(HERALD, copies=many.library.copies(HERALD.id))
    assert "Also published by Post and Echo" in page

    run = CliRunner().invoke
    place = ["--library", str(tmp_path / "library")]
    assert f"also published by {other['source']}" in run(app, ["ask", ASKED, *place]).output
    shown = run(app, ["show", ECHO.id, *place]).output
    assert f"copy {HERALD.id} · Herald · 20 February 2025" in shown
    listed = run(app, ["list", *place]).output
    assert "copy of" in listed
    assert listed.count(HERALD.id) == 3


def test_publishers_are_named_each_once_and_not_all() -> None:
    papers = [Article("T", "x", source) for source in ("A", "B", "A", "C")]
    assert named(papers[:1]) == "A"
    assert named(papers[:3]) == "A and B"
    assert named(papers) == "A, B and C"
    assert named([*papers, Article("D", "x")]) == "A, B and 2 others"
    assert named([]) == ""


def test_texts_are_what_the_tests_take_them_for() -> None:
    assert len(BRIEF) < len(CUT) < len(WIRE)
