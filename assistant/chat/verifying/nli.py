"""An entailment model that judges sentences in place of the fitted closeness, where the settings name one."""

from functools import cached_property
from typing import TYPE_CHECKING, Any

from index.errors import ModelError

if TYPE_CHECKING:
    from sentence_transformers import CrossEncoder


class Entailment:
    """A cross-encoder for natural language inference, such as `cross-encoder/nli-deberta-v3-xsmall`.

    Args:
        name: Name or folder of a sentence-transformers cross-encoder with a label `entailment`.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    @cached_property
    def _model(self) -> "CrossEncoder":
        from sentence_transformers import CrossEncoder

        try:
            model: CrossEncoder = CrossEncoder(self._name)
        except (OSError, ValueError) as error:
            raise ModelError(
                f"The entailment model {self._name!r} cannot be loaded: {error}. "
                "Set DATELINE_NLI_MODEL to the name or folder of a cross-encoder, or leave it out."
            ) from error
        return model

    @cached_property
    def _entailment(self) -> int:
        config: Any = self._model.config
        labels: dict[int, str] = config.id2label
        found = [int(n) for n, label in labels.items() if label.casefold() == "entailment"]
        if not found:
            raise ModelError(
                f"The model {self._name!r} does not judge entailment: its labels are {', '.join(labels.values())}."
            )
        return found[0]

    def probability(self, quotes: str, claim: str) -> float:
        """That the claim follows from the quotes, 0 to 1."""
        scores: Any = self._model.predict([(quotes, claim)], apply_softmax=True)
        return float(scores[0][self._entailment])
