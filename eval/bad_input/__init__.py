"""Input that means harm, or was never whole: made by code, so that the repository holds none of it."""

from eval.bad_input.archives import ARCHIVES
from eval.bad_input.documents import DOCUMENTS
from eval.bad_input.malformed import malformed
from eval.bad_input.texts import TEXTS
from eval.bad_input.trees import TREES

BOMBS = {**ARCHIVES, **DOCUMENTS, **TEXTS, **TREES}
"""Each bomb by the name of its file, with what writes it to a path."""

__all__ = ["BOMBS", "malformed"]
