"""The assistant: a library and a reader, put together from settings."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from assistant.answer import Answer, Question
from assistant.answer_cache import AnswerCache
from assistant.reading import Reader
from assistant.settings import Settings
from index.chroma_server import ChromaServer
from index.embedding import Embedder, open_embedder
from index.errors import SettingsError
from index.fusion import Fusion
from index.library import Library
from index.passage import Filters, Hit
from index.splitting import Splitting
from prompts import PromptError

if TYPE_CHECKING:
    from langchain_core.callbacks import BaseCallbackHandler
    from langchain_core.runnables import Runnable

    from assistant.asked import Asked
    from assistant.chat.verifying.verifier import Verifier


def open_library(settings: Settings) -> Library:
    """Open the library that the settings name; made when missing.

    Raises:
        LibraryMismatchError: It was made with another embedding model or other splitting settings, or its vectors are
            elsewhere.
        ModelError: The embedding model cannot be found.
        SettingsError: The address of the Chroma server is none.
    """
    return Library(
        settings.library,
        embedder_of(settings),
        splitting_of(settings),
        Fusion(settings.words_weight),
        settings.write_wait,
        server_of(settings),
    )


def embedder_of(settings: Settings) -> Embedder:
    """The embedding model that the settings name."""
    return open_embedder(settings.embedding_model)


def server_of(settings: Settings) -> ChromaServer | None:
    """The Chroma server that the settings name, if they do.

    Raises:
        SettingsError: Its address is none.
    """
    headers = {name: value.get_secret_value() for name, value in settings.chroma_headers.items()}
    return ChromaServer(settings.chroma_url, headers) if settings.chroma_url else None


def splitting_of(settings: Settings) -> Splitting:
    """How the settings have articles cut."""
    return Splitting(settings.passage_words, settings.overlap_sentences)


class Assistant:
    """Answers questions from a library.

    Args:
        library: What is asked.
        settings: How.
        callbacks: LangChain callbacks that are told of each question.
    """

    def __init__(self, library: Library, settings: Settings, callbacks: "Sequence[BaseCallbackHandler]" = ()) -> None:
        self.library = library
        self.settings = settings
        self.callbacks = callbacks
        self.warm = False

    @cached_property
    def reader(self) -> Reader:
        """What finds the answer in the passages."""
        if name := self.settings.reader:
            from assistant.reader.named import NamedReader

            return NamedReader(name)
        from assistant.reader import SpanReader

        return SpanReader(self.library.embedder)

    @cached_property
    def verifier(self) -> "Verifier":
        """What ties a chat model's sentences to quotes."""
        from assistant.chat.verifying.nli import Entailment
        from assistant.chat.verifying.verifier import Verifier
        from assistant.reader.network import Network
        from assistant.reader.reader import WEIGHTS

        named = self.settings.nli_model
        return Verifier(self.library.embedder, Network(WEIGHTS), Entailment(named) if named else None)

    @cached_property
    def chain(self) -> "Runnable[Asked, Answer]":
        """The LangChain runnable that answers; see `assistant.chain`."""
        from assistant.chain import build_chain

        writer = None
        if name := self.settings.chat_model:
            from assistant.chat.calling import ModelCaller, Patience
            from assistant.chat.models import load_chat_model
            from assistant.chat.writing import ChatWriter

            model = load_chat_model(name, self.settings.chat_context, self.settings.chat_base_url)
            caller = ModelCaller(model, Patience.of(self.settings.chat_timeout))
            try:
                writer = ChatWriter(
                    caller, _shown(name), self.verifier, self.settings.prompts, self.settings.chat_context
                )
            except PromptError as error:
                raise SettingsError(str(error)) from error
        size, strike = self.settings.answer_cache, self.settings.unsupported == "strike"
        cache = AnswerCache(size) if size else None
        chain = build_chain(self.library, self.reader, self.settings.threshold, writer, cache, strike=strike)
        return chain.with_config(callbacks=[*self.callbacks]) if self.callbacks else chain

    def ask(self, question: Question) -> Answer:
        """Answer a question, or abstain.

        Raises:
            QuestionError: It cannot be asked as it stands.
            NothingIndexedError: The library is empty.
        """
        return self.chain.invoke(question)

    def search(self, query: str, k: int, filters: Filters = Filters()) -> list[Hit]:
        """Find passages; see `index.library.Library.search`.

        Raises:
            QuestionError: The query is empty or too long.
            NothingIndexedError: The library is empty.
        """
        from assistant.asked import as_question

        question = as_question(Question(query, filters=filters, k=k))
        self.library.require_articles()
        return self.library.search(question.text, k, filters)

    def warm_up(self) -> None:
        """Load the models now rather than at the first question."""
        _ = self.chain
        self.library.embedder.encode_questions(["warm up"])
        self.warm = True


def _shown(chat_model: str) -> str:
    """A chat model's name as answers show it: of a file, not where it lies on this machine."""
    provider, _, model = chat_model.partition(":")
    return f"{provider}:{Path(model).stem}" if provider == "llamacpp" else chat_model
