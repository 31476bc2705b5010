"""What `dateline eval` asks: the assistant of the settings, over a library that is gone afterwards."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from rich.console import Console
from rich.progress import Progress

from assistant.answer import Question
from assistant.assistant import Assistant, open_library, splitting_of
from assistant.finding import find
from assistant.follow_up import standalone
from assistant.settings import Settings
from assistant.spelling import respelled
from eval.metrics.citations import Entails, says_so
from eval.runner import System
from eval.scores import Reference
from index.article import Article
from index.embedding import Embedder
from index.library import Library
from index.passage import Hit, Passage
from index.splitting import split


@dataclass(frozen=True)
class Subject:
    """What is evaluated, what its answers are judged by, and the embedding model that it uses."""

    system: System
    reference: Reference
    embedder: Embedder | None = None


@contextmanager
def temporary_library(articles: Sequence[Article], settings: Settings) -> Iterator[Library]:
    """Index articles into a temporary library, gone afterwards; the settings' own library is left alone."""
    console = Console(stderr=True)
    with TemporaryDirectory(prefix="dateline-eval-", ignore_cleanup_errors=True) as folder:
        library = open_library(settings.model_copy(update={"library": Path(folder), "chroma_url": None}))
        try:
            with Progress(console=console, transient=True, disable=not console.is_terminal) as progress:
                task = progress.add_task("Indexing", total=None)
                library.add(articles, lambda done, total: progress.update(task, completed=done, total=total))
            yield library
        finally:
            library.close()


@contextmanager
def temporary_assistant(
    articles: Sequence[Article],
    settings: Settings,
    *,
    entails: Entails = says_so,
    price: tuple[float, float] | None = None,
) -> Iterator[Subject]:
    """The assistant that asks a temporary library of these articles.

    Args:
        articles: What to index.
        settings: Of the assistant.
        entails: Whether quotes bear out a statement.
        price: Of a million tokens that a chat model reads, and of a million that it writes.
    """
    with temporary_library(articles, settings) as library:
        assistant = Assistant(library, settings)
        assistant.warm_up()
        yield subject_of(assistant, entails=entails, price=price)


def subject_of(
    assistant: Assistant,
    *,
    entails: Entails = says_so,
    price: tuple[float, float] | None = None,
) -> Subject:
    """An assistant as what is evaluated."""
    library, settings = assistant.library, assistant.settings

    @cache
    def passages(article_id: str) -> Sequence[Passage]:
        article = library.find(article_id)
        return split(article, splitting_of(settings)) if article else ()

    return Subject(
        System(assistant.ask, _searching(library)),
        Reference(text_in(library), passages, entails, price),
        library.embedder,
    )


def text_in(library: Library) -> Callable[[str], str | None]:
    """Gives an article's text in a library, or None where there is no such article."""

    def article_text(article_id: str) -> str | None:
        article = library.find(article_id)
        return article.text if article else None

    return article_text


def _searching(library: Library) -> Callable[[Question], Sequence[Hit]]:
    def search(question: Question) -> Sequence[Hit]:
        text = respelled(standalone(question.text, question.history), library)
        return [evidence.hit for evidence in find(library, question, text)]

    return search
