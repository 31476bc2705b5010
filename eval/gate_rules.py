"""The gate's rules, read from `eval/gate.toml`."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from eval.gold import GoldError, read_text
from eval.metrics.names import NAMES

RULES = Path(__file__).parent / "gate.toml"

_TABLES = ("at_least", "at_most", "not_worse")


@dataclass(frozen=True)
class Rules:
    """What a report must hold.

    Attributes:
        at_least: By metric, the least value that passes.
        at_most: By metric, the greatest.
        not_worse: Metrics that may not be worse than the baseline's, question by question.
    """

    at_least: Mapping[str, float]
    at_most: Mapping[str, float]
    not_worse: tuple[str, ...]


def read_rules(path: Path = RULES) -> Rules:
    """Read the rules.

    Raises:
        GoldError: The file is missing, no TOML, or names a rule or metric that does not exist.
    """
    try:
        content = tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError as error:
        raise GoldError(f"{path} is not TOML: {error}") from None
    unknown = sorted(set(content) - set(_TABLES))
    if unknown:
        raise GoldError(f"{path}: there is no rule {', '.join(unknown)}; there are {', '.join(_TABLES)}")
    not_worse = content.get("not_worse", [])
    if not isinstance(not_worse, list):
        raise GoldError(f"{path}: not_worse must be a list of metrics")
    rules = Rules(_bounds(path, content, "at_least"), _bounds(path, content, "at_most"), tuple(not_worse))
    for name in (*rules.at_least, *rules.at_most, *rules.not_worse):
        if name not in NAMES:
            raise GoldError(f"{path}: there is no metric {name!r}; there are {', '.join(NAMES)}")
    return rules


def _bounds(path: Path, content: Mapping[str, Any], table: str) -> dict[str, float]:
    bounds = content.get(table, {})
    if not isinstance(bounds, dict) or not all(type(bound) in (int, float) for bound in bounds.values()):
        raise GoldError(f"{path}: {table} must be a table of metrics and numbers")
    return {name: float(bound) for name, bound in bounds.items()}
