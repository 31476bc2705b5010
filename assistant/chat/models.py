"""Chat models: loading and asking them."""

from collections.abc import Generator
from typing import TYPE_CHECKING, Any

from index.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel


def load_chat_model(name: str) -> "BaseChatModel":
    """Load a LangChain chat model.

    Args:
        name: `provider:model`, as `init_chat_model` takes it.

    Raises:
        ModelError: The provider's package is missing or the model cannot be set up; says what to install.
    """
    from langchain.chat_models import init_chat_model

    try:
        model: Any = init_chat_model(name, temperature=0)
    except (ImportError, ValueError) as error:
        raise ModelError(f"The chat model {name!r} cannot be used: {error}") from error
    return model  # type: ignore[no-any-return]  # LangChain types it by overloads that do not fit a plain name


class ModelCaller:
    """Asks a LangChain chat model; see `assistant.chat.pieces.Caller`."""

    def __init__(self, model: "BaseChatModel") -> None:
        self._model = model

    def stream(self, prompt: str, config: Any = None) -> Generator[str, None, None]:
        """The model's words as they come; closing the generator stops the model."""
        try:
            for chunk in self._model.stream(prompt, config):
                yield str(chunk.text)
        except ValueError as error:
            if "No generation chunks" not in str(error):  # so LangChain calls an empty answer, which is one
                raise
