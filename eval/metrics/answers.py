"""Metrics of what was answered, against the accepted answers."""

from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

from assistant.answer import Answer
from assistant.chat.verifying.days import Day, take_days
from assistant.chat.verifying.figures import figures
from eval.matching import holds, holds_any, squad_normalise


def exact_match(text: str, answers: Sequence[str]) -> float:
    """EM = 1 if the normalised text equals a normalised accepted answer, else 0 (SQuAD, Rajpurkar et al. 2016)."""
    return float(any(squad_normalise(text) == squad_normalise(answer) for answer in answers))


def token_f1(text: str, answers: Sequence[str]) -> float:
    """F1 = 2PR / (P + R) over the bags of normalised tokens; the best over the accepted answers.

    P is the share of the text's tokens that the answer has, R the share of the answer's that the text has. Where
    either has no tokens left, 1 if both have none, else 0 (the official SQuAD 2.0 script, Rajpurkar et al. 2018).
    """
    return max((_f1(squad_normalise(text).split(), squad_normalise(answer).split()) for answer in answers), default=0.0)


def _f1(tokens: list[str], wanted: list[str]) -> float:
    if not tokens or not wanted:
        return float(tokens == wanted)
    common = (Counter(tokens) & Counter(wanted)).total()
    return 2 * common / (len(tokens) + len(wanted))


def contained(text: str, answers: Sequence[str]) -> float:
    """1 if an accepted answer stands in the text at word boundaries, else 0 (see `eval.matching.words`)."""
    return float(holds_any(text, answers))


def number_exact(text: str, answers: Sequence[str]) -> float | None:
    """1 if the text's numbers are those of an accepted answer, else 0; None where the first answer has no number.

    Numbers are normalised: `eleven` is 11, `$1.2 million` is 1,200,000, `4.30 p.m.` is 16:30; a percentage and a
    place in an order are no plain numbers. Dates are left out of account; a year by itself is a number.
    """
    wanted = [_numbers(answer) for answer in answers]
    if not wanted or not wanted[0]:
        return None
    return float(_numbers(text) in wanted)


def date_exact(text: str, answers: Sequence[str]) -> float | None:
    """1 if the text's dates are those of an accepted answer, else 0; None where the first answer has no date.

    The text must have as many, each with the year, month, day and weekday that the accepted answer gives; it may give
    more (`Monday 6 October` for `6 October`).
    """
    wanted = [_days(answer) for answer in answers]
    if not wanted or not wanted[0]:
        return None
    return float(any(days and _are(_days(text), days) for days in wanted))


@lru_cache(maxsize=8192)
def _numbers(text: str) -> frozenset[tuple[str, str]]:
    return frozenset((figure.kind, f"{figure.value.normalize():f}") for figure in figures(take_days(text)[1]))


@lru_cache(maxsize=8192)
def _days(text: str) -> tuple[Day, ...]:
    return tuple(take_days(text)[0])


def _are(said: Sequence[Day], wanted: Sequence[Day]) -> bool:
    return len(said) == len(wanted) and all(any(_is(day, other) for other in said) for day in wanted)


def _is(wanted: Day, said: Day) -> bool:
    return all(
        part is None or part == getattr(said, name)
        for name, part in (("year", wanted.year), ("month", wanted.month), ("day", wanted.day))
    ) and wanted.weekday in (None, said.weekday)


def consistency(answers: Sequence[Answer | None]) -> float:
    """Agreeing pairs / all pairs of the answers to one question's wordings (Elazar et al. 2021), right or wrong.

    Two agree when both refuse, or when both answer and one stands in the other at word boundaries or they are equal
    after SQuAD's normalisation. An error agrees with nothing.

    Args:
        answers: Two at least; None is an error.
    """
    pairs = [(one, other) for n, one in enumerate(answers) for other in answers[n + 1 :]]
    return sum(_agree(one, other) for one, other in pairs) / len(pairs)


def _agree(one: Answer | None, other: Answer | None) -> bool:
    if one is None or other is None or one.abstained != other.abstained:
        return False
    return (
        one.abstained
        or squad_normalise(one.text) == squad_normalise(other.text)
        or holds(one.text, other.text)
        or holds(other.text, one.text)
    )
