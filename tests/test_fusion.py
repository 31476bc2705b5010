import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.fusion import Candidates, Fusion, fuse

scores = st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 1))


def test_the_score_is_the_convex_combination() -> None:
    ranked = fuse(Candidates({"a": 0.8, "b": 0.5}, {"b": 6.0}, 10.0), Fusion(0.5))
    assert ranked == [("b", pytest.approx(0.55)), ("a", pytest.approx(0.4))]


def test_ties_are_broken_by_id() -> None:
    assert [i for i, _ in fuse(Candidates({"b": 0.5, "a": 0.5}, {}, 1.0))] == ["a", "b"]


def test_without_words_to_search_for_the_cosine_is_the_score() -> None:
    assert fuse(Candidates({"a": 0.7}, {}, 0.0)) == [("a", 0.7)]


@given(scores, scores, st.floats(0, 1))
def test_scores_are_between_0_and_1_and_everything_found_is_ranked(
    cosines: dict[str, float], bm25: dict[str, float], weight: float
) -> None:
    ranked = fuse(Candidates(cosines, bm25, 0.5), Fusion(weight))
    assert {i for i, _ in ranked} == set(cosines) | set(bm25)
    assert all(0 <= score <= 1 for _, score in ranked)
    assert [score for _, score in ranked] == sorted((score for _, score in ranked), reverse=True)
