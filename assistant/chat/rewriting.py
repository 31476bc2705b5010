"""Follow-up questions rewritten by a chat model, so that they stand alone."""

import logging
import re
import secrets
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from assistant.answer import Turn
from assistant.asked import LONGEST_QUESTION
from assistant.chat.failures import CallError
from assistant.chat.pieces import Caller
from assistant.chat.verifying.names import has, names, vocabulary
from assistant.follow_up import leans, standalone
from prompts import load_prompt

_TURNS = 6
"""Turns of the conversation that the model is given."""
_LONGEST_TURN = 1_000
"""Characters of a turn."""
_FENCE_BYTES = 6

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")

_log = logging.getLogger(__name__)


class Rewriter:
    """Has a chat model put into a question what it leans on.

    Args:
        caller: Asks the model.
        prompts: A folder of prompts to use before those that come with Dateline.
    """

    def __init__(self, caller: Caller, prompts: Path | None = None) -> None:
        self._caller = caller
        self.prompt = load_prompt("rewrite", {"fence", "history", "question"}, prompts)

    def rewrite(self, question: str, history: Sequence[Turn], config: Any = None) -> str:
        """The question so that it stands alone: one short call, none where it does already.

        What the model writes is used only where it is one question whose names and numbers all stand in the question or
        the conversation. Else, and where the model fails, the question is followed by what it leans on, as the reader
        has it (`assistant.follow_up`).

        Args:
            question: As asked.
            history: The turns before, oldest first.
            config: The LangChain configuration, so that callbacks see the call.
        """
        if not leans(question, history):
            return question
        fence = secrets.token_hex(_FENCE_BYTES)
        told = [f"{turn.role}: {' '.join(turn.content.split())[:_LONGEST_TURN]}" for turn in history[-_TURNS:]]
        filled = self.prompt.fill(fence=fence, history="\n".join(told), question=question)
        written = ""
        try:
            with closing(self._caller.stream(filled, config)) as words:
                for word in words:
                    written += word
                    if len(written) > LONGEST_QUESTION or "\n" in written.strip():
                        break
        except CallError as error:
            _log.info("The question was not rewritten: %s", error)
        line = re.sub(r"^[\"“'‘*\s]+|[\"”'’*\s]+$", "", written.strip().split("\n")[0])
        known = " ".join([question, *(turn.content for turn in history)])
        return line if _may_stand_for(line, known) else standalone(question, history)


def _may_stand_for(line: str, known: str) -> bool:
    """Whether a line is a question that says nothing new."""
    if not line.endswith("?") or len(line) > LONGEST_QUESTION or line.count("?") > 1:
        return False
    words = vocabulary(known)
    # A question's first word is capital for its place.
    new = [name for name in names(line[:1].lower() + line[1:]) if not has(name, words)]
    return not new and set(_NUMBER.findall(line)) <= set(_NUMBER.findall(known))
