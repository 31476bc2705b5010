"""Copies: told from other texts, linked in the catalogue, and linked the same whatever was added first."""

import sqlite3
from collections.abc import Iterable
from dataclasses import replace
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.article import Article
from index.copies import Print, are_copies, is_printed_in, says_too, sketch, which_are_copies
from index.copy_links import SCHEMA, are_made, link, link_anew, unlink, wrong
from index.library import Library
from tests.conftest import FLOOD, NAQVI

WIRE = (
    "TOLLEN (Arco Press) – The Ferris bridge will close on 3 March for eleven weeks, the district’s chief engineer "
    "said on Tuesday, because two of its four piers have sunk by the width of a hand.\n\n"
    "Repairs will cost 4.2 million crowns and are paid for by the province, which put the money aside last autumn.\n\n"
    "“She has carried more than she was built for,” said Anna Velic, who has looked after the bridge since 1998.\n\n"
    "Buses will cross at Low Mill until the bridge opens again, and the ferry will run until midnight on Saturdays.\n\n"
    "Shopkeepers on the left bank asked for a footbridge; the mayor promised an answer within a fortnight."
)
BRIEF = WIRE.split("\n\n", maxsplit=1)[0]
CUT = "\n\n".join(WIRE.split("\n\n")[n] for n in (0, 1, 3))
LONGER = WIRE + "\n\nIn Upper Mill the news was taken calmly. “We have boots,” said the parish clerk, Odo Renn."
EDITED = WIRE.replace("said on Tuesday", "announced Tuesday").replace("Repairs will", "The repairs are to")
REWRITTEN = (
    "Eleven weeks without a bridge: that is what Tollen faces from 3 March. The engineer Anna Velic has found that two "
    "piers of the Ferris bridge have settled. The province pays the bill of 4.2 million crowns.\n\n"
    "“She has carried more than she was built for,” Velic said of the bridge in her care. Meanwhile passengers will be "
    "taken round by Low Mill. What the shops want, a way across on foot, the mayor is thinking about."
)
FOLLOW_UP = (
    "TOLLEN – The ferry at Tollen ran aground on Friday with 31 passengers, who took it because the bridge is shut. "
    "Nobody was hurt; a tug from Castrel pulled the boat free before dark, and the skipper blamed the low water.\n\n"
    "The inspector of waterways, Ludo Hask, will ask why the sandbank was not marked, as it has been on his charts "
    "since the spring, and whether the boat was full.\n\n"
    + WIRE.split("\n\n")[1]
)  # fmt: skip
COPIES = (WIRE, BRIEF, CUT, LONGER, EDITED)
OTHERS = (REWRITTEN, FOLLOW_UP, NAQVI.text, FLOOD.text)


@pytest.mark.parametrize("text", COPIES)
def test_what_is_cut_edited_or_added_to_is_a_copy_either_way_round(text: str) -> None:
    assert are_copies(Print.of(WIRE), Print.of(text))
    assert are_copies(Print.of(text), Print.of(WIRE))


@pytest.mark.parametrize("text", OTHERS)
def test_another_report_of_the_event_is_none_though_it_has_the_quotation_or_a_paragraph(text: str) -> None:
    assert not are_copies(Print.of(WIRE), Print.of(text))
    assert not are_copies(Print.of(text), Print.of(WIRE))


@given(st.text(max_size=200), st.text(max_size=200))
def test_any_text_has_keys_and_is_a_copy_of_itself(one: str, other: str) -> None:
    assert sketch(one)
    assert sketch(one) == sketch(one)
    assert are_copies(Print.of(one), Print.of(one))
    assert are_copies(Print.of(one), Print.of(other)) == are_copies(Print.of(other), Print.of(one))


def test_languages_without_spaces_are_compared_by_characters() -> None:
    text = "東京都は金曜日、隅田川にかかる橋を三月から十一週間閉鎖すると発表した。修理には四億円かかる見込みだ。"
    other = "大阪府は土曜日、淀川の水位が六メートルに達し、四十世帯が学校に避難したと発表した。けが人はいない。"
    assert are_copies(Print.of(text), Print.of(text.replace("発表した", "明らかにした")))
    assert not are_copies(Print.of(text), Print.of(other))


def test_a_row_of_prints_is_compared_as_each_would_be() -> None:
    prints = [Print.of(text) for text in (*COPIES, *OTHERS, "", "The bridge")]
    for one in prints:
        found = which_are_copies(one, [other.to_bytes() for other in prints])
        assert found == [place for place, other in enumerate(prints) if are_copies(one, other)]
    assert which_are_copies(prints[0], []) == []


