"""Chat models by name: who provides them, and what has to be installed."""

import os
import re
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import ModelError

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel

_EXTRAS = {
    "openai": "openai",
    "anthropic": "anthropic",
    "google_genai": "google",
    "ollama": "ollama",
    "llamacpp": "llamacpp",
}
"""Which extra of ours installs what a provider needs."""
_OPTIONS: dict[str, dict[str, Any]] = {
    "openai": {"max_retries": 0, "stream_usage": True},
    "anthropic": {"max_retries": 0},
    "google_genai": {"max_retries": 1},
}
"""Options beside the temperature. It is we who ask again (`calling`): a provider's own tries would come on top."""
_SECRET = re.compile(r"KEY|TOKEN|SECRET|PASSWORD", re.IGNORECASE)


def load_chat_model(name: str, context: int = 8_192, base_url: str | None = None) -> "BaseChatModel":
    """Load a LangChain chat model. Keys come from the environment, under the names that the provider gives them.

    Args:
        name: `provider:model`, as `init_chat_model` takes it, or `llamacpp:FILE.gguf`.
        context: Tokens that prompt and answer may have together, where it is us who run the model.
        base_url: Where the provider's API is; None for its own place.

    Raises:
        ModelError: The provider's package or the model is missing; says what to install.
    """
    provider, _, model = name.partition(":")
    if provider == "llamacpp":
        return _llama_cpp(Path(model), context)
    from langchain.chat_models import init_chat_model

    options = dict(_OPTIONS.get(provider, {}))
    if base_url:
        options["base_url"] = base_url
        if provider == "openai" and not os.environ.get("OPENAI_API_KEY"):
            options["api_key"] = "none"  # servers of one's own ask for none, the package does
    try:
        loaded: Any = init_chat_model(name, temperature=0, **options)
    except ImportError as error:
        raise ModelError(
            f"The chat model {name!r} needs a package that is missing. {_install(provider, error)}"
        ) from None
    except Exception as error:  # each provider has its own
        raise ModelError(without_secrets(f"The chat model {name!r} cannot be used: {error}")) from None
    return loaded  # type: ignore[no-any-return]  # LangChain types it by overloads that do not fit a plain name


def without_secrets(text: str) -> str:
    """A text without the values of the environment's keys, tokens, secrets and passwords."""
    for name, value in os.environ.items():
        if _SECRET.search(name) and len(value) >= 4:
            text = text.replace(value, "…")
    return text


def _install(provider: str, error: ImportError) -> str:
    """What to type."""
    return f"Install it: pip install 'dateline[{_EXTRAS[provider]}]'" if provider in _EXTRAS else str(error)


def _llama_cpp(file: Path, context: int) -> "BaseChatModel":
    if find_spec("xllamacpp") is None:
        raise ModelError("A llamacpp: model needs a package. Install it: pip install 'dateline[llamacpp]'")
    if not file.is_file():
        raise ModelError(f"There is no model file {file}. Name a chat model's GGUF file: llamacpp:/path/to/model.gguf")
    from assistant.chat.llama_cpp import LlamaCpp

    return LlamaCpp(path=file, context=context)
