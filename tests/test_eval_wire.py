"""The set that copies are measured with: every edit makes a copy, every other story is none."""

from random import Random

import pytest

from eval.benchmarks.copies import Counts, Trial, linked_one_by_one, scores
from eval.wire import EDITS, PAPERS, printed, rewritten, with_background
from eval.wire_set import Item, originals
from index.copies import Print, are_copies

ORIGINALS = [original for original in originals() if original.story][:40]


def _seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - not a secret


@pytest.mark.parametrize("kind", EDITS)
def test_an_edit_changes_an_article_and_leaves_a_copy(kind: str) -> None:
    edited = [EDITS[kind](original.article, _seeded(n)) for n, original in enumerate(ORIGINALS)]
    assert all(one != original.article for one, original in zip(edited, ORIGINALS, strict=True))
    found = [
        are_copies(Print.of(original.article.text), Print.of(one.text))
        for original, one in zip(ORIGINALS, edited, strict=True)
    ]
    assert sum(found) >= 0.9 * len(found)


def test_another_report_has_the_quotations_and_a_paragraph_and_is_no_copy() -> None:
    found = []
    for n, original in enumerate(ORIGINALS):
        assert original.story
        text = with_background(rewritten(original.story, _seeded(n)), original.story.text, _seeded(n))
        found.append(are_copies(Print.of(original.article.text), Print.of(text)))
    assert sum(found) <= 0.1 * len(found)


def test_a_paper_prints_under_its_own_name_and_address() -> None:
    article = printed(ORIGINALS[0].article, PAPERS[0], 7, _seeded(1))
    assert (article.source, article.url) == ("Northwold Herald", "https://northwold-herald.example/7")


def test_a_trial_counts_links_to_the_same_text_and_to_others() -> None:
    first, second = (original.article for original in ORIGINALS[:2])
    copy = printed(EDITS["edited headline"](first, _seeded(1)), PAPERS[0], 1, _seeded(1))
    texts = {first.id: frozenset("a"), second.id: frozenset("b"), copy.id: frozenset("a")}
    trial = Trial((Item("headline", copy, frozenset("a"), is_copy=True),), (first, second, copy), texts)
    assert trial.counts(linked_one_by_one(trial)) == {(True, "headline"): Counts(1, 1, 0)}
    assert trial.counts(lambda _: {second.id}) == {(True, "headline"): Counts(1, 0, 1)}


def test_scores_by_hand() -> None:
    counts = {(True, "cut"): Counts(10, 8, 1), (False, "rewritten"): Counts(10, 0, 1)}
    assert scores(counts) == pytest.approx((0.8, 0.8, 0.8))
