"""How sure one can be that quotes say what a sentence does, beyond having its names, numbers and dates."""

import json
import math
from dataclasses import astuple, dataclass, fields
from pathlib import Path

FITTED = Path(__file__).with_name("closeness.json")


@dataclass(frozen=True)
class Signs:
    """What the closeness of a sentence and its quotes is judged by.

    Attributes:
        covered: Share of the sentence's terms that the quotes or the headline have, 0 to 1.
        cosine: Of both meanings, -1 to 1.
        loosest: Of the sentence's words that the quotes have not, how near the farthest one is to any of theirs: the
            cosine of the two words' meanings, -1 to 1; 1 where they have all.
        loose: The mean of these cosines.
    """

    covered: float
    cosine: float
    loosest: float
    loose: float


@dataclass(frozen=True)
class Closeness:
    """A logistic model of `Signs`, and the least lead of names; both fitted by `eval/benchmarks/verifier.py`.

    Attributes:
        weights: In the order of the signs.
        intercept: Of the model.
        threshold: The least probability at which a sentence counts as borne out.
        least_lead: And the least lead of its names (see `assistant.chat.verifying.cloze.lead`).
    """

    weights: tuple[float, ...]
    intercept: float
    threshold: float
    least_lead: float

    def probability(self, signs: Signs) -> float:
        """That the quotes bear the sentence out, 0 to 1."""
        z = self.intercept + sum(w * sign for w, sign in zip(self.weights, astuple(signs), strict=True))
        return 1 / (1 + math.exp(-z))

    @classmethod
    def load(cls, file: Path = FITTED) -> "Closeness":
        """Read a fitted model.

        Raises:
            ValueError: It has another number of weights than there are signs.
        """
        read = json.loads(file.read_text(encoding="utf-8"))
        if len(read["weights"]) != len(fields(Signs)):
            raise ValueError(f"{file} has {len(read['weights'])} weights for {len(fields(Signs))} signs. Fit it again.")
        return cls(tuple(read["weights"]), read["intercept"], read["threshold"], read["least_lead"])
