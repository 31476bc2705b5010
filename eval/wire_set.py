"""A set to measure how copies are found: originals, edited copies of them, and other stories on the same events."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random

from assistant.reader.training.stories import STORIES, Story, read_stories
from eval.command import ARTICLES
from eval.wire import EDITS, PAPERS, printed, rewritten, updated, with_background
from index.article import Article
from index.load import Failure, read

COPIES, DIFFERENT, UPDATES = 500, 500, 60
UPDATE = "update by the same paper"
_WIRE_STORIES = {
    "crossline audit": ("crossline-audit-findings.txt", "crossline-audit-mercury.html"),
    "ferry count": ("ferry-passenger-count-corrected.html", "ferry-passenger-count-mercury.txt"),
    "flood toll": ("flood-toll-rises-corvanne.html", "flood-toll-rises-mercury.txt"),
    "grey heron": ("grey-heron-seized-pellan-bank.txt",),
}
"""The sample articles that two papers printed alike (the last one is in the agency's feed too)."""


@dataclass(frozen=True)
class Original:
    """A story of the library.

    Attributes:
        event: What it tells of.
        article: As printed first.
        story: With its questions; None for a sample article.
    """

    event: str
    article: Article
    story: Story | None = None


@dataclass(frozen=True)
class Item:
    """An article that is put to the test.

    Attributes:
        kind: What was done to it.
        article: The article.
        texts: Ids of the originals whose text it is; it is a copy of every other article of the same.
        is_copy: Whether it is one of the copies.
    """

    kind: str
    article: Article
    texts: frozenset[str]
    is_copy: bool = False


def originals() -> list[Original]:
    """The training stories, each in a paper that is drawn for it, and the sample articles."""
    found = []
    for number, story in enumerate(read_stories(sorted(STORIES.glob("*.txt")))):
        rng = Random(number)  # noqa: S311 - not a secret
        plain = Article(story.title, story.text, published=story.date.isoformat())
        found.append(Original(story.event or f"story {number}", printed(plain, rng.choice(PAPERS), number, rng), story))
    samples = [item for item in read([ARTICLES]) if not isinstance(item, Failure)]
    return found + [Original(Path(article.origin or "").stem.split("-")[0], article) for article in samples]


def text_of(original: Original) -> frozenset[str]:
    """What tells whose text an original is: its id, or the name of the wire story that several sample articles are."""
    file = Path(original.article.origin or "").name.split("#")[0]
    names = [name for name, files in _WIRE_STORIES.items() if original.article.origin and file in files]
    wire_feed = original.article.origin and original.article.origin.endswith("lanthorn-wire-feed.jsonl#0")
    return frozenset(names or (["grey heron"] if wire_feed else [original.article.id]))


def copies_of(pool: Sequence[Original], rng: Random) -> list[Item]:
    """So many copies, each kind of edit as often as the others."""
    made = []
    for number in range(COPIES):
        kind, original = list(EDITS)[number % len(EDITS)], rng.choice(pool)
        paper = rng.choice([paper for paper in PAPERS if paper != original.article.source])
        edited = EDITS[kind](original.article, rng)
        made.append(Item(kind, printed(edited, paper, 10_000 + number, rng), text_of(original), is_copy=True))
    return made


def different(pool: Sequence[Original], rng: Random) -> list[Item]:
    """So many other stories on the same events; those of another day or angle are in the pool themselves."""
    events: defaultdict[str, list[Original]] = defaultdict(list)
    for original in pool:
        events[original.event].append(original)
    others = [
        Item("another day or angle", original.article, text_of(original))
        for original in pool
        if len(events[original.event]) > 1
    ]
    told = [original for original in pool if original.story]
    follow_ups = [original for original in told if len(events[original.event]) > 1]
    rng.shuffle(told)
    made = []
    for number in range(DIFFERENT - len(others)):
        kind = ("rewritten", "background taken over", "rewritten, background taken over")[number % 3]
        if kind == "background taken over":
            later = rng.choice(follow_ups)
            earlier = rng.choice([other for other in events[later.event] if other is not later and other.story])
            text, texts = with_background(later.article.text, _story(earlier).text, rng), text_of(later)
        else:
            earlier = told.pop()
            text, texts = rewritten(_story(earlier), rng), frozenset({f"rewritten {number}"})
            if kind != "rewritten":
                text = with_background(text, _story(earlier).text, rng)
        article = Article(f"{earlier.article.title}: a report", text, published=earlier.article.published)
        paper = rng.choice((earlier.article.source or PAPERS[0], *PAPERS[:3]))
        made.append(Item(kind, printed(article, paper, 20_000 + number, rng), texts))
    return others + made


def _story(original: Original) -> Story:
    assert original.story is not None  # noqa: S101 - only such are drawn
    return original.story


def updates_of(pool: Sequence[Original], rng: Random) -> list[Item]:
    """Later versions by the same paper, at another address."""
    return [
        Item(UPDATE, updated(original.article, _story(original), number, rng), text_of(original), is_copy=True)
        for number, original in enumerate(rng.sample([original for original in pool if original.story], UPDATES))
    ]
