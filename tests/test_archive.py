import gzip
import io
import json
from collections.abc import Iterator
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, get_args

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.archive import Archive
from index.article import Article
from index.errors import ArchiveError
from index.library import Library
from index.mirror import mirror
from index.splitting import Splitting
from index.transfer import export_library, import_archive
from tests.conftest import BRIDGE, FLOOD, NAQVI, HashedEmbedder

# Whatever a file can hold: any character but what a terminal obeys, what turns text about, and half characters.
characters = st.characters(
    exclude_categories=("Cs", "Cc"), exclude_characters="\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
)
words = st.text(characters | st.sampled_from("\n\t ."), min_size=1).filter(lambda text: bool(text.strip()))
lines = st.text(characters, min_size=1).filter(lambda text: bool(text.strip()))
days = st.dates().map(lambda day: day.isoformat())
some_articles = st.lists(
    st.builds(
        Article,
        title=lines,
        text=words,
        source=st.none() | lines,
        url=st.none() | st.integers(0, 5).map("https://post.example/{}".format),
        author=st.none() | lines,
        published=st.none() | days,
        updated=st.none() | days,
        place=st.none() | lines,
        section=st.none() | lines,
        pages=st.sampled_from([(), (0,), (0, 1)]),
        origin=st.none() | st.integers(0, 9).map("/news/ü.jsonl#{}".format),
    ),
    max_size=6,
)


class Forgetful(HashedEmbedder):
    """The same model, which may encode a few passages, to compare, and no more."""

    def encode_passages(self, texts: Any) -> NDArray[np.float32]:
        assert len(texts) <= 8
        return super().encode_passages(texts)


def seen(library: Library, scores: bool = True) -> dict[str, object]:
    """All of a library that can be seen; without scores, in which what was removed still counts for a while."""
    articles = [library.article(i) for i in library.ids()]
    hits = library.search("bridge river Naqvi the of a", k=20) if articles else []
    rows = library._stores.database.connection.execute("SELECT origin, article_id FROM origins ORDER BY origin")
    return {
        "index_id": library.index_id,
        "articles": articles,
        "hashes": [article.content_hash for article in articles],
        "origins": [(article.origin, article.language_detected) for article in articles],
        "places": [tuple(row) for row in rows],
        "hits": [(hit.passage, round(hit.score, 5)) for hit in hits] if scores else {hit.passage for hit in hits},
    }


@settings(max_examples=8, deadline=None)
@given(some_articles, st.booleans())
def test_a_library_comes_out_of_an_archive_as_it_went_in(articles: list[Article], vectors: bool) -> None:
    with TemporaryDirectory() as scratch:
        folder = Path(scratch)
        with Library(folder / "one", HashedEmbedder()) as one, Library(folder / "other", HashedEmbedder()) as other:
            one.add(articles)
            export_library(one, folder / "a.gz", vectors=vectors)
            done = import_archive(other, folder / "a.gz")
            assert seen(other, scores=False) == seen(one, scores=False)
            assert list(done.added) == one.ids()
            export_library(other, folder / "b.gz", vectors=vectors)
            assert (folder / "a.gz").read_bytes() == (folder / "b.gz").read_bytes()


@pytest.fixture
def archive(library: Library, tmp_path: Path) -> Path:
    library.add([replace(FLOOD, title="River falls", origin="/news/a.jsonl#0", pages=(0, 12))])
    export_library(library, tmp_path / "news.gz", vectors=True)
    return tmp_path / "news.gz"


@pytest.fixture
def other(tmp_path: Path) -> Iterator[Library]:
    with Library(tmp_path / "other", HashedEmbedder()) as other:
        yield other


def test_vectors_that_came_along_are_not_made_again(archive: Path, library: Library, tmp_path: Path) -> None:
    library.add([Article(f"Story {n}", f"There is news of matter {n} in Tollen.") for n in range(50)])
    export_library(library, archive, vectors=True, overwrite=True)
    with Library(tmp_path / "other", Forgetful()) as other:
        assert not import_archive(other, archive).embedded
        assert seen(other) == seen(library)
        assert import_archive(other, archive).unchanged == 54


