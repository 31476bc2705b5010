"""What the network learns from: claims beside their quotes, and claims and questions that were made false."""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from assistant.chat.verifying.names import names
from assistant.chat.verifying.training.claims import StoryClaim, sentences_of
from assistant.reader.training.stories import Story, StoryQuestion
from index.dates_shown import day_in_words
from index.terms import terms

_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d+(?:[.:]\d+)?")
_VERB = re.compile(r"\b(was|were|is|are|has|have|had|will|can|could|would)\b(?! not)")
_ENDING = re.compile(r"(?:ing|ed|ly|s|)$")
_WRITTEN, _SPOILT = 0.55, 0.8
"""Up to which draw a claim as it was written is taken, and up to which one that is made false; else a question."""
_FOREIGN = 0.25
"""Share of the claims made false that are of another story altogether."""
_BARE, _LOWER = 0.1, 0.1
"""Shares: no headline before the quotes, a claim without capitals."""


@dataclass(frozen=True)
class Example:
    """A claim beside what is to bear it out.

    Attributes:
        claim: A sentence, or a question with an answer behind it.
        context: What stands before the quotes: headline and date.
        quotes: Sentences.
        is_true: Whether they bear it out.
    """

    claim: str
    context: str
    quotes: str
    is_true: bool


def context_of(story: Story) -> str:
    """Headline and date as they stand before a passage at run time."""
    return f"{story.title} · {day_in_words(story.date.isoformat())} · "


def written(claim: StoryClaim, quotes: Sequence[str] | None = None) -> Example:
    """A claim as it was written, beside these quotes, or else beside the sentences that it is about."""
    inside = sentences_of(claim.story)
    beside = quotes or [inside[place] for place in claim.about]
    return Example(claim.text, context_of(claim.story), " ".join(beside), claim.is_true)


class Examples:
    """Draws examples for ever.

    Args:
        claims: Written claims.
        stories: Stories whose questions are put, with an answer behind them, beside the claims.
        rng: Source of randomness.
    """

    def __init__(self, claims: Sequence[StoryClaim], stories: Sequence[Story], rng: random.Random) -> None:
        self.rng = rng
        self._claims = claims
        self._true = [claim for claim in claims if claim.is_true]
        self._asked = [(story, question) for story in stories for question in story.questions if not question.leans_on]

    def __iter__(self) -> Iterator[Example]:
        """Yield examples without end."""
        while True:
            draw = self.rng.random()
            if draw < _WRITTEN:
                claim = self.rng.choice(self._claims)
                made: Example | None = written(claim, self._around(claim.story, claim.about))
            elif draw < _SPOILT:
                made = self._spoilt(self.rng.choice(self._true))
            else:
                made = self._answered(*self.rng.choice(self._asked))
            if made is not None:
                text = made.claim.lower().rstrip(".") if self.rng.random() < _LOWER else made.claim
                context = "" if self.rng.random() < _BARE else made.context
                yield Example(text, context, made.quotes, made.is_true)

    def _around(self, story: Story, about: Sequence[int]) -> list[str]:
        """These sentences and up to two others near them."""
        inside, taken = sentences_of(story), set(about)
        for _ in range(self.rng.choice([0, 0, 1, 1, 2])):
            near = sorted(set(range(len(inside))) - taken, key=lambda n: min((abs(n - m) for m in about), default=0))
            if near:
                taken.add(self.rng.choice(near[:4]))
        return [inside[place] for place in sorted(taken)]

    def _spoilt(self, claim: StoryClaim) -> Example | None:
        """A true claim made false, or beside other sentences of its story; none where that way does not work."""
        if self.rng.random() < _FOREIGN:
            return self._foreign(claim)
        way = self.rng.choice([_other_number, _other_word, _other_word, _denied, _swapped, None])
        if way is not None:
            text = way(claim, self.rng)
            quotes = self._around(claim.story, claim.about)
            return Example(text, context_of(claim.story), " ".join(quotes), False) if text else None
        inside, wanted = sentences_of(claim.story), set(terms(claim.text))
        others = [place for place in range(len(inside)) if place not in claim.about]
        others.sort(key=lambda place: -len(wanted & set(terms(inside[place]))))
        chosen = [inside[place] for place in sorted(others[: self.rng.choice([1, 2, 3])])]
        return Example(claim.text, context_of(claim.story), " ".join(chosen), False) if chosen else None

    def _foreign(self, claim: StoryClaim) -> Example | None:
        """What another story says, of a name in this claim's sentences: what anybody could make up."""
        other = self.rng.choice(self._true)
        inside = sentences_of(claim.story)
        here, there = names(" ".join(inside[place] for place in claim.about)), names(other.text)
        if other.story is claim.story or not here or not there:
            return None
        text = re.sub(rf"\b{re.escape(there[0])}\b", lambda _: self.rng.choice(here), other.text)
        quotes = self._around(claim.story, claim.about)
        return Example(text, context_of(claim.story), " ".join(quotes), False)

    def _answered(self, story: Story, question: StoryQuestion) -> Example | None:
        """A question with its answer behind it, or with that of another question."""
        inside = sentences_of(story)
        if question.answers:
            right = story.text[slice(*question.answers[0])]
            about = [place for place, sentence in enumerate(inside) if right in sentence][:1]
        else:
            wanted, right = set(terms(question.text)), ""
            about = [max(range(len(inside)), key=lambda place: len(wanted & set(terms(inside[place]))))]
        is_true = bool(right) and self.rng.random() < 0.5
        others = [story.text[slice(*q.answers[0])] for q in story.questions if q.answers and q is not question]
        wrong = [other for other in others if not (right and (other in right or right in other))]
        if not about or not (is_true or wrong):
            return None
        answer = right if is_true else self.rng.choice(wrong)
        quotes = self._around(story, about)
        return Example(f"{question.text} {answer}.", context_of(story), " ".join(quotes), is_true)


