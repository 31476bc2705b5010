"""Bad input, the part that is quick: what is slow is in `eval.benchmarks.hostile_input`."""

import re
from pathlib import Path

from eval.bad_input import BOMBS, malformed
from index.article import Article
from index.load import Failure, read
from index.load.formats import KNOWN
from index.sandbox import Limits

GOOD = "Bridge over Anse Sound to close\n9 May 2025\n\nDHELM: The bridge will close to cars from Monday.\n"
MALFORMED = malformed(KNOWN)


def test_there_is_enough_of_each() -> None:
    assert len(BOMBS) >= 40
    assert len(MALFORMED) >= 60 or ".pdf" not in KNOWN


def test_every_malformed_file_is_reported_and_every_good_one_read(tmp_path: Path) -> None:
    for number, (name, data) in enumerate(MALFORMED.items()):
        (tmp_path / f"{number:03}-{name}").write_bytes(data)
        (tmp_path / f"{number:03}-then-good.txt").write_text(f"{GOOD}\nIt is closure number {number}.")
    found = list(read([tmp_path]))
    assert sum(isinstance(item, Article) for item in found) == len(MALFORMED)
    failed = {}
    for item in found:
        if isinstance(item, Failure):
            name = re.match(r"\d+-([^#!]*)", Path(item.path).name)
            assert name
            failed[name[1]] = item.reason
    assert failed.keys() == MALFORMED.keys()
    assert all(reason and reason.isprintable() for reason in failed.values())


QUICK = (
    *("overlapping.zip", "lying-size.zip", "nested-deep.zip", "quine.zip", "encrypted.zip", "html-within.zip"),
    *("deflate.pdf", "deflate-twice.pdf", "laughs.docx", "nested-tables.docx", "laughs.odt"),
    *(
        "laughs.xml",
        "quadratic.xml",
        "outside-file.xml",
        "outside-host.xml",
        "outside-parameter.xml",
        "outside-dtd.xml",
    ),
    *(
        "outside-dtd.xml",
        "line-of-1-gb.txt",
        "line-of-1-gb.json",
        "brackets.json",
        "objects.json",
        "number-of-10-mb.json",
    ),
    *("laughs.md", "quotes-in-quotes.md", "nested-blocks.html", "laughs.html"),
)


def test_bombs_are_reported_and_every_good_file_is_read(tmp_path: Path) -> None:
    for number, name in enumerate(QUICK):
        BOMBS[name](tmp_path / f"{number:03}-{name}")
        (tmp_path / f"{number:03}-then-good.txt").write_text(f"{GOOD}\nIt is closure number {number}.")
    found = list(read([tmp_path], limits=Limits(seconds=6)))
    told = [item.path if isinstance(item, Failure) else item.origin or "" for item in found]
    for number, name in enumerate(QUICK):
        assert any(f"/{number:03}-{name}" in line for line in told), name
        assert f"{tmp_path}/{number:03}-then-good.txt#0" in told
    assert not any("root:" in item.text for item in found if isinstance(item, Article))  # of /etc/passwd
