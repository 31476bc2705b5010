"""Settings: from flags, environment variables (`DATELINE_…`) and a file `dateline.toml`, in this order."""

import os
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)
from pydantic_settings import SettingsError as EnvironmentFault

from index.embedding import DEFAULT_MODEL
from index.errors import SettingsError

_PREFIX = "DATELINE_"


class Settings(BaseSettings):
    """What can be set. Each field is also an environment variable, in capitals behind `DATELINE_`."""

    model_config = SettingsConfigDict(env_prefix=_PREFIX, toml_file="dateline.toml", extra="forbid", frozen=True)

    library: Path = Field(Path("library"), description="Folder of everything stored.")
    embedding_model: str = Field(DEFAULT_MODEL, description="Name or folder of a sentence-transformers model.")
    passage_words: int = Field(140, ge=20, le=400, description="Words a passage should have.")
    overlap_sentences: int = Field(1, ge=0, le=3, description="Sentences that a passage repeats of the one before.")
    write_wait: float = Field(5.0, ge=0, description="Seconds that a writer waits for another to be done.")
    words_weight: float = Field(0.4, ge=0, le=1, description="Weight of words against meaning in search.")
    max_file_mb: int = Field(50, ge=1, le=400, description="Megabytes that a file, page or line may have to be read.")
    allow_hosts: Annotated[tuple[str, ...], NoDecode] = Field(
        (), description="Hosts, `host` or `host:port`, that may be fetched from though they lie in a private network."
    )
    reader: str | None = Field(
        None, description="Name or folder of a transformers model for question answering; none: the packaged reader."
    )
    chat_model: str | None = Field(
        None, description="A LangChain chat model, as `provider:name`, or `llamacpp:FILE.gguf`; none: the reader."
    )
    chat_base_url: str | None = Field(
        None, description="Where the chat model's API is; none: its provider's own place."
    )
    chat_context: int = Field(8_192, ge=512, description="Tokens that the chat model's prompt and answer may have.")
    chat_timeout: float = Field(180.0, gt=0, description="Seconds that the chat model may take for an answer.")
    prompts: Path | None = Field(None, description="Folder of prompts of one's own, used before those of Dateline.")
    nli_model: str | None = Field(
        None, description="A cross-encoder for entailment, to verify a chat model's sentences; none: a fitted model."
    )
    unsupported: Literal["drop", "strike"] = Field(
        "drop", description="What becomes of a chat model's sentences that no passage bears out."
    )
    answer_cache: int = Field(
        0, ge=0, le=100_000, description="Answers kept to be given again while the library is the same; 0: none."
    )
    threshold: float | None = Field(
        None, ge=0, le=1, description="Least confidence to answer with; none: the reader's own, chosen on data."
    )
    chroma_url: str | None = Field(
        None, description="Chroma server that the vectors are searched on; none: Chroma in the library's folder."
    )
    chroma_headers: dict[str, SecretStr] = Field(
        {}, description="Headers sent to it, such as a token, as a JSON object; from the environment only."
    )
    k: int = Field(10, ge=1, le=50, description="Passages looked at for an answer.")
    reports: Path = Field(Path("eval-report"), description="Folder of the eval reports that the server shows.")
    host: str = Field("127.0.0.1", description="Address that the server listens at.")
    port: int = Field(7860, ge=1, le=65535, description="Port that the server listens at.")
    unprotected: bool = Field(
        False, description="Whether the server may listen at an address that others reach though there is no key."
    )
    rate: str = Field("300/minute", description="How often a key may ask, as `60/minute;5000/day`; empty: no limit.")
    at_once: int = Field(4, ge=1, le=64, description="Questions that the server answers at the same time.")
    waiting: int = Field(64, ge=0, le=10_000, description="Questions that may wait; more are refused.")
    answer_seconds: float = Field(60.0, gt=0, description="Seconds within which an answer has to begin.")
    log_content: bool = Field(False, description="Whether the server's log and traces hold questions and answers.")
    traces: str | None = Field(None, description="Collector that traces are sent to, for OTLP over gRPC; none: none.")

    @field_validator("allow_hosts", mode="before")
    @classmethod
    def _split(cls, value: Any) -> Any:
        return (
            tuple(host.strip().lower() for host in value.split(",") if host.strip())
            if isinstance(value, str)
            else value
        )

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags before environment before file."""
        file = TomlConfigSettingsSource(settings_cls)
        if "chroma_headers" in file.toml_data:
            raise ValueError("chroma_headers holds secrets: put it into the environment, as DATELINE_CHROMA_HEADERS")
        return init_settings, env_settings, file


def load_settings(**flags: Any) -> Settings:
    """Read the settings.

    Args:
        flags: What was given on the command line; None means not given.

    Raises:
        SettingsError: An unknown setting, or a value that cannot be; says which, where and what can.
    """
    unknown = sorted(
        name for name in os.environ if name.startswith(_PREFIX) and name[9:].lower() not in Settings.model_fields
    )
    if unknown:
        known = ", ".join(_PREFIX + name.upper() for name in Settings.model_fields)
        raise SettingsError(f"Unknown setting in the environment: {', '.join(unknown)}. There are: {known}.")
    try:
        return Settings(**{name: value for name, value in flags.items() if value is not None})
    except ValidationError as error:
        # Values are left out of the message: a setting may hold a secret.
        problems = "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors(include_input=False))
        raise SettingsError(
            f"A setting is wrong ({problems}). Look at the flags, DATELINE_… and dateline.toml."
        ) from None
    except EnvironmentFault as error:  # says which, not its value
        raise SettingsError(f"A setting in the environment is no JSON: {error}.") from None
    except ValueError as error:
        raise SettingsError(f"dateline.toml cannot be read: {error}") from None
