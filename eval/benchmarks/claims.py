"""Sentences that articles bear out, and such as they do not, made from the gold questions.

`eval/statements.jsonl` has, for gold questions of both splits, a statement of the answer, a paraphrase of it and its
denial, written by hand. From these are made, by rule: a number changed, a name swapped, another word changed, and the
right words with a passage of another article; and, of names in the passage, sentences that anybody could make up.
"""

import json
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from assistant.chat.verifying.names import names
from assistant.reading import Evidence
from eval.gold import GoldQuestion
from index.article import Article
from index.library import Library
from index.passage import Filters
from index.terms import terms

STATEMENTS = Path(__file__).parent.parent / "statements.jsonl"
TRUE, PARAPHRASE = "true", "true paraphrase"
NUMBER, NAME, NEGATED, ARTICLE = "number changed", "name swapped", "negated", "right words, wrong article"
WORD, MADE_UP = "other word changed", "made up"
BAD = (NUMBER, NAME, NEGATED, ARTICLE, WORD, MADE_UP)
_SEED = 5
_FROM_THE_ARTICLE = 0.5
"""Share of the changes that take a number or name of the same article, the hardest to see."""
_NUMBER = re.compile(r"\d+(?:,\d{3})+|\d+(?:[.:]\d+)?")
_PROPER = re.compile(r"\b[A-Z][a-zé]+(?:[- ][A-Z][a-zé]+)*")
_NO_NAME = re.compile(
    r"^(?:The|A|An|He|She|It|They|There|In|On|At|By|From|When|Some|Four|Five|Two|Three|Six|Eight|Ten|His|Her|Its|Their|Dr|Lt|Sgt|"
    r"Insp|Col|Mr|Mrs|Prof|Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|January|February|March|April|May|June|"
    r"July|August|September|October|November|December)$"
)
_MONTHS = "January|February|March|April|May|June|July|August|September|October|November|December"
_WORDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve")


_SUFFIX = re.compile(r"(?:ing|ed|ly|s|)$")
_MADE_UP = (
    "{name} asked the court to explain why the hearing had been delayed.",
    "{name} welcomed the decision and thanked everyone who had helped.",
    "{name} refused to speak to reporters afterwards.",
    "{name} is expected to travel abroad next month.",
    "The answer is that {name} had known of the plan for years.",
    "{name} repaired an old boat with the help of neighbours.",
    "{name} criticised the government for doing too little.",
    "{name} was born in a small village and studied law.",
    "{name} said that more time was needed before anything could be decided.",
    "{name} served on the committee that wrote the first report.",
    "{name} was asked to resign and refused.",
    "Many people believe that {name} should be given an award.",
)


@dataclass(frozen=True)
class Claim:
    """A sentence with the passage that it is said to stand in.

    Attributes:
        id: Of the gold question.
        split: `tune` or `test`.
        kind: How it was made.
        question: The gold question.
        text: The sentence.
        evidence: The passage.
    """

    id: str
    split: str
    kind: str
    question: str
    text: str
    evidence: Evidence

    @property
    def is_true(self) -> bool:
        """Whether the passage bears the sentence out."""
        return self.kind in (TRUE, PARAPHRASE)


def claims(library: Library, articles: Sequence[Article], gold: Sequence[GoldQuestion]) -> list[Claim]:
    """All of them, always the same.

    Args:
        library: Holds the articles.
        articles: The sample articles.
        gold: The gold questions, with their right articles.
    """
    rng = random.Random(_SEED)  # noqa: S311 - not a secret
    more = random.Random(_SEED)  # noqa: S311 - for the kinds that were added, so that the others stay as they were
    by_id = {question.id: question for question in gold}
    written = [json.loads(line) for line in STATEMENTS.read_text(encoding="utf-8").splitlines()]
    persons = people(gold)
    return [
        claim
        for item in written
        for claim in (
            *_made(item, by_id[item["id"]], library, articles, persons, rng),
            *_further(item, by_id[item["id"]], library, articles, more),
        )
    ]


def _made(
    item: Mapping[str, str],
    question: GoldQuestion,
    library: Library,
    articles: Sequence[Article],
    persons: frozenset[str],
    rng: random.Random,
) -> Iterator[Claim]:
    article = _article_of(question, articles)
    right = _passage_of(article, question, library)
    other = _near_miss(item["statement"], question, library)

    def claim(kind: str, text: str, evidence: Evidence = right) -> Claim:
        return Claim(question.id, question.split or "", kind, question.question, text, evidence)

    yield claim(TRUE, item["statement"])
    yield claim(PARAPHRASE, item["paraphrase"])
    yield claim(NEGATED, item["negated"])
    for text in (item["statement"], item["paraphrase"]):
        if other:
            yield claim(ARTICLE, text, other)
        if changed := with_another_number(text, article, rng):
            yield claim(NUMBER, changed)
        if changed := with_another_name(text, article, articles, persons, rng):
            yield claim(NAME, changed)


def _further(
    item: Mapping[str, str], question: GoldQuestion, library: Library, articles: Sequence[Article], rng: random.Random
) -> Iterator[Claim]:
    article = _article_of(question, articles)
    right = _passage_of(article, question, library)
    changed = with_another_word(item["statement"], article, rng)
    people_there = names(right.hit.passage.text)
    made_up = rng.choice(_MADE_UP).format(name=rng.choice(people_there)) if people_there else None
    for kind, text in ((WORD, changed), (MADE_UP, made_up)):
        if text:
            yield Claim(question.id, question.split or "", kind, question.question, text, right)


