"""The reader without a language model: the sentence, or the two, that best answer, quoted exactly."""

import math
import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from assistant.reading import Evidence, Span
from index.embedding import Embedder
from index.sentences import sentences
from index.terms import terms

_PAIR_WORDS = 50
"""Two sentences are offered as one answer where together they have at most this many words."""


@dataclass(frozen=True)
class Weights:
    """A logistic model over the features of a candidate; fitted by `eval/benchmarks/sentence_reader.py`.

    Attributes:
        rank: Weights of `features`, to order candidates by.
        confidence: Weights of `signs`, to say how sure the best one is; the last is the intercept.
        threshold: Least confidence to answer with.
    """

    rank: tuple[float, ...] = (6.0, 3.0, 1.0, 4.0, 1.0, -0.01, -0.2)
    confidence: tuple[float, ...] = (0.0, 4.0, 2.0, 2.0, 1.0, -4.0)
    threshold: float = 0.5


@dataclass(frozen=True)
class Candidate:
    """One or two neighbouring sentences of a retrieved passage.

    Attributes:
        evidence: The passage, with its article.
        start: Offset of the first character in the article's text.
        end: Offset behind the last.
        parts: Which of the sentences of all passages it is made of.
    """

    evidence: Evidence
    start: int
    end: int
    parts: tuple[int, ...]

    @property
    def text(self) -> str:
        """The exact words."""
        return self.evidence.article.text[self.start : self.end]


class SentenceReader:
    """Ranks the sentences of the passages found by meaning, by the question's words, and by what kind is asked for.

    Args:
        embedder: Encodes the question and the sentences.
        weights: The fitted model.
    """

    name = "sentences"

    def __init__(self, embedder: Embedder, weights: Weights = Weights()) -> None:
        self._embedder = embedder
        self._weights = weights
        self.threshold = weights.threshold

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Span]:
        """Find the sentences that answer; see `assistant.reading.Reader`."""
        candidates = candidates_in(evidence)
        if not candidates:
            return []
        rows = self.features(question, candidates)
        scores = [sum(w * x for w, x in zip(self._weights.rank, row, strict=True)) for row in rows]
        order = sorted(range(len(candidates)), key=lambda i: (-scores[i], i))
        return [self._span(question, candidates[i], rows[i], scores[i]) for i in order[:3]]

    def _span(self, question: str, candidate: Candidate, row: Sequence[float], score: float) -> Span:
        seen = [*signs(question, candidate, row, score), 1.0]
        z = sum(w * x for w, x in zip(self._weights.confidence, seen, strict=True))
        start, end = candidate.start, candidate.end
        return Span(candidate.evidence.article, start, end, start, end, 1 / (1 + math.exp(-z)))

    def features(self, question: str, candidates: Sequence[Candidate]) -> list[tuple[float, ...]]:
        """What candidates are ranked by.

        Args:
            question: What is asked.
            candidates: As `candidates_in` gives them.

        Returns:
            A row a candidate: cosine to the question; share of the question's terms in it, weighted by how rare they
            are; the same for its passage and title; the passage's score; whether it has the kind of thing asked for;
            its length in words; whether it is a pair.
        """
        import numpy as np

        singles = [candidate for candidate in candidates if len(candidate.parts) == 1]
        vectors = self._embedder.encode_passages([candidate.text for candidate in singles])
        asked_vector = self._embedder.encode_questions([question])[0]
        bags = [set(terms(candidate.text)) for candidate in singles]
        frequency = Counter(term for bag in bags for term in bag)
        asked = terms(question)
        rarity = {term: math.log(1 + len(bags) / (0.5 + frequency[term])) for term in asked}
        total = sum(rarity.values()) or 1.0
        kind = _kind_asked_for(question)
        rows: list[tuple[float, ...]] = []
        for candidate in candidates:
            # The vector of a pair is the direction between its sentences': as good as encoding it, and free.
            vector = vectors[list(candidate.parts)].sum(axis=0)
            bag = set().union(*(bags[part] for part in candidate.parts))
            around = bag | set(terms(f"{candidate.evidence.article.title} {candidate.evidence.hit.passage.text}"))
            rows.append(
                (
                    float(vector @ asked_vector / np.linalg.norm(vector)),
                    sum(rarity[term] for term in asked if term in bag) / total,
                    sum(rarity[term] for term in asked if term in around) / total,
                    candidate.evidence.hit.score,
                    float(bool(kind and kind.search(_without(candidate.text, question)))),
                    float(len(candidate.text.split())),
                    float(len(candidate.parts) - 1),
                )
            )
        return rows


