"""Claims about the stories written for training, true and false, each with the sentences that it is about.

A file has the name of the file of stories that it is about, and holds::

    # Title of the story
    + A claim that the story bears out, in other words. @ exact words of the sentence that does
    - One that it does not, with the same names. @ exact words of the sentence that it is nearest to

Behind `@` stand words that one sentence of the story has and no other one; a claim may rest on several.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from assistant.reader.training.sentences import sentence_spans
from assistant.reader.training.stories import STORIES, Story, read_stories

CLAIMS = Path(__file__).parent / "claims"
HELD_OUT = ("courts-06.txt", "southasia-07.txt", "disasters-10.txt")
"""The files kept out of training, on which closeness is fitted."""


@dataclass(frozen=True)
class StoryClaim:
    """A claim about a story.

    Attributes:
        text: One sentence.
        is_true: Whether the story bears it out.
        story: The story.
        about: The sentences that it is about, by their places among those of the story.
        file: Name of the file that it stands in.
    """

    text: str
    is_true: bool
    story: Story
    about: tuple[int, ...]
    file: str


class ClaimError(ValueError):
    """A claim that breaks the format; says where and what to do."""


def sentences_of(story: Story) -> list[str]:
    """The sentences of a story, in order."""
    return [story.text[start:end] for start, end in sentence_spans(story.text)]


def read_claims(files: list[Path], stories: Path = STORIES) -> list[StoryClaim]:
    """Read files of claims.

    Args:
        files: Paths.
        stories: Folder of the stories that they are about.

    Raises:
        ClaimError: The first line that breaks the format.
    """
    claims: list[StoryClaim] = []
    for file in files:
        told = {story.title: story for story in read_stories([stories / file.name])}
        story: Story | None = None
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1):
            try:
                if line.startswith("# "):
                    story = told[line[2:].strip()]
                elif line.strip():
                    claims.append(_claim(line.strip(), story, file.name))
            except KeyError as error:
                raise ClaimError(f"{file.name}, line {number}: {stories / file.name} has no story {error}.") from error
            except ValueError as error:
                raise ClaimError(f"{file.name}, line {number}: {error}") from error
    return claims


def _claim(line: str, story: Story | None, file: str) -> StoryClaim:
    match = re.fullmatch(r"([+-]) (.+?)((?: @ .+)+)", line)
    if story is None or match is None:
        raise ValueError("neither the title of a story, nor `+` or `-` and a claim with words of a sentence behind `@`")
    spans = sentence_spans(story.text)
    about: set[int] = set()
    for words in match[3].split(" @ ")[1:]:
        start = _only(words.strip(), story.text)
        about |= {place for place, (a, b) in enumerate(spans) if a < start + len(words.strip()) and start < b}
    return StoryClaim(match[2], match[1] == "+", story, tuple(sorted(about)), file)


def _only(words: str, text: str) -> int:
    """Where words stand that a text has once."""
    if text.count(words) != 1:
        raise ValueError(f"the story has {words!r} {text.count(words)} times; give words that it has once")
    return text.index(words)


def split_claims(folder: Path = CLAIMS) -> tuple[list[StoryClaim], list[StoryClaim]]:
    """All claims of a folder: those to train on, and those held out."""
    claims = read_claims(sorted(folder.glob("*.txt")))
    return [c for c in claims if c.file not in HELD_OUT], [c for c in claims if c.file in HELD_OUT]
