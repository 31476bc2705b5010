"""Stories written for training, with questions on each: the news register, and near misses that people would ask.

A file holds any number of stories::

    # Title of the story
    2025-03-14 kesh-flood

    Paragraphs, with an empty line between.

    ? A question that the story answers
    = exact words of the story
    = another way to put it, exact words too
    ?> A follow-up that leans on the question before it
    = 12 @ left 12 people dead
    ? A question that the story does not answer
    = none

After the date may stand the name of an event that several stories tell of. An answer that occurs more than once is
placed by `@` and some words around it. ``python -m assistant.reader.training.stories FILE ...`` checks and counts.
"""

from __future__ import annotations

import datetime
import re
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from assistant.answer import Turn
from assistant.follow_up import standalone
from assistant.reader.training.data import Reading
from assistant.reader.training.negatives import Passage
from assistant.reader.training.sentences import sentence_spans
from index.dates_shown import day_in_words
from index.terms import terms

STORIES = Path(__file__).parent / "stories"
HELD_OUT = "*-02.txt"
"""The files kept out of training, one of each beat."""
_DATE = re.compile(r"(\d{4}-\d\d-\d\d)(?: (\S+))?")


@dataclass(frozen=True)
class StoryQuestion:
    """A question on a story.

    Attributes:
        text: As asked.
        answers: Character ranges in the story's text; empty where it does not say.
        leans_on: The question before it, where this one is a follow-up.
    """

    text: str
    answers: tuple[tuple[int, int], ...]
    leans_on: StoryQuestion | None = None


@dataclass(frozen=True)
class Story:
    """A story with its questions.

    Attributes:
        title: Its headline.
        date: When it appeared.
        event: Name of the event that it tells of, "" where no other story does.
        text: Paragraphs with an empty line between.
        questions: In the order of the file.
    """

    title: str
    date: datetime.date
    event: str
    text: str
    questions: tuple[StoryQuestion, ...]


class StoryError(ValueError):
    """A story file that breaks the format; says where and what to do."""


def read_stories(files: list[Path]) -> list[Story]:
    """Read story files.

    Args:
        files: Paths, in the order to read them.

    Returns:
        All stories.

    Raises:
        StoryError: The first thing that breaks the format.
    """
    stories = []
    for file in files:
        for number, block in enumerate(re.split(r"^# ", file.read_text(encoding="utf-8"), flags=re.MULTILINE)[1:], 1):
            try:
                stories.append(_story(block))
            except ValueError as error:
                raise StoryError(f"{file.name}, story {number} ({block.splitlines()[0]}): {error}") from error
    return stories


def _story(block: str) -> Story:
    title, dated, *lines = block.strip().splitlines()
    match = _DATE.fullmatch(dated.strip())
    if not match:
        raise ValueError(f"the second line must be a date and perhaps an event, not {dated!r}")
    asked = next((n for n, line in enumerate(lines) if line.startswith("?")), len(lines))
    text = re.sub(r"\n{2,}", "\n\n", "\n".join(line.rstrip() for line in lines[:asked])).strip()
    questions: list[StoryQuestion] = []
    pending: list[str] = []
    for line in [*(line.strip() for line in lines[asked:] if line.strip()), "?"]:
        if line.startswith("?"):
            if pending:
                questions.append(_question(pending, text, questions[-1] if questions else None))
            pending = [line]
        elif line.startswith("="):
            pending.append(line[1:].strip())
        else:
            raise ValueError(f"neither question nor answer: {line!r}")
    return Story(title.strip(), datetime.date.fromisoformat(match[1]), match[2] or "", text, tuple(questions))


def _question(lines: list[str], text: str, before: StoryQuestion | None) -> StoryQuestion:
    head, *answers = lines
    leans = head.startswith("?>")
    asked = head.lstrip("?>").strip()
    if not asked or not answers:
        raise ValueError(f"a question without words or without an answer: {head!r}")
    if leans and before is None:
        raise ValueError(f"a follow-up needs a question before it: {asked!r}")
    spans = () if answers == ["none"] else tuple(_place(answer, text) for answer in answers)
    return StoryQuestion(asked, spans, before if leans else None)


