"""Which candidates are worth a person's time."""

from collections import Counter
from collections.abc import Sequence

from assistant.answer import Question
from assistant.assistant import Assistant
from assistant.finding import find
from assistant.reading import Evidence
from eval.drafting.candidates import Candidate
from eval.matching import holds, words

_LOOKED_AT = 20
_READ = 5


class Sieve:
    """Leaves out what is no good question, and counts why.

    Args:
        assistant: Over a library of all the articles.
    """

    def __init__(self, assistant: Assistant) -> None:
        self._assistant = assistant
        self.left_out: Counter[str] = Counter()

    def lets_through(self, candidate: Candidate, *, with_copies: bool = False) -> bool:
        """Whether a candidate is worth looking at.

        Not if its question holds words of its answer, if the reader answers otherwise or from another article, or if
        other articles answer it too.

        Args:
            candidate: The candidate.
            with_copies: Whether copies of its article count as other articles.
        """
        problem = self._problem(candidate, with_copies)
        if problem:
            self.left_out[problem] += 1
        return not problem

    def nearest(self, candidate: Candidate) -> str | None:
        """The id of the other article that comes nearest; None where there is none."""
        others = self._others(candidate, with_copies=True)
        return others[0].article.id if others else None

    def _problem(self, candidate: Candidate, with_copies: bool) -> str:
        asked = set(words(candidate.question))
        if any(len(word) > 2 and word in asked for word in words(candidate.answer)):
            return "the question holds words of the answer"
        answer = self._assistant.ask(Question(candidate.question))
        if answer.abstained:
            return "the reader does not find it"
        if not holds(answer.text, candidate.answer) and not holds(candidate.answer, answer.text):
            return "the reader answers otherwise"
        if answer.citations[0].article_id not in self._same(candidate):
            return "another article answers it too"
        others = self._others(candidate, with_copies)[:_READ]
        spans = self._assistant.reader.read(candidate.question, others)
        if spans and spans[0].confidence >= self._assistant.reader.threshold:
            return "another article answers it too"
        return ""

    def _same(self, candidate: Candidate) -> set[str]:
        identity = candidate.article.id
        return {identity, *(copy.id for copy in self._assistant.library.copies(identity))}

    def _others(self, candidate: Candidate, with_copies: bool) -> Sequence[Evidence]:
        excluded = {candidate.article.id} if with_copies else self._same(candidate)
        found = find(self._assistant.library, Question(candidate.question, k=_LOOKED_AT), candidate.question)
        return [evidence for evidence in found if evidence.article.id not in excluded]
