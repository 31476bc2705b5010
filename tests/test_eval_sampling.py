"""Drawing a part of a gold set."""

from collections import Counter

from eval.gold import GoldQuestion
from eval.sampling import sample

KINDS = ["who"] * 9 + ["when"] * 9 + ["rare"] * 2
QUESTIONS = [GoldQuestion(f"q{i}", "?", () if i % 4 == 0 else ("x",), kind=KINDS[i % 20]) for i in range(200)]


def test_as_many_as_asked_in_order_and_the_same_every_time() -> None:
    drawn = sample(QUESTIONS, 50)
    assert len(drawn) == 50
    assert drawn == sorted(drawn, key=QUESTIONS.index)
    assert drawn == sample(QUESTIONS, 50)
    assert drawn != QUESTIONS[:50]
    assert drawn != sample(QUESTIONS, 50, seed=1)


def test_each_kind_in_about_its_share() -> None:
    whole = Counter((question.kind, question.answerable) for question in QUESTIONS)
    drawn = Counter((question.kind, question.answerable) for question in sample(QUESTIONS, 50))
    for group, count in whole.items():
        assert abs(drawn[group] - count / 4) <= 1


def test_a_smaller_one_is_a_part_of_a_larger_one() -> None:
    assert set(sample(QUESTIONS, 20)) <= set(sample(QUESTIONS, 60))


def test_everything_where_there_is_less() -> None:
    assert sample(QUESTIONS, 500) == QUESTIONS
    assert sample([], 5) == []
