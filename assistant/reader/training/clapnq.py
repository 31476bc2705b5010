"""Reader of ClapNQ (Rosenthal et al. 2024), which is for choosing and calibrating, not for training spans."""

from __future__ import annotations

import gzip
import json
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.training.sentences import detokenise


@dataclass(frozen=True)
class ClapQuestion:
    """A ClapNQ question: a passage cut into sentences, and which of them answer it.

    One answerable question has no sentence marked.
    """

    question: str
    title: str
    sentences: tuple[str, ...]
    answering: frozenset[int]
    answerable: bool

    @property
    def context(self) -> str:
        """The sentences joined by single spaces."""
        return " ".join(self.sentences)


def read_clapnq(folder: Path) -> list[ClapQuestion]:
    """Read the answerable and the unanswerable ClapNQ questions.

    Args:
        folder: Where the two files are.

    Returns:
        All questions, answerable first. Sentences are detokenised.
    """
    questions = []
    for name in ("clapnq-dev-answerable-a.jsonl.gz", "clapnq-dev-unanswerable-a.jsonl.gz"):
        with gzip.open(folder / name, "rt", encoding="utf-8") as file:
            for line in file:
                row = json.loads(line)
                passage = row["passages"][0]
                chosen = {" ".join(s.split()) for output in row["output"] for s in output["selected_sentences"]}
                raw = [" ".join(s.split()) for s in passage["sentences"]]
                answering = frozenset(index for index, sentence in enumerate(raw) if any(sentence in s for s in chosen))
                plain = tuple(detokenise(sentence.split())[0] for sentence in raw)
                answerable = "-answerable-" in name
                questions.append(ClapQuestion(row["input"], passage["title"], plain, answering, answerable))
    return questions
