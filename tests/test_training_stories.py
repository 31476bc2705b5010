from pathlib import Path

import pytest

from assistant.reader.training.stories import (
    STORIES,
    StoryError,
    read_stories,
    split_stories,
    story_readings,
    windows,
)

STORY = """# Toll rises
2025-03-14 kesh-flood

LAHORE: Left 12 people dead, said Amna Sadiq, for 12 years the head of rescue.

Schools stay shut.

? Who gave the toll?
= Amna Sadiq
= Amna Sadiq, for 12 years the head of rescue
?> How long has she led it?
= 12 years
? How many died?
= 12 @ Left 12 people
? When do the schools open?
= none
"""


def written(folder: Path, text: str) -> list[Path]:
    file = folder / "kesh-01.txt"
    file.write_text(text, encoding="utf-8")
    return [file]


def test_a_story_is_read_with_the_places_of_its_answers(tmp_path: Path) -> None:
    (story,) = read_stories(written(tmp_path, STORY))
    assert (story.title, story.date.isoformat(), story.event) == ("Toll rises", "2025-03-14", "kesh-flood")
    who, how_long, how_many, when = story.questions
    assert [story.text[a:b] for a, b in who.answers] == ["Amna Sadiq", "Amna Sadiq, for 12 years the head of rescue"]
    assert how_long.leans_on == who
    assert how_many.answers[0][0] == story.text.index("12 people")
    assert when.answers == ()


def test_readings_are_worded_as_at_run_time_and_keep_the_nearest_sentence_in_view(tmp_path: Path) -> None:
    readings = story_readings(read_stories(written(tmp_path, STORY)))
    assert readings[1].question == "How long has she led it? Who gave the toll? Amna Sadiq"
    assert readings[0].date == "14 March 2025"
    assert readings[3].focus
    assert readings[3].context[slice(*readings[3].focus)] == "Schools stay shut."


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("= 12 years", "= 13 years", "not exact words"),
        ("= 12 @ Left 12 people", "= 12", "occurs 2 times"),
        ("2025-03-14 kesh-flood", "14 March", "must be a date"),
        ("? Who gave the toll?\n= Amna Sadiq\n", "? Who gave the toll?\n", "without an answer|needs a question"),
    ],
)
def test_what_breaks_the_format_is_named(tmp_path: Path, old: str, new: str, says: str) -> None:
    text = STORY.replace("= Amna Sadiq, for 12 years the head of rescue\n", "").replace(old, new)
    with pytest.raises(StoryError, match=says):
        read_stories(written(tmp_path, text))


def test_the_stories_are_sound_and_no_event_is_on_both_sides_of_the_split() -> None:
    train, held_out = split_stories()
    assert len(train) > 5 * len(held_out) > 0
    assert not {s.event for s in train if s.event} & {s.event for s in held_out if s.event}
    assert not {s.text for s in train} & {s.text for s in held_out}
    questions = [question for story in (*train, *held_out) for question in story.questions]
    assert 0.2 < sum(not question.answers for question in questions) / len(questions) < 0.4
    assert all(window.text in {s.title: s.text for s in held_out}[window.title] for window in windows(held_out))
    assert STORIES.is_dir()
