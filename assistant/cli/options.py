"""Options that several commands share, and what every command begins with."""

import json
import sys
from collections.abc import Callable
from dataclasses import asdict, is_dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from assistant.assistant import Assistant
    from assistant.settings import Settings
    from index.library import Library
    from index.passage import Filters

LibraryOption = Annotated[
    Path | None,
    typer.Option("--library", metavar="DIR", help="Folder of everything stored (or DATELINE_LIBRARY)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON.")]
SinceOption = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="First day of publication.")]
UntilOption = Annotated[str | None, typer.Option(metavar="YYYY-MM-DD", help="Last day of publication.")]
SourceOption = Annotated[list[str] | None, typer.Option("--source", help="Only this publisher; may be repeated.")]
CountOption = Annotated[int | None, typer.Option("-k", min=1, max=50, help="How many passages.")]

ModelOption = Annotated[
    str | None,
    typer.Option(
        "--model", metavar="PROVIDER:NAME", help="Chat model that writes the answer (or DATELINE_CHAT_MODEL)."
    ),
]


def settings_for(context: typer.Context, library: Path | None, **flags: Any) -> "Settings":
    """The settings, with `--library` from before or behind the command's name."""
    from assistant.settings import load_settings

    return load_settings(library=library or context.obj, **flags)


def library_at(settings: "Settings") -> "Library":
    """The library, which must be there: a command that only reads makes none."""
    from assistant.assistant import open_library

    require_library(settings)
    return open_library(settings)


def require_library(settings: "Settings") -> None:
    """Make sure that the library is there.

    Raises:
        NothingIndexedError: It is not.
    """
    from index.errors import NothingIndexedError

    if not (settings.library / "catalog.sqlite").exists():
        raise NothingIndexedError(
            f"There is no library at {settings.library}. Make one by adding articles: dateline add PATH… "
            "(--library DIR names another place)"
        )


def assistant_at(settings: "Settings") -> "Assistant":
    """The assistant over a library that is there."""
    from assistant.assistant import Assistant

    return Assistant(library_at(settings), settings)


def filters_from(since: str | None, until: str | None, sources: list[str] | None) -> "Filters":
    """Filters from flags; a day that is none is a usage error."""
    from datetime import date

    from index.passage import Filters

    for flag, value in (("--since", since), ("--until", until)):
        try:
            _ = date.fromisoformat(value) if value else None
        except ValueError:
            raise typer.BadParameter(f"{value!r} is not a day; write YYYY-MM-DD", param_hint=flag) from None
    return Filters(since, until, tuple(sources or ()))


def print_json(value: Any) -> None:
    """Print a dataclass, or a list of them, as JSON."""
    plain: Callable[[Any], Any] = asdict
    sys.stdout.write(
        json.dumps(value, ensure_ascii=False, indent=2, default=lambda v: plain(v) if is_dataclass(v) else str(v))
        + "\n"
    )
