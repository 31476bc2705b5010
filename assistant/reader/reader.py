"""The reader: marks the answer in the passages found, and says how sure it is that it is one."""

import json
import math
import re
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from assistant.reader.network import Network, ScoredSpan
from assistant.reader.sentence import sentence_around
from assistant.reading import Evidence, Span
from index.embedding import Embedder
from index.load.dateline import dateline_length
from index.terms import terms

WEIGHTS = Path(__file__).parent / "weights"
PASSAGES = 5
"""How many passages are read: with eight the best candidate was right no more often (see docs/reader.md), and later."""
_SPANS = 2
"""Spans looked at in each passage and sentence."""
_GIVEN = 5
"""Spans given back: the best, and what may be another account."""
_SENTENCES = 4
"""Sentences read again by themselves."""
_FARTHEST_LEAD = 5.0
"""In rank scores; a candidate without a rival leads by as much."""
_BEGIN_QUESTIONS = (
    "who whom whose what what's which when where why how is are was were do does did has have had can could will would "
    "should in on at by for from of to with and or the a an according after before during as under"
)
_BEGINNINGS = frozenset(_BEGIN_QUESTIONS.split())
_REASON = re.compile(
    r"^\W*(?:why|how(?! (?:many|much|old|long|far|high|big|large|fast|often|tall|deep|heavy)\b))\b", re.IGNORECASE
)


@dataclass(frozen=True)
class Candidate:
    """A span that may answer.

    Attributes:
        evidence: The passage that it stands in.
        start: Offset of its first character in the article's text.
        end: Offset behind its last.
        whole: What the network says of the best span in its sentence, reading the whole passage.
        alone: What the network says of it, reading the sentence by itself.
        cosine: Between the question and the sentence that it stands in, -1 to 1.
        rank_score: All these and the search's score together; candidates are ordered by it.
    """

    evidence: Evidence
    start: int
    end: int
    whole: ScoredSpan
    alone: ScoredSpan
    cosine: float = 0.0
    rank_score: float = 0.0

    @property
    def scores(self) -> tuple[float, ...]:
        """What candidates are ordered by: margin and answerable logit of both readings, search's score, cosine."""
        whole, alone, hit = self.whole, self.alone, self.evidence.hit
        return whole.margin, whole.answerable, alone.margin, alone.answerable, hit.score, self.cosine

    @property
    def text(self) -> str:
        """The exact words."""
        return self.evidence.article.text[self.start : self.end]


@dataclass(frozen=True)
class Calibration:
    """What was fitted on data, by `eval/benchmarks/calibration.py`.

    Attributes:
        rank_weights: Of `Candidate.scores`, in the order of candidates.
        weights: Of `signs`, in the logistic model of the probability that a span is right.
        intercept: Of that model.
        threshold: The least probability at which the best span is an answer.
    """

    rank_weights: tuple[float, ...]
    weights: tuple[float, ...]
    intercept: float
    threshold: float

    def ranked(self, candidates: Iterable[Candidate]) -> list[Candidate]:
        """Candidates with their rank score filled in, best first, ties by place."""
        scored = [replace(c, rank_score=_dot(self.rank_weights, c.scores)) for c in candidates]
        return sorted(scored, key=lambda c: (-c.rank_score, c.evidence.article.id, c.start))

    def probability(self, seen: Sequence[float]) -> float:
        """The probability (0 to 1) that a span with these `signs` is right."""
        z = self.intercept + _dot(self.weights, seen)
        return 1 / (1 + math.exp(-z))

    @classmethod
    def load(cls, file: Path = WEIGHTS / "calibration.json") -> "Calibration":
        """Read it from a file."""
        fields = json.loads(file.read_text())
        return cls(**{**fields, "weights": tuple(fields["weights"]), "rank_weights": tuple(fields["rank_weights"])})


def _dot(weights: Sequence[float], values: Sequence[float]) -> float:
    return sum(weight * value for weight, value in zip(weights, values, strict=True))