def _other_number(claim: StoryClaim, rng: random.Random) -> str | None:
    found = list(_NUMBER.finditer(claim.text))
    if not found:
        return None
    match = rng.choice(found)
    others = [n for n in _NUMBER.findall(claim.story.text) if n != match[0] and len(n) == len(match[0])]
    digits = [digit if not digit.isdigit() else rng.choice("123456789") for digit in match[0]]
    other = rng.choice(others) if others and rng.random() < 0.5 else "".join(digits)
    return f"{claim.text[: match.start()]}{other}{claim.text[match.end() :]}" if other != match[0] else None


def _other_word(claim: StoryClaim, rng: random.Random) -> str | None:
    """One word, no name, changed to another of the story's that ends alike."""
    mine = [match for match in re.finditer(r"\b[a-z]{4,}\b", claim.text) if terms(match[0])]
    if not mine:
        return None
    match = rng.choice(mine)
    known = set(terms(claim.text))
    others = sorted(
        word
        for word in set(re.findall(r"\b[a-z]{4,}\b", claim.story.text))
        if _ending(word) == _ending(match[0]) and terms(word) and not known & set(terms(word))
    )
    return f"{claim.text[: match.start()]}{rng.choice(others)}{claim.text[match.end() :]}" if others else None


def _ending(word: str) -> str:
    found = _ENDING.search(word)
    return found[0] if found else ""


def _denied(claim: StoryClaim, _: random.Random) -> str | None:
    return _VERB.sub(r"\1 not", claim.text, count=1) if _VERB.search(claim.text) else None


def _swapped(claim: StoryClaim, rng: random.Random) -> str | None:
    """Two names change places."""
    found = names(claim.text)
    if len(found) < 2:
        return None
    one, other = rng.sample(found, 2)
    turned = {one: other, other: one}
    return re.sub(rf"\b(?:{re.escape(one)}|{re.escape(other)})\b", lambda match: turned[match[0]], claim.text)
