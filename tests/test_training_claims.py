import random
import re
from itertools import islice
from pathlib import Path

import pytest

from assistant.chat.verifying.training.claims import (
    CLAIMS,
    HELD_OUT,
    ClaimError,
    read_claims,
    sentences_of,
    split_claims,
)
from assistant.chat.verifying.training.examples import Example, Examples, written
from assistant.reader.training.stories import split_stories

STORIES = """# Lift stops
2003-02-16

ROME - A gearbox seized on Sunday. Lukas Ober, 52, let 61 skiers down by rope. Nobody was hurt on Feb. 16 or later.

? What seized?
= A gearbox
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "stories").mkdir()
    (tmp_path / "stories" / "a.txt").write_text(STORIES, encoding="utf-8")
    return tmp_path


def claims_of(folder: Path, *lines: str) -> list[tuple[str, bool, tuple[int, ...]]]:
    (folder / "a.txt").write_text("\n".join(lines), encoding="utf-8")
    found = read_claims([folder / "a.txt"], folder / "stories")
    return [(claim.text, claim.is_true, claim.about) for claim in found]


def test_claims_are_read_with_the_sentences_that_they_are_about(folder: Path) -> None:
    lines = ("# Lift stops", "+ A cogwheel jammed. @ gearbox seized", "", "- 61 fell. @ gearbox seized @ 61 skiers")
    assert claims_of(folder, *lines) == [("A cogwheel jammed.", True, (0,)), ("61 fell.", False, (0, 1))]


@pytest.mark.parametrize(
    ("lines", "wrong"),
    [
        (("# Another", "+ A. @ seized"), "line 1: .*has no story"),
        (("+ A. @ seized",), "line 1: neither"),
        (("# Lift stops", "+ A claim without words."), "line 2: neither"),
        (("# Lift stops", "* A. @ seized"), "line 2: neither"),
        (("# Lift stops", "+ A. @ was lost"), "line 2: .*0 times"),
        (("# Lift stops", "+ A. @ on"), "line 2: .*times"),
    ],
)
def test_what_breaks_the_format_is_named_with_its_line(folder: Path, lines: tuple[str, ...], wrong: str) -> None:
    with pytest.raises(ClaimError, match=wrong):
        claims_of(folder, *lines)


def test_the_claims_that_come_with_dateline_are_in_order() -> None:
    kept, held_out = split_claims()
    assert {claim.file for claim in held_out} == set(HELD_OUT)
    assert len({file.name for file in CLAIMS.glob("*.txt")} - set(HELD_OUT)) == len({claim.file for claim in kept})
    for claims in (kept, held_out):
        assert len({(claim.story.title, claim.text) for claim in claims}) == len(claims)
        assert 0.4 < sum(claim.is_true for claim in claims) / len(claims) < 0.6
    for claim in kept:
        assert claim.about, claim.text
        assert max(claim.about) < len(sentences_of(claim.story))


def test_examples_are_about_half_true_and_the_same_for_the_same_seed() -> None:
    claims, stories = split_claims()[1], split_stories()[1]

    def drawn() -> list[Example]:
        return list(islice(Examples(claims, stories, random.Random(1)), 400))  # noqa: S311 - not a secret

    first = drawn()
    assert first == drawn()
    assert 0.3 < sum(example.is_true for example in first) / len(first) < 0.5
    assert all(example.claim and example.quotes for example in first)


def test_a_true_example_has_the_sentences_that_bear_it_out() -> None:
    claims = split_claims()[1]
    by_text = {re.sub(r"\.$", "", claim.text.lower()): claim for claim in claims}
    seen = 0
    for example in islice(Examples(claims, split_stories()[1], random.Random(2)), 400):  # noqa: S311 - not a secret
        claim = by_text.get(example.claim.lower().rstrip("."))
        if claim is not None and example.is_true:
            seen += 1
            assert claim.is_true
            assert all(sentences_of(claim.story)[place] in example.quotes for place in claim.about)
    assert seen > 50


def test_a_claim_stands_by_itself_beside_its_own_sentences() -> None:
    claim = split_claims()[1][0]
    example = written(claim)
    assert example.quotes == " ".join(sentences_of(claim.story)[place] for place in claim.about)
    assert example.context.startswith(f"{claim.story.title} · ")