@given(st.text(max_size=200))
def test_a_print_is_stored_as_it_is(text: str) -> None:
    assert Print.from_bytes(Print.of(text).to_bytes()) == Print.of(text)


def test_a_quotation_is_found_in_a_copy_if_its_figures_are_the_same() -> None:
    quote = (
        "Repairs will cost 4.2 million crowns and are paid for by the province, which put the money aside last autumn."
    )
    assert says_too(EDITED, quote)
    assert not says_too(BRIEF, quote)
    assert not says_too(WIRE.replace("4.2", "4.9"), quote)


def test_a_passage_is_printed_where_others_have_it_together_with_its_figures() -> None:
    first, second, *_ = WIRE.split("\n\n")
    assert is_printed_in(f"{first} {second}", [first, second])
    assert not is_printed_in(f"{first} {second}", [first])
    assert not is_printed_in(second, [second.replace("4.2", "4.9")])


# Linked, in a database


def database() -> sqlite3.Connection:
    db = sqlite3.connect(":memory:")
    db.row_factory = sqlite3.Row
    db.executescript(f"CREATE TABLE articles (id TEXT PRIMARY KEY, text TEXT NOT NULL);{SCHEMA}")
    db.execute("CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL)")
    return db


TEXTS = {str(number): text for number, text in enumerate((*COPIES, *OTHERS))}


def put(db: sqlite3.Connection, ids: Iterable[str]) -> None:
    for article_id in ids:
        db.execute("INSERT OR REPLACE INTO articles VALUES (?, ?)", (article_id, TEXTS[article_id]))
        link(db, article_id, TEXTS[article_id])


def everything(db: sqlite3.Connection) -> tuple[set[tuple[str, str]], set[tuple[int, str]], set[str]]:
    """Links, keys and sketches, whatever numbers the articles have."""
    links = {tuple(row) for row in db.execute("SELECT article_id, copy_id FROM copies")}
    keys = {tuple(row) for row in db.execute("SELECT key, article_id FROM sentence_keys JOIN sketches USING (number)")}
    assert len(keys) == db.execute("SELECT count(*) FROM sentence_keys").fetchone()[0]
    return links, keys, {row[0] for row in db.execute("SELECT article_id FROM sketches")}


@settings(max_examples=60, deadline=None)
@given(st.permutations(sorted(TEXTS)), st.sets(st.sampled_from(sorted(TEXTS))), st.sets(st.sampled_from(sorted(TEXTS))))
def test_links_depend_on_what_is_there_alone(order: list[str], again: set[str], gone: set[str]) -> None:
    db = database()
    put(db, order)
    put(db, sorted(again))
    for article_id in gone:
        unlink(db, [article_id])
        db.execute("DELETE FROM articles WHERE id = ?", (article_id,))
    left = sorted(set(TEXTS) - gone)
    plain = database()
    put(plain, left)
    assert everything(db) == everything(plain)
    alike = {(a, b) for a, b in combinations(left, 2) if are_copies(Print.of(TEXTS[a]), Print.of(TEXTS[b]))}
    assert everything(db)[0] == alike | {(b, a) for a, b in alike}


def test_links_that_are_missing_are_noticed_and_made_anew() -> None:
    db, plain = database(), database()
    put(plain, TEXTS)
    put(db, TEXTS)
    assert not are_made(db), "nothing says by which scheme"
    assert link_anew(db) == len(TEXTS)
    assert are_made(db)
    assert list(wrong(db)) == []
    assert everything(db) == everything(plain)
    db.execute("DELETE FROM copies WHERE article_id = '0'")
    db.execute("DELETE FROM sketches WHERE number = 3")
    db.execute("DELETE FROM articles WHERE id = '1'")
    db.execute("DELETE FROM articles WHERE id = '2'")
    assert len(list(wrong(db))) == 3
    link_anew(db)
    assert list(wrong(db)) == []


