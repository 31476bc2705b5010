"""What reviewers decided, and how far they agree."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Literal

from eval.files import write_whole
from eval.formats.json_rows import json_rows
from eval.gold import GoldError

Verdict = Literal["accept", "reject"]


@dataclass(frozen=True)
class Review:
    """One reviewer's decision on one candidate.

    Attributes:
        id: The candidate's.
        reviewer: Who.
        at: When (ISO 8601).
        verdict: Whether it is a good question.
        question: What is to be asked, if edited.
        answers: The accepted answers, if edited.
    """

    id: str
    reviewer: str
    at: str
    verdict: Verdict
    question: str | None = None
    answers: tuple[str, ...] | None = None


@dataclass(frozen=True)
class Agreement:
    """How far two reviewers agree on what both decided.

    Attributes:
        reviewers: The two.
        both: How many candidates both decided.
        share: Share of these on which they agree; None of none.
        kappa: Cohen's kappa; None where both gave one verdict only, so that chance explains all.
    """

    reviewers: tuple[str, str]
    both: int
    share: float | None
    kappa: float | None


class Reviews:
    """Decisions kept beside the candidates; of one reviewer on one candidate, the last counts.

    Args:
        candidates: The file of candidates.
    """

    def __init__(self, candidates: Path) -> None:
        self._file = candidates.with_suffix(".reviews.jsonl")
        self._by_key: dict[tuple[str, str], Review] = {}
        if self._file.exists():
            for review in _read(self._file):
                self._put(review)

    def add(self, review: Review) -> None:
        """Keep a decision."""
        self._put(review)
        self._write()

    def take_in(self, file: Path, reviewer: str) -> None:
        """Keep the decisions of a file, as those of this reviewer.

        Raises:
            GoldError: It holds something else.
        """
        for review in _read(file):
            self._put(replace(review, reviewer=reviewer))
        self._write()

    def _write(self) -> None:
        lines = (json.dumps(asdict(review), ensure_ascii=False) for review in self._by_key.values())
        write_whole(self._file, "".join(f"{line}\n" for line in lines))

    def _put(self, review: Review) -> None:
        self._by_key[review.id, review.reviewer] = review

    def decided(self, reviewer: str) -> set[str]:
        """The candidates that somebody has decided."""
        return {identity for identity, who in self._by_key if who == reviewer}

    def of(self, candidate_id: str) -> list[Review]:
        """All decisions on a candidate, the first one first."""
        return sorted(
            (review for review in self._by_key.values() if review.id == candidate_id), key=lambda review: review.at
        )

    def agreements(self) -> list[Agreement]:
        """The agreement of each two reviewers."""
        names = sorted({who for _, who in self._by_key})
        return [self._agreement(one, other) for n, one in enumerate(names) for other in names[n + 1 :]]

    def _agreement(self, one: str, other: str) -> Agreement:
        ids = sorted(self.decided(one) & self.decided(other))
        pairs = [(self._by_key[i, one].verdict, self._by_key[i, other].verdict) for i in ids]
        share = sum(a == b for a, b in pairs) / len(pairs) if pairs else None
        return Agreement((one, other), len(pairs), share, kappa(pairs))


def _read(file: Path) -> list[Review]:
    found = []
    for number, row in json_rows(file):
        try:
            fields = dict(row or {})
            answers = fields.pop("answers", None)
            review = Review(**fields, answers=None if answers is None else tuple(map(str, answers)))
            if review.verdict not in ("accept", "reject"):
                raise ValueError
            found.append(review)
        except (TypeError, ValueError):
            raise GoldError(f"{file}:{number}: no decision of a reviewer") from None
    return found


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's kappa (Cohen 1960): (p - e) / (1 - e).

    p is the share of pairs that agree, e the share that would by chance: Σ over verdicts of the product of both
    reviewers' shares of it. None where e is 1, or without pairs.
    """
    if not pairs:
        return None
    n = len(pairs)
    agree = sum(a == b for a, b in pairs) / n
    verdicts = {verdict for pair in pairs for verdict in pair}
    chance = sum(sum(a == v for a, _ in pairs) * sum(b == v for _, b in pairs) for v in verdicts) / n**2
    return None if chance == 1 else (agree - chance) / (1 - chance)


def accepted(candidates: Sequence[Mapping[str, Any]], reviews: Reviews) -> list[dict[str, Any]]:
    """The candidates that somebody accepted and nobody rejected, as last edited, with who accepted them and when."""
    found = []
    for candidate in candidates:
        decisions = reviews.of(str(candidate["id"]))
        if not decisions or any(review.verdict == "reject" for review in decisions):
            continue
        line = dict(candidate)
        for review in decisions:
            line["question"] = review.question or line["question"]
            line["answers"] = line["answers"] if review.answers is None else list(review.answers)
        line["accepted_by"] = [review.reviewer for review in decisions]
        line["accepted_at"] = decisions[-1].at
        found.append(line)
    return found