def _article_of(question: GoldQuestion, articles: Sequence[Article]) -> Article:
    """The article that has the gold quote."""
    return next(a for a in articles if question.quote and question.quote in a.text and a.id in question.right_articles)


def with_another_word(text: str, article: Article, rng: random.Random) -> str | None:
    """The sentence with one of its words, no name, changed to another of the article's that ends alike."""
    mine = [m for m in re.finditer(r"\b[a-z]{4,}\b", text) if terms(m[0])]
    rng.shuffle(mine)
    for match in mine:
        ending = _ending(match[0])
        others = {w for w in re.findall(r"\b[a-z]{4,}\b", article.text) if _ending(w) == ending and terms(w)}
        if fitting := sorted(w for w in others if not set(terms(w)) & set(terms(text))):
            word: str = rng.choice(fitting)
            return f"{text[: match.start()]}{word}{text[match.end() :]}"
    return None


def _ending(word: str) -> str:
    found = _SUFFIX.search(word)
    return found[0] if found else ""


def _passage_of(article: Article, question: GoldQuestion, library: Library) -> Evidence:
    """The passage with the gold quote, as the index has it."""
    hits = library.search(f"{question.question} {question.quote}", 50, Filters(article_ids=(article.id,)))
    hit = next(hit for hit in hits if question.quote and question.quote in hit.passage.text)
    return Evidence(hit, article)


def _near_miss(statement: str, question: GoldQuestion, library: Library) -> Evidence | None:
    """The best passage of an article that does not answer the question, and has none of the answers' words."""
    for hit in library.search(statement, 30):
        article = library.article(hit.passage.article_id)
        if article.id not in question.right_articles and not any(a in article.text for a in question.answers):
            return Evidence(hit, article)
    return None


def with_another_number(text: str, article: Article, rng: random.Random) -> str | None:
    """The sentence with one of its numbers changed: to another of the article's, or to one near it."""
    found = list(_NUMBER.finditer(text))
    spelt = [m for m in re.finditer(r"[a-z]+", text) if m[0] in _WORDS]
    if not found and not spelt:
        return None
    match = rng.choice(found or spelt)
    if not found:
        return text[: match.start()] + rng.choice([w for w in _WORDS if w != match[0]]) + text[match.end() :]
    before, number, behind = text[: match.start()], str(match[0]), text[match.end() :]
    others: list[str] = [
        n for n in _NUMBER.findall(article.text) if n != number and len(n) == len(number) and n not in text
    ]
    if others and not _is_of_a_date(number, behind) and rng.random() < _FROM_THE_ARTICLE:
        return before + rng.choice(others) + behind
    return before + _near(number, behind, rng) + behind


def _is_of_a_date(number: str, behind: str) -> bool:
    """Whether a number is a year, a day of a month or a time: where any other number would be seen to be wrong."""
    return bool(re.fullmatch(r"(?:1[5-9]|20)\d\d", number) or re.match(rf" (?:{_MONTHS}|[ap]\.m\.)", behind))


def _near(number: str, behind: str, rng: random.Random) -> str:
    """Another number that could stand in the same place."""
    if re.match(r" [ap]\.m\.", behind):
        hour, stop, minutes = number.partition(".")
        return rng.choice([str(n) for n in range(1, 13) if str(n) != hour]) + stop + minutes
    if re.match(rf" (?:{_MONTHS})", behind):
        return rng.choice([str(n) for n in range(1, 29) if str(n) != number])
    digits = list(number)
    places = [n for n, digit in enumerate(digits) if digit.isdigit()]
    place = rng.choice(places[2:] if _is_of_a_date(number, behind) else places)
    digits[place] = rng.choice([d for d in "123456789" if d != digits[place]])
    return "".join(digits)


def people(gold: Sequence[GoldQuestion]) -> frozenset[str]:
    """The words of the names of persons, as far as questions ask for them."""
    answers = (answer for question in gold if question.kind == "who" for answer in question.answers)
    return frozenset(word for answer in answers for word in answer.split() if word[0].isupper() and word.isalpha())


def with_another_name(
    text: str, article: Article, articles: Sequence[Article], persons: frozenset[str], rng: random.Random
) -> str | None:
    """The sentence with one of its names swapped for another, a person's for a person's, of this article or another."""
    mine = [m for m in _PROPER.finditer(text) if not _NO_NAME.match(m[0]) and (m.start() or " " in m[0])]
    if not mine:
        return None
    match = rng.choice(mine)
    source = article if rng.random() < _FROM_THE_ARTICLE else rng.choice(articles)
    others = _others(match[0], text, source, persons) or _others(match[0], text, article, persons)
    return text[: match.start()] + rng.choice(others) + text[match.end() :] if others else None


def _others(name: str, text: str, article: Article, persons: frozenset[str]) -> list[str]:
    """The names of an article that could stand in the place of one."""
    is_person, spoken = bool(persons & set(name.split())), set(re.findall(r"\w+", text))
    found: set[str] = {m[0] for m in re.finditer(rf"(?<=[a-z,] ){_PROPER.pattern}", article.text)}
    return sorted(
        other
        for other in found
        if len(other.split()) == len(name.split())
        and not spoken & set(re.findall(r"\w+", other))
        and not _NO_NAME.match(other.split()[0])
        and bool(persons & set(other.split())) == is_person
    )
