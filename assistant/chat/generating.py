"""A writer's answer as it grows, and what becomes of it where the model fails."""

from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from typing import Any

from assistant.chat.failures import CallError, PromptTooLongError
from assistant.chat.pieces import Token
from assistant.chat.writing import ChatWriter, sound
from assistant.reading import Evidence, Statement


@dataclass(frozen=True)
class Written:
    """What has been written so far.

    Attributes:
        draft: The model's words, not checked.
        statements: The sentences that a quote bears out.
        evidence: The passages that the model was given.
        notice: What the reader of the answer should know of how it came about.
        unsupported: The sentences that nothing bears out.
        is_failed: Whether the model failed before it wrote a sentence, so that somebody else has to answer.
    """

    draft: str = ""
    statements: tuple[Statement, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    notice: str = ""
    unsupported: tuple[str, ...] = ()
    is_failed: bool = False


def generate(writer: ChatWriter, question: str, evidence: Sequence[Evidence], config: Any = None) -> Iterator[Written]:
    """Have an answer written; ever more of it.

    It is given the best passages, as many as fit into its context; none that gives orders. Where the prompt is too long
    all the same it is asked again with the better half of them.

    Args:
        writer: Writes it.
        question: A question that stands alone.
        evidence: The passages found, best first.
        config: The LangChain configuration.
    """
    evidence = sound(evidence)
    written = Written(evidence=writer.fitting(question, evidence))
    while True:
        try:
            for grown in _grow(writer, question, written, config):
                written = grown
                yield written
        except PromptTooLongError as error:
            if written.statements or len(written.evidence) < 2:
                yield _broken(written, error)
                return
            written = replace(written, draft="", evidence=written.evidence[: len(written.evidence) // 2])
        except CallError as error:
            yield _broken(written, error)
            return
        else:
            if len(written.evidence) < len(evidence):
                yield replace(written, notice=left_out(len(evidence) - len(written.evidence)))
            return


def left_out(passages: int) -> str:
    """What is said of passages that did not fit."""
    noun = "passage" if passages == 1 else "passages"
    return f"{passages} {noun} found did not fit into the chat model’s context and were left out."


def _grow(writer: ChatWriter, question: str, written: Written, config: Any) -> Iterator[Written]:
    with closing(writer.write(question, written.evidence, config)) as pieces:
        for piece in pieces:
            if isinstance(piece, Token):
                written = replace(written, draft=written.draft + piece.text)
            elif isinstance(piece, Statement):
                written = replace(written, statements=(*written.statements, piece))
            elif not piece.is_hidden:
                written = replace(written, unsupported=(*written.unsupported, piece.text))
            yield written


def _broken(written: Written, error: CallError) -> Written:
    """What is left where the model failed: the sentences that it had finished, if any."""
    if written.statements:
        return replace(written, notice=f"The answer is not whole: the chat model failed ({error}).")
    return replace(written, notice=f"The chat model failed ({error}), so the reader answers.", is_failed=True)