class SpanReader:
    """Reads the best passages with the packaged network.

    Args:
        embedder: Compares the question with the sentences found.
        folder: Where the network lies, with its tokenizer.
        passages: How many passages are read, of those found.
    """

    name = "minilm-span"

    def __init__(self, embedder: Embedder, folder: Path = WEIGHTS, passages: int = PASSAGES) -> None:
        self._embedder = embedder
        self._passages = passages
        self._network = Network(folder)
        self._calibration = Calibration.load(folder / "calibration.json")
        self.threshold = self._calibration.threshold

    def read(self, question: str, evidence: Sequence[Evidence]) -> list[Span]:
        """Find answers; see `assistant.reading.Reader`."""
        ranked = self.candidates(question, evidence)
        return [self._span(question, candidate, ranked) for candidate in ranked[:_GIVEN]]

    def candidates(self, question: str, evidence: Sequence[Evidence]) -> list[Candidate]:
        """The spans that may answer, best first; each place in an article once."""
        read = list(evidence[: self._passages])
        prefixes = [item.article.context for item in read]
        spans = self._network.read(question, [item.hit.passage.text for item in read], prefixes, _SPANS)
        found: dict[tuple[str, int, int], Candidate] = {}
        for item, scored_spans in zip(read, spans, strict=True):
            for scored in scored_spans:
                start, end = item.hit.passage.start + scored.start, item.hit.passage.start + scored.end
                candidate = Candidate(item, start, end, scored, scored)
                key = (item.article.id, start, end)
                if key not in found or found[key].whole.score < scored.score:
                    found[key] = candidate
        ranked = self._calibration.ranked(found.values())
        return self._calibration.ranked(self._read_again(question, ranked)) if ranked else []

    def _read_again(self, question: str, ranked: Sequence[Candidate]) -> list[Candidate]:
        """Look for the words anew in each of the best candidates' sentences, read alone.

        A passage shows the network where the answer stands; among its many words the ends of the span are less sure.
        """
        best: dict[tuple[str, int, int], Candidate] = {}
        for candidate in ranked:
            article = candidate.evidence.article
            best.setdefault((article.id, *sentence_around(article, candidate.start, candidate.end)), candidate)
        chosen = list(best.items())[:_SENTENCES]
        texts = [c.evidence.article.text[start:end] for (_, start, end), c in chosen]
        spans = self._network.read(question, texts, [c.evidence.article.context for _, c in chosen], _SPANS)
        cosines = self._embedder.encode_passages(texts) @ self._embedder.encode_questions([question])[0]
        found = []
        for ((_, start, _), candidate), scored_spans, cosine in zip(chosen, spans, cosines, strict=True):
            for alone in scored_spans:
                first = _behind_dateline(candidate.evidence.article.text, start + alone.start, start + alone.end)
                last = start + alone.end
                found.append(Candidate(candidate.evidence, first, last, candidate.whole, alone, float(cosine)))
        return found

    def _span(self, question: str, candidate: Candidate, ranked: Sequence[Candidate]) -> Span:
        article = candidate.evidence.article
        quote_start, quote_end = sentence_around(article, candidate.start, candidate.end)
        confidence = self._calibration.probability(signs(question, candidate, ranked))
        if reads_as_sentence(question):
            return Span(article, quote_start, quote_end, quote_start, quote_end, confidence)
        return Span(article, candidate.start, candidate.end, quote_start, quote_end, confidence)


def _behind_dateline(text: str, start: int, end: int) -> int:
    """Where a span starts without the dateline that it begins in: `ISLAMABAD: Mohsin Naqvi` is `Mohsin Naqvi`."""
    paragraph = text.rfind("\n\n", 0, start) + 2 if "\n\n" in text[:start] else 0
    behind = paragraph + dateline_length(text[paragraph:end])
    return behind if start < behind < end else start


def reads_as_sentence(question: str) -> bool:
    """Whether a question asks for a reason or a manner: that is seldom a few words, so the sentence is the answer."""
    return bool(_REASON.search(question))


def signs(question: str, candidate: Candidate, ranked: Sequence[Candidate]) -> tuple[float, ...]:
    """What the confidence in a candidate rests on.

    Returns:
        The network's margin over "no answer" and its answerable logit, reading the passage and reading the sentence
        alone; the passage's fused score; the sentence's cosine; by how much the candidate leads the best one with
        other words; how many other texts give the same words, copies of one counted once; the share of the
        question's terms that stand in its sentence, and in its article; the share of its names and numbers that do.
    """
    article, hit = candidate.evidence.article, candidate.evidence.hit
    rival = next((c.rank_score for c in ranked if not agree(candidate.text, c.text)), None)
    lead = candidate.rank_score - rival if rival is not None else _FARTHEST_LEAD
    start, end = sentence_around(article, candidate.start, candidate.end)
    sentence = article.text[start:end]
    there = set(terms(f"{article.title} {article.text}"))
    asked = terms(question)
    return (
        candidate.whole.margin,
        candidate.whole.answerable,
        candidate.alone.margin,
        candidate.alone.answerable,
        hit.score,
        candidate.cosine,
        max(-_FARTHEST_LEAD, min(lead, _FARTHEST_LEAD)),
        float(min(_agreeing(candidate, ranked), 3)),
        _share(asked, set(terms(sentence))),
        _share(asked, there),
        _share(_names(question), there),
    )


def agree(one: str, other: str) -> bool:
    """Whether two answers say the same: the terms of the one are among the other's (`Tarrel`, `Judge Oswin Tarrel`)."""
    first, second = set(terms(one)), set(terms(other))
    return one.casefold() == other.casefold() or bool(first and second and (first <= second or second <= first))


def _agreeing(candidate: Candidate, ranked: Sequence[Candidate]) -> int:
    """How many other texts give the same answer: copies are one text, and so is a sentence that is printed twice."""
    counted = [(candidate, _sentence_terms(candidate))]
    for other in ranked:
        if agree(candidate.text, other.text):
            sentence = _sentence_terms(other)
            if not any(said == sentence or other.evidence.article.id in one.evidence.copies for one, said in counted):
                counted.append((other, sentence))
    return len(counted) - 1


def _sentence_terms(candidate: Candidate) -> frozenset[str]:
    article = candidate.evidence.article
    start, end = sentence_around(article, candidate.start, candidate.end)
    return frozenset(terms(article.text[start:end]))


def _names(question: str) -> list[str]:
    """The terms of a question that are names or numbers: capitals and digits, but for words that begin questions."""
    words = [word for word in question.split() if word[:1].isupper() or any(map(str.isdigit, word))]
    return terms(" ".join(word for word in words if word.casefold() not in _BEGINNINGS))


def _share(wanted: Sequence[str], there: Container[str]) -> float:
    """How many of the wanted are there, 0 to 1; 1 where none is wanted."""
    return sum(item in there for item in wanted) / len(wanted) if wanted else 1.0
