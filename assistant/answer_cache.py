"""Answers kept, to be given again while neither the question nor the library changes."""

import threading
from collections import OrderedDict

from assistant.answer import Answer, Question

Key = tuple[Question, str]
"""A question with its history, filters and depth, and the state of the library (`index_id`)."""


class AnswerCache:
    """The answers used last. One belongs to one chain: model, prompts, reader and threshold are the same for all.

    Args:
        size: How many are kept (1 and up).
    """

    def __init__(self, size: int) -> None:
        self._size = size
        self._lock = threading.Lock()
        self._answers: OrderedDict[Key, Answer] = OrderedDict()

    def get(self, key: Key) -> Answer | None:
        """The answer kept; None where there is none."""
        with self._lock:
            if key in self._answers:
                self._answers.move_to_end(key)
            return self._answers.get(key)

    def put(self, key: Key, answer: Answer) -> None:
        """Keep an answer; the one not used for longest makes room."""
        with self._lock:
            self._answers[key] = answer
            self._answers.move_to_end(key)
            while len(self._answers) > self._size:
                self._answers.popitem(last=False)
