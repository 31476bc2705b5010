"""Reading files, folders and standard input: what is read, and how each failure is told."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from index.article import Article
from index.errors import UnreadableError
from index.failure import shown
from index.load import Failure, read, read_text
from index.load.parsing import replies_to
from index.sandbox import Limits
from index.sandbox.messages import Begin, Lost, Request

TITLE = "Bridge over Anse Sound to close for a week"
BODY = "DHELM: The bridge will close to cars from Monday, the roads office said. Boats pass as before."
PAGE = f"{TITLE}\n9 May 2025\n\n{BODY}\n"
DEEP_YAML = f"---\na: {'[' * 2000}\n---\n"
ENTRY = {"title": TITLE, "text": BODY}


def failure(path: Path) -> Failure:
    (result,) = read([path])
    assert isinstance(result, Failure), result
    return result


def article(path: Path) -> Article:
    (result,) = read([path])
    assert isinstance(result, Article), result
    return result


def test_origin_is_the_absolute_path_and_the_position(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    second = "Mussel farm to double in size\nBy Jane Roe\n\nThe mussel farm will double its lines by spring.\n"
    (tmp_path / "two.txt").write_text(f"{PAGE}\n{second}")
    monkeypatch.chdir(tmp_path)
    origins = [found.origin for found in read(["two.txt"]) if isinstance(found, Article)]
    assert origins == [f"{tmp_path}/two.txt#0", f"{tmp_path}/two.txt#1"]


def test_a_folder_is_read_in_order_and_the_rest_of_it_passed_over(tmp_path: Path) -> None:
    for name in ("b.txt", "a/z.md", "a/.hidden.txt", ".git/x.txt", "photo.jpg", "c.TXT"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(PAGE)
    found = [found.origin for found in read([tmp_path]) if isinstance(found, Article)]
    assert found == [f"{tmp_path / name}#0" for name in ("b.txt", "c.TXT", "a/z.md")]


def test_one_bad_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_bytes(b"\x00\x01\x02")
    (tmp_path / "b.json").write_text("{")
    (tmp_path / "c.txt").write_text(PAGE)
    kinds = [type(found) for found in read([tmp_path, tmp_path / "gone.txt"])]
    assert kinds == [Failure, Failure, Article, Failure]


def make_dead_link(path: Path) -> None:
    path.symlink_to(path.with_name("gone"))


FAILURES: dict[str, tuple[str, Callable[[Path], object], str]] = {
    "missing": ("gone.txt", lambda path: None, "does not exist"),
    "empty": ("a.txt", lambda path: path.write_text(""), "is empty"),
    "blank": ("a.txt", lambda path: path.write_text(" \n\n"), "is empty"),
    "binary": ("a.txt", lambda path: path.write_bytes(bytes(range(256))), "is binary"),
    "a PDF by another name": ("a.txt", lambda path: path.write_bytes(b"%PDF-1.7 ..."), "is a PDF"),
    "broken UTF-8": ("a.txt", lambda path: path.write_bytes("“é…”".encode() * 9 + b"\xe2\x80"), "save it as UTF-8"),
    "half of UTF-16": ("a.txt", lambda path: path.write_bytes(b"\xff\xfea\x00b"), "not valid utf-16"),
    "dead link": ("a.txt", make_dead_link, "is a link to a file that is gone"),
    "pipe": ("a.txt", os.mkfifo, "is not a regular file"),
    "unknown format": ("a.doc", lambda path: path.write_text(PAGE), "we read .txt, .md, .html"),
    "no extension": ("article", lambda path: path.write_text(PAGE), "we read .txt"),
    "clutter only": ("a.txt", lambda path: path.write_text("Share\nFollow\n"), "holds no article"),
    "folder of nothing": ("folder", lambda path: path.mkdir(), "holds no articles"),
    "bad JSON": ("a.json", lambda path: path.write_text("{,}"), "is not valid JSON"),
    "JSON of something else": ("a.json", lambda path: path.write_text("3"), "must be an article"),
    "empty list": ("a.json", lambda path: path.write_text("[]"), "its list is empty"),
    "JSON nested deep": ("a.json", lambda path: path.write_text("[" * 100_000), "is not valid JSON"),
    "bad front matter": ("a.md", lambda path: path.write_text(f"---\ntitle: a: b\n---\n{BODY}"), "not valid YAML"),
    "name too long": ("a" * 300 + ".txt", lambda path: None, "cannot be read: File name too long"),
    "zero byte in the name": ("a\0.txt", lambda path: None, "cannot be read"),
    "front matter nested deep": (
        "a.md",
        lambda path: path.write_text(DEEP_YAML),
        "is nested too deep",
    ),
    "empty page": ("a.html", lambda path: path.write_text("<html><body></body></html>"), "holds no article"),
}


@pytest.mark.parametrize("case", FAILURES)
def test_failures_say_what_is_wrong_and_where(case: str, tmp_path: Path) -> None:
    name, make, reason = FAILURES[case]
    make(tmp_path / name)
    found = failure(tmp_path / name)
    assert found.path == shown(str(tmp_path / name))
    assert reason in found.reason


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_a_file_without_permission(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(PAGE)
    path.chmod(0)
    assert "cannot be read" in failure(path).reason


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_encodings(encoding: str, tmp_path: Path) -> None:
    text = f"{TITLE}\n\n{BODY} “Très bien,” said the chargé d’affaires.\n"
    mark = b"\xff\xfe" if encoding == "utf-16-le" else b""
    (tmp_path / "a.txt").write_bytes(mark + text.encode(encoding))
    assert article(tmp_path / "a.txt").text == f"{BODY} “Très bien,” said the chargé d’affaires."


def test_a_page_of_another_declared_encoding(tmp_path: Path) -> None:
    head = f'<head><meta charset="iso-8859-2"><title>{TITLE}</title></head>'
    page = f"<html>{head}<body><p>{BODY}</p><p>Łódź sends help.</p></body></html>"
    (tmp_path / "a.html").write_bytes(page.encode("iso-8859-2"))
    assert article(tmp_path / "a.html").text.endswith("Łódź sends help.")


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        ("{", "line 2: is not valid JSON"),
        ("[]", "line 2: must be an object"),
        ('{"title": "No text"}', 'line 2: "text" is missing'),
        ('{"text": " "}', 'line 2: "text" is empty'),
        ('{"text": 5}', 'line 2: "text" must be a string, not a number'),
        ('{"text": "A.", "title": ["a"]}', 'line 2: "title" must be a string, not a list'),
        ('{"text": "A.", "published": 20250509}', 'line 2: "published" must be a string, not a number'),
        ('{"text": "A.", "url": "javascript:alert(1)"}', 'line 2: "url" must begin with http'),
        ('{"text": "A.", "language": "English"}', 'line 2: "language" must be a code'),
    ],
)
def test_a_bad_line_is_named_and_the_others_read(entry: str, reason: str, tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(f"{json.dumps(ENTRY)}\n{entry}\n\n{json.dumps(ENTRY)}\n")
    first, bad, last = read([path])
    assert isinstance(first, Article)
    assert first.origin == f"{path}#0"
    assert isinstance(bad, Failure)
    assert bad.path == f"{path}#1"
    assert bad.reason.startswith(reason)
    assert isinstance(last, Article)
    assert last.origin == f"{path}#3"


@pytest.mark.parametrize(
    "document",
    [
        PAGE,
        json.dumps(ENTRY),
        json.dumps([ENTRY]),
        json.dumps({"articles": [ENTRY]}, indent=2),
        f"{json.dumps(ENTRY)}\n",
        f"<!DOCTYPE html>\n<html><head><title>{TITLE}</title></head><body><p>{BODY}</p></body></html>",
    ],
)
@pytest.mark.parametrize("as_bytes", [False, True])
def test_standard_input_is_read_by_what_it_looks_like(document: str, as_bytes: bool) -> None:
    (found,) = read_text(document.encode() if as_bytes else document)
    assert (found.title, found.text, found.origin) == (TITLE, BODY, None)


def test_standard_input_of_json_lines() -> None:
    assert len(read_text(f"{json.dumps(ENTRY)}\n{json.dumps(ENTRY)}\n")) == 2


def test_standard_input_of_text_that_begins_with_a_bracket() -> None:
    (found,) = read_text(f"[Video] {PAGE}")
    assert found.title == f"[Video] {TITLE}"


@pytest.mark.parametrize("data", ["", b"", "Share\n", b"\x00\x01", '{"title": "No text"}', '{"a": 1,'])
def test_standard_input_without_an_article(data: str | bytes) -> None:
    with pytest.raises(UnreadableError, match=r"^<stdin> "):
        read_text(data)


def test_a_parser_that_fails_is_one_failure(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import trafilatura

    def broken(*args: object, **options: object) -> None:
        raise KeyError("of its own")

    monkeypatch.setattr(trafilatura, "bare_extraction", broken)  # in this process; the children have it whole
    page = tmp_path / "a.html"
    page.write_text("<html><body><p>Text of a page.</p></body></html>", encoding="utf-8")
    begin, lost = replies_to(Request(str(page), ".html"), Limits())
    assert begin == Begin(is_last=True)
    assert isinstance(lost, Lost)
    assert "KeyError" in lost.reason


def test_a_pattern_names_files_and_folders(tmp_path: Path) -> None:
    for name in ("news/a.txt", "news/deep/b.txt", "news/c.md", "news/d[1].txt"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(PAGE)
    found = [Path(item.origin or "").name for item in read([f"{tmp_path}/news/**/*.txt"]) if isinstance(item, Article)]
    assert found == ["a.txt#0", "d[1].txt#0", "b.txt#0"]
    assert article(tmp_path / "news/d[1].txt").title == TITLE  # a file of this name is no pattern
    (none,) = read([f"{tmp_path}/*.json"])
    assert isinstance(none, Failure)
    assert "matches no file" in none.reason


def test_what_a_terminal_would_obey_is_not_in_a_failure(tmp_path: Path) -> None:
    path = tmp_path / "a\x1b[2Jb\u202etxt.json"
    path.write_text('"\x1b[31m')
    assert failure(path).path.endswith("/a\\x1b[2Jb\\u202etxt.json")
    assert failure(path).reason.isprintable()


def test_a_line_of_json_lines_that_is_too_long_is_one_failure(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    entry = json.dumps(ENTRY)
    path.write_text(f"{entry}\n{json.dumps({'text': 'x' * 5000})}\n\n{entry}")
    first, long, last = read([path], limits=Limits(file_bytes=2000))
    assert isinstance(first, Article)
    assert isinstance(long, Failure)
    assert (long.path, long.reason) == (f"{path}#1", "line 2 is longer than 2,000 bytes: split it")
    assert isinstance(last, Article)
    assert last.origin == f"{path}#3"


def test_a_large_table_is_read_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    rows = ['title,text\n"A ""first"" one","Rain,\nand more."\n\n5" pipes,The pipes are 5" wide.\n', ",\n"]
    rows += [f'Story {n},"{f"Rain fell on day {n}, " * 200}\nand stopped."\n' for n in range(2000)]
    path.write_text("".join(rows))
    assert path.stat().st_size > 8 << 20
    found = list(read([path]))
    articles = [item for item in found if isinstance(item, Article)]
    positions = [int((item.origin or "").rpartition("#")[2]) for item in articles]
    assert positions == [0, 2, *range(4, 2004)]
    assert [item.title for item in articles] == ['A "first" one', '5" pipes', *(f"Story {n}" for n in range(2000))]
    path.write_text(f'title,text\nA,"{"Rain. " * 900_000}')  # a quotation that does not end
    assert "has a row longer than 1 MiB" in failure_of(path, Limits(file_bytes=1 << 20))


def failure_of(path: Path, limits: Limits) -> str:
    (found,) = read([path], limits=limits)
    assert isinstance(found, Failure)
    return found.reason


def test_standard_input_that_costs_too_much() -> None:
    with pytest.raises(UnreadableError, match=r"^<stdin> is larger than 10 bytes"):
        read_text(PAGE, limits=Limits(file_bytes=10))


def test_a_text_without_an_end_does_not_become_its_own_title(tmp_path: Path) -> None:
    (tmp_path / "x.txt").write_text("x" * 100_000)
    read = article(tmp_path / "x.txt")
    assert len(read.text) == 100_000
    assert len(read.title) == 300
    assert read.title.endswith("x…")