def test_a_library_of_other_settings_embeds_anew(archive: Path, tmp_path: Path, library: Library) -> None:
    with Library(tmp_path / "other", HashedEmbedder(), Splitting(target_words=20)) as other:
        assert import_archive(other, archive).embedded
        assert other.ids() == library.ids()
        assert other.index_id != library.index_id


def test_importing_again_changes_nothing_and_what_is_newer_stays(archive: Path, library: Library) -> None:
    newer = replace(BRIDGE, text="The Ferris bridge is open.", published="2025-06-01")
    library.add([newer])
    before = seen(library)
    done = import_archive(library, archive)
    assert (done.added, done.replaced, done.unchanged, done.older) == ((), (), 3, 1)
    assert seen(library) == before


def test_an_older_version_gives_way(archive: Path, other: Library) -> None:
    other.add([older := replace(BRIDGE, text="The Ferris bridge may close.", published="2025-01-01")])
    assert import_archive(other, archive).replaced == (older.id,)


def test_an_archive_takes_no_articles_place_in_a_file(archive: Path, other: Library) -> None:
    other.add([mine := Article("Mine", "My own news of Tollen.", origin="/news/a.jsonl#0")])
    import_archive(other, archive)
    assert other.find(mine.id) is not None
    assert other.article(mine.id).origin == "/news/a.jsonl#0"


def test_syncing_goes_on_where_the_other_library_was(empty_library: Library, other: Library, tmp_path: Path) -> None:
    folder = tmp_path / "news"
    folder.mkdir()
    for name in "ab":
        (folder / f"{name}.json").write_text(json.dumps({"title": f"About {name}", "text": f"News of {name}."}))
    mirror(empty_library, folder)
    export_library(empty_library, tmp_path / "news.gz")
    import_archive(other, tmp_path / "news.gz")
    (folder / "a.json").unlink()
    done = mirror(other, folder)
    assert (done.added, len(done.removed), done.unchanged) == ((), 1, 1)


def test_places_can_be_left_out(library: Library, archive: Path) -> None:
    export_library(library, archive, places=False, overwrite=True)
    assert b"/news/" not in gzip.decompress(archive.read_bytes())


def test_an_interrupted_import_is_gone_on_with(archive: Path, other: Library, library: Library) -> None:
    class Stop(Exception):
        pass

    def stop(done: int, known: int) -> None:
        raise Stop

    with pytest.raises(Stop):
        import_archive(other, archive, progress=stop)
    import_archive(other, archive)
    assert seen(other) == seen(library)


def test_a_file_that_is_there_is_not_replaced_unless_told_so(archive: Path, library: Library) -> None:
    before = archive.read_bytes()
    with pytest.raises(ArchiveError, match="--force"):
        export_library(library, archive)
    assert archive.read_bytes() == before
    assert [path.name for path in archive.parent.iterdir() if "part" in path.name] == []


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_a_damaged_archive_is_refused_or_says_the_same(archive_of_three: bytes, data: st.DataObject) -> None:
    damaged = bytearray(archive_of_three)
    if data.draw(st.booleans()):
        del damaged[data.draw(st.integers(0, len(damaged) - 1)) :]
    else:
        damaged[data.draw(st.integers(0, len(damaged) - 1))] ^= data.draw(st.integers(1, 255))
    try:
        said = list(map(repr, Archive(io.BytesIO(damaged)).records()))
    except ArchiveError:
        return
    assert said == list(map(repr, Archive(io.BytesIO(archive_of_three)).records()))