def test_links_of_an_older_scheme_give_way_whole_or_not_at_all() -> None:
    db, plain = database(), database()
    put(plain, TEXTS)
    put(db, TEXTS)
    db.executescript(
        "DROP TABLE sketches; DELETE FROM sentence_keys;"
        "CREATE TABLE sketches (number INTEGER PRIMARY KEY, article_id TEXT NOT NULL UNIQUE, keys BLOB NOT NULL);"
        "INSERT INTO sketches (article_id, keys) SELECT id, x'00' FROM articles;"
        "INSERT INTO meta VALUES ('copies', '\"1\"')"
    )
    link_anew(db)
    db.rollback()
    assert not are_made(db)
    assert [column[1] for column in db.execute("PRAGMA table_info(sketches)")] == ["number", "article_id", "keys"]
    with db:
        assert link_anew(db) == len(TEXTS)
    assert are_made(db)
    assert everything(db) == everything(plain)


def test_a_paragraph_under_everything_links_nothing_and_is_remembered_of_so_many() -> None:
    db = database()
    standing = "Readers can have the five most read stories of the day in their inbox by seven in the morning, free."
    for number in range(130):
        story = f"Number {number} of the series: house {number * 7} in lane {number * 3} was sold to {number} cousins."
        text = "\n\n".join(
            [story, f"Its garden has {number + 2} pear trees and {number + 3} hens, the seller says.", standing]
        )
        db.execute("INSERT INTO articles VALUES (?, ?)", (str(number), text))
        link(db, str(number), text)
    (most,) = db.execute("SELECT max(n) FROM (SELECT count(*) AS n FROM sentence_keys GROUP BY key)").fetchone()
    assert most == 100


# In a library, with Chroma


def paper(source: str, text: str, published: str | None = "2025-02-20", **more: str) -> Article:
    return replace(
        Article(f"{source} on the bridge", text, source, f"https://{source.casefold()}.example/1", published=published),
        **more,
    )


HERALD, POST, ECHO = paper("Herald", WIRE), paper("Post", CUT, "2025-02-21"), paper("Echo", BRIEF, None)


def test_the_copy_published_first_stands_for_all_and_the_next_when_it_is_removed(empty_library: Library) -> None:
    empty_library.add([ECHO, POST, HERALD, FLOOD])
    assert [copy.id for copy in empty_library.copies(ECHO.id)] == [HERALD.id, POST.id]
    first = {article.id: article.copy_of for article in empty_library.articles()}
    assert first == {HERALD.id: None, POST.id: HERALD.id, ECHO.id: HERALD.id, FLOOD.id: None}
    empty_library.remove([HERALD.id])
    first = {article.id: article.copy_of for article in empty_library.articles()}
    assert first == {POST.id: None, ECHO.id: POST.id, FLOOD.id: None}
    empty_library.remove([POST.id])
    assert empty_library.copies(ECHO.id) == []


def test_adding_again_changes_nothing_and_a_replaced_copy_is_one_no_longer(empty_library: Library) -> None:
    empty_library.add([HERALD, POST])
    empty_library.add([POST, HERALD])
    assert [copy.id for copy in empty_library.copies(HERALD.id)] == [POST.id]
    other = replace(POST, text=FOLLOW_UP)
    assert empty_library.add([other]).replaced == (POST.id,)
    assert empty_library.copies(HERALD.id) == empty_library.copies(other.id) == []


def test_what_is_not_ready_is_no_copy_and_leaves_nothing(empty_library: Library) -> None:
    empty_library.add([HERALD])
    empty_library._catalog.begin_adding([(POST, [])], np.zeros((0, 64), np.float32))  # and then the light goes out
    assert empty_library.copies(HERALD.id) == []
    empty_library.add([])
    db = empty_library._stores.database.connection
    assert [tuple(row) for row in db.execute("SELECT article_id FROM sketches")] == [(HERALD.id,)]
    assert db.execute("SELECT count(*) FROM copies").fetchone()[0] == 0


def test_a_library_without_links_gets_them_with_the_next_writer_and_the_doctor_says_so(empty_library: Library) -> None:
    empty_library.add([HERALD, POST, NAQVI])
    with empty_library._stores.database.changing() as db:
        for table in ("copies", "sentence_keys", "sketches"):
            db.execute(f"DELETE FROM {table}")  # noqa: S608 - names above
    assert empty_library.copies(HERALD.id) == []
    assert [check.name for check in empty_library.doctor.examine() if not check.ok] == ["copies"]
    empty_library.add([])
    assert all(check.ok for check in empty_library.doctor.examine())
    assert [copy.id for copy in empty_library.copies(HERALD.id)] == [POST.id]
    assert empty_library.copies_among([HERALD.id, POST.id, NAQVI.id]) == {
        HERALD.id: frozenset({POST.id}),
        POST.id: frozenset({HERALD.id}),
    }
