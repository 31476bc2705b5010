"""A candidate for a gold question."""

from dataclasses import dataclass

from index.article import Article


@dataclass(frozen=True)
class Candidate:
    """A question that somebody is to look at.

    Attributes:
        question: What is asked.
        answer: The answer, to the letter as the quote has it.
        article: The article that it is from.
        start: Offset of the quote in the article's text.
        end: Offset behind it.
        kind: `who`, `where`, `when`, `number`, `quotation`; `what` of a chat model's.
        drafted_by: `reader`, or the chat model.
    """

    question: str
    answer: str
    article: Article
    start: int
    end: int
    kind: str
    drafted_by: str

    @property
    def quote(self) -> str:
        """The words of the article that say so."""
        return self.article.text[self.start : self.end]
