"""Which settings are tried."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from assistant.settings import Settings
from eval.gold import GoldError

INDEXING = ("embedding_model", "passage_words", "overlap_sentences")
"""Settings that the library is made with: others need no new one."""
ASKING = ("k", "words_weight", "reader", "threshold", "chat_model", "chat_context", "nli_model")


@dataclass(frozen=True)
class Trial:
    """One combination.

    Attributes:
        tried: What is set, by name.
        settings: All settings.
    """

    tried: Mapping[str, object]
    settings: Settings

    @property
    def name(self) -> str:
        """What is set, in words; `as set` where nothing is."""
        return ", ".join(f"{name}={value}" for name, value in self.tried.items()) or "as set"


def trials(settings: Settings, given: Sequence[str]) -> list[Trial]:
    """Every combination of the values given, and the settings as they are, first.

    Args:
        settings: Those in use.
        given: `name=value,value,…` each.

    Raises:
        GoldError: A name is none that changes answers, or a value cannot be.
    """
    values: dict[str, list[str]] = {}
    for item in given:
        name, _, listed = item.partition("=")
        name = name.strip()
        if name not in (*INDEXING, *ASKING) or not listed:
            known = ", ".join((*INDEXING, *ASKING))
            raise GoldError(f"--set takes name=value,value with a name of {known}; not {item!r}")
        values[name] = list(dict.fromkeys(value.strip() for value in listed.split(",") if value.strip()))
    found = [Trial({}, settings)]
    for combination in product(*values.values()):
        told = dict(zip(values, combination, strict=True))
        try:
            changed = Settings.model_validate({**settings.model_dump(), **told})
        except ValueError as error:
            raise GoldError(f"--set: {_first(error)}") from None
        if changed not in [trial.settings for trial in found]:
            found.append(Trial({name: getattr(changed, name) for name in told}, changed))
    return found


def _first(error: ValueError) -> str:
    return " ".join(str(error).splitlines()[1:3])
