"""Questions that their passage does not answer, made from questions that have answers.

Near misses teach a reader to refuse; far ones are refused anyway. Four kinds: a near passage by BM25, the right passage
without the sentences that answer, and the right passage under a question in which a name, a number or one word has
been changed.
"""

from __future__ import annotations

import math
import random
import re
from collections import Counter, defaultdict
from dataclasses import dataclass, replace

from assistant.reader.training.data import Qamr, Reading
from assistant.reader.training.sentences import sentence_spans

_WORD = re.compile(r"\w+")
_NAME = re.compile(r"\b[A-Z][\w’'-]+(?:\s+(?:(?:of|the|de|al|von|van|bin)\s+)?[A-Z][\w’'-]+)*")
_NUMBER = re.compile(r"(?<![\w.,])\d[\d,.]*\d(?!\w)|(?<![\w.,])\d(?!\w)")
_NAME_OR_NUMBER = re.compile(r"[A-Z]|\d")
_COMMON = frozenset(
    _WORD.findall(
        "a an and are as at be been but by did do does for from had has have he her his how i if in into is it its "
        "many most much not of on or our she so some such than that the their them then there these they this those "
        "to was we were what when where which while who whom whose why will with would you your"
    )
)
_SWAPS: dict[str, tuple[str, ...]] = {}
for _group in (
    "first last second final",
    "largest smallest",
    "highest lowest",
    "biggest smallest",
    "oldest youngest newest",
    "most least",
    "best worst",
    "north south east west",
    "northern southern eastern western",
    "before after",
    "began ended",
    "start end",
    "started stopped",
    "won lost",
    "win lose",
    "born married buried",
    "die marry retire",
    "died married retired",
    "bought sold",
    "increase decrease",
    "increased decreased",
    "built destroyed",
    "founded closed",
    "arrested released",
    "joined left",
    "father mother brother sister son daughter wife husband",
    "president minister spokesman governor judge mayor",
    "men women children",
    "male female",
    "positive negative",
    "advantage disadvantage",
    "advantages disadvantages",
    "supported opposed",
    "cause prevent",
    "good bad",
    "early late",
    "old new",
    "killed injured arrested",
    "morning evening",
    "january july september november",
    "february april june august october december",
    "monday wednesday friday sunday",
    "tuesday thursday saturday",
    "north south",
    "public private",
    "internal external",
    "ancient modern",
    "minimum maximum",
):
    for _word in _group.split():
        _SWAPS.setdefault(_word, tuple(other for other in _group.split() if other != _word))


@dataclass(frozen=True)
class Passage:
    """A passage that questions can be put to."""

    article: str
    title: str
    text: str


class PassageIndex:
    """BM25 (Robertson and Zaragoza 2009, k1 = 1.2, b = 0.75) over the passages of the training sets."""

    def __init__(self, passages: list[Passage]) -> None:
        """Index passages.

        Args:
            passages: What to search.
        """
        self.passages = passages
        postings: dict[str, list[tuple[int, float]]] = defaultdict(list)
        counts = [Counter(words(passage.text)) for passage in passages]
        mean = sum(sum(count.values()) for count in counts) / max(1, len(counts))
        for number, count in enumerate(counts):
            norm = 1.2 * (0.25 + 0.75 * sum(count.values()) / mean)
            for term, frequency in count.items():
                postings[term].append((number, frequency * 2.2 / (frequency + norm)))
        total = len(passages)
        self._postings = {
            term: (math.log(1 + (total - len(found) + 0.5) / (len(found) + 0.5)), found)
            for term, found in postings.items()
            if len(found) < total / 8
        }

    def search(self, question: str, k: int) -> list[Passage]:
        """Passages nearest to a question.

        Args:
            question: Any text.
            k: How many, at most.

        Returns:
            Passages, best first.
        """
        scores: dict[int, float] = defaultdict(float)
        for term in set(words(question)):
            weight, found = self._postings.get(term, (0.0, []))
            for number, score in found:
                scores[number] += weight * score
        best = sorted(scores, key=lambda number: (-scores[number], number))[:k]
        return [self.passages[number] for number in best]


def words(text: str) -> list[str]:
    """Lower-cased words, without the commonest."""
    return [word for word in _WORD.findall(text.lower()) if word not in _COMMON]


def gather(readings: list[Reading], qamr: Qamr) -> list[Passage]:
    """Passages to search: each paragraph once, and QAMR documents in windows of five sentences."""
    unique = {reading.context: Passage(reading.article, reading.title, reading.context) for reading in readings}
    for name, sentences in qamr.documents.items():
        title = " ".join(sentences[0].split()[:9]).rstrip(".,;:")
        for start in range(0, len(sentences), 4):
            text = " ".join(sentences[start : start + 5])
            unique[text] = Passage(name, title if start else "", text)
    return list(unique.values())