def candidates_in(evidence: Sequence[Evidence]) -> list[Candidate]:
    """All sentences of the passages, then all neighbouring pairs of a paragraph that are short enough.

    A sentence that stands in two overlapping passages counts once, with the better one.
    """
    singles: dict[tuple[str, int, int], Candidate] = {}
    pairs: dict[tuple[str, int, int], Candidate] = {}
    for item in evidence:
        passage, article = item.hit.passage, item.article
        spans = [(passage.start + start, passage.start + end) for start, end in sentences(passage.text)]
        for start, end in spans:
            singles.setdefault((article.id, start, end), Candidate(item, start, end, (len(singles),)))
        for first, second in pairwise(spans):
            start, end = first[0], second[1]
            if "\n" not in article.text[start:end] and len(article.text[start:end].split()) <= _PAIR_WORDS:
                parts = singles[article.id, *first].parts + singles[article.id, *second].parts
                pairs.setdefault((article.id, start, end), Candidate(item, start, end, parts))
    return [*singles.values(), *pairs.values()]


def signs(question: str, candidate: Candidate, row: Sequence[float], score: float) -> tuple[float, ...]:
    """What the confidence in a candidate rests on.

    Returns:
        Its score; its cosine; the share of the question's rare terms in it; the same for its passage; the share of
        the question's names and numbers that stand in its article.
    """
    article = candidate.evidence.article
    names = _NAMES.findall(question[1:])
    whole = f"{article.title} {article.text}".lower()
    named = sum(name.lower() in whole for name in names) / len(names) if names else 1.0
    return score, row[0], row[1], row[2], named


_NAMES = re.compile(r"\b(?:[A-Z][\w’'-]+|\d[\d,.]*)\b")
_NUMBER = re.compile(
    r"\d|\b(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|dozen|hundred|thousand|million)\b", re.I
)
_TIME = re.compile(
    r"\d|\b(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|tomorrow|week|month|year|century|since|until|after)"
)
_NAME = re.compile(r"\b[A-Z][a-z’'-]+")
_PLACE = re.compile(r"\b(?:in|at|near|from|to|outside|north|south|east|west|of)\s+(?:the\s+)?[A-Z]")
_REASON = re.compile(r"\b(?:because|due to|after|to|since|as|so|led|caus|result|by|through|for)", re.I)
_KINDS = (
    (re.compile(r"\bhow (?:many|much|old|long|far|high|big|large|fast)|\bwhat (?:percentage|share|number|sum)", re.I),
     _NUMBER),
    (re.compile(r"\bwhen\b|\bwhat (?:year|day|date|time|month)|\bwhich (?:year|day|month)", re.I), _TIME),
    (re.compile(r"\bwhere\b|\bwhat (?:city|country|place|town)|\bwhich (?:city|country|town)", re.I), _PLACE),
    (re.compile(r"\bwho(?:m|se)?\b", re.I), _NAME),
    (re.compile(r"\bwhy\b|\bhow\b", re.I), _REASON),
)  # fmt: skip


def _kind_asked_for(question: str) -> re.Pattern[str] | None:
    """A pattern of the kind of thing that the question asks for; None where it may be anything."""
    return next((answer for asks, answer in _KINDS if asks.search(question)), None)


def _without(text: str, question: str) -> str:
    """The text without the question's own words: what is asked for is not what is known already."""
    known = {word.lower() for word in re.findall(r"\w+", question)}
    return re.sub(r"\w+", lambda match: "" if match[0].lower() in known else match[0], text)
