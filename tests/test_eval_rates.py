"""Wilson's interval: the library's where questions are independent, wider where they are not."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from eval.rates import design_effect, wilson


@pytest.mark.parametrize(("right", "n"), [(0, 10), (7, 10), (10, 10), (95, 100), (1, 1)])
def test_it_is_that_of_scipy_where_each_question_is_about_something_else(right: int, n: int) -> None:
    values = [1.0] * right + [0.0] * (n - right)
    theirs = stats.binomtest(right, n).proportion_ci(method="wilson")
    assert wilson(values, range(n)) == pytest.approx((theirs.low, theirs.high), abs=1e-9)


def test_by_hand() -> None:
    assert wilson([1, 0], [1, 2]) == pytest.approx((0.0945, 0.9055), abs=1e-4)


def test_questions_that_come_out_alike_count_once() -> None:
    article = np.repeat(np.arange(40), 5)
    values = (article % 2).astype(float)
    # m/(m-1) · 40 · 2.5² / 200² over 0.25/199
    assert design_effect(values, article.tolist()) == pytest.approx(40 / 39 * 40 * 6.25 / 40_000 / (0.25 / 199))
    low, high = wilson(values, article.tolist())
    alone = wilson(values, range(200))
    assert high - low > 2 * (alone[1] - alone[0])


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 5)), min_size=1, max_size=40))
def test_it_lies_within_0_and_1_and_holds_the_rate(drawn: list[tuple[bool, int]]) -> None:
    values, about = [float(value) for value, _ in drawn], [topic for _, topic in drawn]
    low, high = wilson(values, about)
    assert 0 <= low <= np.mean(values) + 1e-12
    assert np.mean(values) - 1e-12 <= high <= 1
