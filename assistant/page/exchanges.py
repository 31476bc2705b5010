"""The conversation: what one visitor asked, of which articles, and what became of it."""

from dataclasses import dataclass, replace
from datetime import date

from assistant.answer import Answer, Turn
from index.errors import QuestionError
from index.passage import Filters

_KEPT = 30
"""Exchanges kept for showing and for follow-ups; a page left open for days must not grow without end."""


@dataclass(frozen=True)
class Chosen:
    """What a visitor limited a question to, as sent by the browser.

    Attributes:
        since: First day (`2025-05-09`); empty for none.
        until: Last day.
        sources: Publishers; none for all.
    """

    since: str = ""
    until: str = ""
    sources: tuple[str, ...] = ()

    def checked(self) -> Filters:
        """The same for the search.

        Raises:
            QuestionError: A day is none.
        """
        for day_given in (self.since, self.until):
            try:
                date.fromisoformat(day_given or "2000-01-01")
            except ValueError:
                raise QuestionError(f"{day_given!r} is no day. Write it as 2025-05-09.") from None
        return Filters(self.since or None, self.until or None, self.sources)


@dataclass(frozen=True)
class Exchange:
    """A question and what became of it.

    Attributes:
        question: As asked.
        filters: What was searched.
        answer: What is known of the answer so far; None while searching.
        done: Whether nothing more will come.
        problem: Why there is no answer.
    """

    question: str
    answer: Answer | None = None
    done: bool = False
    problem: str | None = None
    filters: Chosen = Chosen()


@dataclass(frozen=True)
class Conversation:
    """The exchanges of one visit, oldest first."""

    exchanges: tuple[Exchange, ...] = ()

    def history(self) -> tuple[Turn, ...]:
        """What a follow-up question may lean on: the questions that were answered, and the answers."""
        turns: list[Turn] = []
        for exchange in self.exchanges:
            if exchange.done and exchange.answer:
                turns += [Turn("user", exchange.question), Turn("assistant", exchange.answer.text)]
        return tuple(turns)

    def asking(self, exchange: Exchange) -> "Conversation":
        """With one more question, not yet answered; one that was stopped half way is closed."""
        return Conversation((*self.settled().exchanges, exchange)[-_KEPT:])

    def latest(self, exchange: Exchange) -> "Conversation":
        """With the last exchange replaced."""
        return Conversation((*self.exchanges[:-1], exchange))

    def stopped(self, asked: Exchange) -> "Conversation":
        """With nothing pending, and with what was asked, where it was stopped before it was begun."""
        last = self.exchanges[-1] if self.exchanges else None
        is_new = bool(asked.question) and (last is None or (last.done and last.question != asked.question))
        return self.asking(asked).settled() if is_new else self.settled()

    def settled(self) -> "Conversation":
        """With nothing pending."""
        return Conversation(
            tuple(
                exchange if exchange.done else replace(exchange, answer=None, done=True, problem="Stopped.")
                for exchange in self.exchanges
            )
        )
