"""A chat model as judge: beside the metrics, never in the gate, and only as good as it agrees with people."""

import re
import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from eval.drafting.reviews import kappa
from prompts import Prompt

_NONE = "the articles do not say"
_VERDICT = re.compile(r"\b(right|wrong)\b", re.IGNORECASE)

PLACEHOLDERS = {"fence", "none", "question", "accepted", "answer"}
"""What the prompt `judge` is filled with."""


@dataclass(frozen=True)
class Agreement:
    """How far the judge agrees with other verdicts.

    Attributes:
        n: On how many questions there are both.
        share: Share of them on which they agree; None of none.
        kappa: Cohen's kappa (`eval.drafting.reviews.kappa`).
    """

    n: int
    share: float | None
    kappa: float | None


def judged(line: Mapping[str, Any], prompt: Prompt, write: Callable[[str], str]) -> bool | None:
    """What the judge says of a line of `results.jsonl`; None where it says neither right nor wrong.

    Args:
        line: The question, the accepted answers and the answer.
        prompt: The prompt `judge`.
        write: Gives what the model writes to a prompt.
    """
    filled = prompt.fill(
        fence=secrets.token_hex(8),
        none=_NONE,
        question=line["question"],
        accepted=" / ".join(line["expected"]) or _NONE,
        answer=line["answer"],
    )
    found = _VERDICT.findall(write(filled))
    return found[-1].lower() == "right" if found else None


def agreement(verdicts: Mapping[str, bool], others: Mapping[str, bool]) -> Agreement:
    """How far verdicts agree with others, by question's id."""
    pairs: Sequence[tuple[str, str]] = [
        (str(verdict), str(others[identity])) for identity, verdict in verdicts.items() if identity in others
    ]
    share = sum(a == b for a, b in pairs) / len(pairs) if pairs else None
    return Agreement(len(pairs), share, kappa(pairs))
