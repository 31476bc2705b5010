"""One way into every format: `read`."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, get_args

from eval.gold import GoldError, GoldQuestion, read_native
from eval.squad import read_squad
from index.article import Article

Format = Literal["native", "squad", "beir", "clapnq", "csv"]
FORMATS: tuple[Format, ...] = get_args(Format)


@dataclass(frozen=True)
class Imported:
    """What a set holds.

    Attributes:
        articles: The articles that come with it; empty where the set does not hold them.
        questions: The questions that could be read.
        broken: The others, a line each: where, and why.
    """

    articles: Sequence[Article]
    questions: Sequence[GoldQuestion]
    broken: Sequence[str]


def guessed(path: Path) -> Format:
    """The format of a file or folder, by its name and beginning.

    Raises:
        GoldError: There is no such file, or it looks like none of the formats.
    """
    if not path.exists():
        raise GoldError(f"{path} does not exist")
    if path.is_dir():
        if (path / "corpus.jsonl").is_file() or (path / "corpus.jsonl.gz").is_file():
            return "beir"
        raise GoldError(f"{path} is a folder without corpus.jsonl: of folders, only BEIR's are read")
    name = path.name.removesuffix(".gz")
    if name.endswith((".csv", ".tsv")):
        return "csv"
    if name.endswith(".json"):
        return "squad"
    if name.endswith(".jsonl"):
        from eval.formats.clapnq import is_clapnq

        return "clapnq" if is_clapnq(path) else "native"
    raise GoldError(f"{path} does not tell its format: say it with --format ({', '.join(FORMATS)})")


def read(path: Path, format: Format) -> Imported:
    """Read a set.

    Raises:
        GoldError: It cannot be read at all.
    """
    if format == "native":
        questions, problems = read_native(path)
        return Imported((), questions, [f"line {problem}" for problem in problems])
    if format == "squad":
        return Imported(*read_squad(path))
    if format == "beir":
        from eval.formats.beir import read_beir

        return read_beir(path)
    if format == "clapnq":
        from eval.formats.clapnq import read_clapnq

        return read_clapnq(path)
    from eval.formats.tables import read_table

    return read_table(path)