def _place(answer: str, text: str) -> tuple[int, int]:
    words, _, around = (part.strip() for part in answer.partition(" @ "))
    where = _only(around, text) if around else 0
    inside = text[where : where + len(around)] if around else text
    start = where + _only(words, inside)
    return start, start + len(words)


def _only(words: str, text: str) -> int:
    found = [match.start() for match in re.finditer(rf"(?<!\w){re.escape(words)}(?!\w)", text)]
    if not words or not found:
        raise ValueError(f"these are not exact words of the story: {words!r}")
    if len(found) > 1:
        raise ValueError(f"{words!r} occurs {len(found)} times; say which by `@` and unique words around it")
    return found[0]


def split_stories(folder: Path = STORIES) -> tuple[list[Story], list[Story]]:
    """Read all stories of a folder.

    Returns:
        Those to train on, and those held out; no event is in both.
    """
    held_out = read_stories(sorted(folder.glob(HELD_OUT)))
    known = {story.event for story in held_out if story.event}
    others = read_stories([file for file in sorted(folder.glob("*.txt")) if not file.match(HELD_OUT)])
    return [story for story in others if story.event not in known], held_out


def story_readings(stories: list[Story]) -> list[Reading]:
    """The questions of stories, each put to the whole text of its story.

    A follow-up is worded as at run time, followed by the question and the answer that it leans on. A question without
    an answer keeps in view the sentence that shares most words with it.
    """
    return [_reading(story, question) for story in stories for question in story.questions]


def _reading(story: Story, question: StoryQuestion) -> Reading:
    text = story.text
    asked = question.text
    if before := question.leans_on:
        said = "".join(text[start:end] for start, end in before.answers[:1])
        asked = standalone(asked, [Turn("user", before.text), *([Turn("assistant", said)] if said else [])])
    focus = None
    if not question.answers:
        wanted = set(terms(asked))
        focus = max(sentence_spans(text), key=lambda span: (len(wanted & set(terms(text[slice(*span)]))), -span[0]))
    return Reading(
        asked,
        text,
        question.answers,
        tuple(text[start:end] for start, end in question.answers),
        story.title,
        f"stories:{story.event or story.title}",
        "stories",
        "right" if question.answers else "asked",
        day_in_words(story.date.isoformat()) or "",
        focus,
    )


def windows(stories: list[Story], length: int = 5) -> list[Passage]:
    """The stories in windows of so many sentences that overlap by one, to draw near passages from."""
    made = []
    for story in stories:
        spans = sentence_spans(story.text)
        for begin in range(0, max(len(spans) - 1, 1), length - 1):
            first, last = spans[begin][0], spans[min(begin + length, len(spans)) - 1][1]
            made.append(Passage(f"stories:{story.event or story.title}", story.title, story.text[first:last]))
    return made


def main() -> None:
    """Check the files named on the command line; say what is wrong with each, or count."""
    count: Counter[str] = Counter()
    for name in sys.argv[1:]:
        wrong = []
        for number, block in enumerate(re.split(r"^# ", Path(name).read_text(encoding="utf-8"), flags=re.M)[1:], 1):
            try:
                story = _story(block)
            except (ValueError, IndexError) as error:
                wrong.append(f"  story {number} ({block.splitlines()[0][:50]}): {error}")
                continue
            count["stories"] += 1
            count["words"] += len(story.text.split())
            for question in story.questions:
                count["questions"] += 1
                count["unanswerable"] += not question.answers
                count["follow-ups"] += question.leans_on is not None
        sys.stdout.write(f"{name}: {'fine' if not wrong else ''}\n" + "".join(f"{line}\n" for line in wrong))
    sys.stdout.write(f"{dict(count)}\n")


if __name__ == "__main__":
    main()