def _holds_answer(context: str, reading: Reading) -> bool:
    lowered = f" {' '.join(_WORD.findall(context.lower()))} "
    return any(f" {' '.join(_WORD.findall(text.lower()))} " in lowered for text in reading.texts)


def without_answer(reading: Reading, context: str, kind: str, title: str | None = None) -> Reading:
    """The same question put to a passage that does not answer it."""
    title = reading.title if title is None else title
    return replace(reading, context=context, answers=(), kind=kind, title=title, focus=None)


def near_passage(reading: Reading, index: PassageIndex, rng: random.Random) -> Reading | None:
    """Put the question to one of the six best BM25 passages that do not hold any of its answers.

    Of stories, passages of the same story or event are taken only where the answer is a name or a number, since any
    other they may tell in other words; passages of others only where the question names something.
    """
    found = [p for p in index.search(reading.question, 12) if p.text != reading.context]
    if reading.source == "stories":
        solid = any(_NAME_OR_NUMBER.search(text) for text in reading.texts)
        named = _NAME_OR_NUMBER.search(reading.question[1:])
        found = [p for p in found if (solid if p.article == reading.article else named)]
    found = [p for p in found if p.text not in reading.context or reading.source == "stories"]
    found = [p for p in found if not _holds_answer(p.text, reading)][:6]
    if not found:
        return None
    passage = found[min(rng.randrange(len(found)), rng.randrange(len(found)))]
    return without_answer(reading, passage.text, "near", passage.title)


def cut_answer(reading: Reading, rng: random.Random) -> Reading | None:
    """Take every sentence that meets an annotated answer out of the passage.

    Args:
        reading: A question with answers.
        rng: Unused; every negative takes it.

    Returns:
        The question on what is left, or None if less than two sentences are left or they hold an answer's words.
    """
    spans = sentence_spans(reading.context)
    left = [(a, b) for a, b in spans if not any(a < end and start < b for start, end in reading.answers)]
    context = " ".join(reading.context[a:b] for a, b in left)
    if len(left) < 2 or _holds_answer(context, reading):
        return None
    return without_answer(reading, context, "cut")


def _changes(reading: Reading) -> list[tuple[int, int, list[str]]]:
    """Ranges of the question that can be replaced, each with what to put there."""
    question, context = reading.question, reading.context
    answering = " ".join(
        context[a:b] for a, b in sentence_spans(context) if any(a < end and start < b for start, end in reading.answers)
    )
    starts = {start for start, _ in sentence_spans(context)}
    changes: list[tuple[int, int, list[str]]] = []
    names = {m.group(): m.start() for m in _NAME.finditer(context) if m.start() not in starts or " " in m.group()}
    names = {name: at for name, at in names.items() if len(name) > 3 and name.lower() not in _COMMON}
    known = sorted(names, key=len, reverse=True)
    others = [name for name in known if name not in answering and name.lower() not in question.lower()]
    for name in known:
        match = re.search(rf"\b{re.escape(name)}(?!\w)", question, re.IGNORECASE)
        fresh = [other for other in others if not set(words(other)) & set(words(name))]
        if match and fresh:
            changes.append((*match.span(), fresh))
            break
    for match in _NUMBER.finditer(question):
        number = match.group()
        alike = [m.group() for m in _NUMBER.finditer(context) if len(m.group()) == len(number)]
        fresh = [other for other in alike if other != number and other not in answering]
        if not fresh and number.isdigit():
            fresh = [str(int(number) + step) for step in (-7, -2, 1, 3, 10) if int(number) + step > 0]
        changes.append((*match.span(), fresh or [number + "0"]))
    for match in _WORD.finditer(question.lower()):
        if match.group() in _SWAPS and match.group() in answering.lower() and match.start() > 0:
            changes.append((*match.span(), list(_SWAPS[match.group()])))
    return changes


def change_question(reading: Reading, rng: random.Random) -> Reading | None:
    """Change one name, number or word of the question, so that the passage no longer answers it.

    A name gives way to another name of the passage that is not in the answering sentence; a number to another number
    of the same length; a word of a short list to its opposite or neighbour ("first", "last").

    Args:
        reading: A question with answers.
        rng: Chooses among the changes.

    Returns:
        The changed question, or None if nothing in it can be changed.
    """
    changes = _changes(reading)
    if not changes:
        return None
    start, end, fresh = rng.choice(changes)
    question = reading.question[:start] + rng.choice(fresh) + reading.question[end:]
    return replace(without_answer(reading, reading.context, "changed"), question=question)