@pytest.fixture(scope="module")
def archive_of_three(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    folder = tmp_path_factory.mktemp("archive")
    with Library(folder / "library", HashedEmbedder()) as library:
        library.add([NAQVI, BRIDGE, FLOOD])
        export_library(library, folder / "news.gz", vectors=True)
    return (folder / "news.gz").read_bytes()


def rewritten(archive: Path, change: Any) -> None:
    """The archive with its lines changed, and its hash as it must be."""
    import hashlib

    lines = [json.loads(line) for line in gzip.decompress(archive.read_bytes()).splitlines()]
    lines = change(lines[:-1])
    text = b"".join(json.dumps(line).encode() + b"\n" for line in lines)
    end = json.dumps({"is": "end", "sha256": hashlib.sha256(text).hexdigest()}).encode() + b"\n"
    archive.write_bytes(gzip.compress(text + end))


def last(lines: list[dict[str, Any]], kind: str, **changes: Any) -> list[dict[str, Any]]:
    line = next(line for line in reversed(lines) if line["is"] == kind)
    line |= changes
    if kind == "article" and "sha256" not in changes:  # a liar who can reckon
        values = {name: value for name, value in line.items() if name in {field.name for field in fields(Article)}}
        article = Article(**{**values, "pages": tuple(values["pages"])})
        line |= {"id": article.id, "sha256": article.content_hash}
    return lines


@pytest.mark.parametrize(
    ("change", "says"),
    [
        (lambda lines: last(lines, "article", text=NAQVI.text * 3), "in order|not those"),
        (lambda lines: last(lines, "article", sha256="0" * 64), "not what its hash says"),
        (lambda lines: last(lines, "article", url="javascript:alert(1)"), "not one of the web"),
        (lambda lines: last(lines, "article", title="\x1b[2J"), "control characters"),
        (lambda lines: last(lines, "article", published="soon"), "a date that is none"),
        (lambda lines: last(lines, "article", pages=[5, 2]), "pages that are none"),
        (lambda lines: last(lines, "article", sha256="0", text=5), "an article that is none"),
        (lambda lines: last(lines, "article", sha256="0", colour="red"), "an article that is none"),
        (lambda lines: last(lines, "passage", end=10**9), "a passage that is none"),
        (lambda lines: last(lines, "passage", vector="AAAAAA=="), "a passage that is none"),
        (lambda lines: last(lines, "passage", vector="AACAPw=="), "not those that the embedding model makes"),
        (lambda lines: last(lines, "place", origin=["/etc/passwd"]), "a place that is none"),
        (lambda lines: last(lines, "dateline-archive", version=2), "of version 2"),
        (lambda lines: last(lines, "dateline-archive", articles=2), "another number"),
        (lambda lines: last(lines, "dateline-archive", made_with={}), "not those that it says"),
        (lambda lines: [*lines, {"is": "file", "path": "../../x"}], "a line where it cannot be"),
        (lambda lines: [lines[0], *lines[:0:-1]], "cannot be|not in order|an article"),
        (lambda lines: [*lines, lines[1]], "a line where it cannot be"),
    ],
)
def test_what_a_stranger_may_put_in_is_refused_and_nothing_is_imported(
    archive: Path, other: Library, change: Any, says: str
) -> None:
    rewritten(archive, change)
    with pytest.raises(ArchiveError, match=says):
        import_archive(other, archive)
    assert other.is_empty()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"no archive",
        gzip.compress(b""),
        gzip.compress(b"[]\n"),
        gzip.compress(b"[" * 100_000),
        gzip.compress(b'{"is": "other"}\n'),
        gzip.compress(bytes(200 << 20)),
        gzip.compress(b"1\n" * (50 << 20)),
    ],
    ids=["empty", "text", "nothing", "list", "deep", "other", "one long line", "many lines"],
)
def test_what_is_no_archive_is_refused(tmp_path: Path, other: Library, content: bytes) -> None:
    (tmp_path / "x.gz").write_bytes(content)
    with pytest.raises(ArchiveError):
        import_archive(other, tmp_path / "x.gz")


def test_every_field_of_an_article_is_of_a_type_that_an_archive_checks() -> None:
    for field in fields(Article):
        assert field.type == tuple[int, ...] or set(get_args(field.type) or (field.type,)) <= {str, bool, type(None)}
