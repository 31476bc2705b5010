"""Commands for the feedback that users gave."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import JsonOption, LibraryOption, library_at, print_json, require_library, settings_for

if TYPE_CHECKING:
    from assistant.feedback import Feedback
    from assistant.settings import Settings


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    group = typer.Typer(help="What users thought of answers.", no_args_is_help=True, rich_markup_mode=None)
    group.command("list")(list_feedback)
    group.command()(export)
    app.add_typer(group, name="feedback")


def list_feedback(context: typer.Context, as_json: JsonOption = False, library: LibraryOption = None) -> None:
    """List the feedback, newest first."""
    given = _given(settings_for(context, library))
    if as_json:
        print_json(given)
        return
    for item in given:
        typer.echo(f"{item.given[:10]}  {item.rating:<4}  {item.question}")
        for line in (item.answer, item.comment and f"“{item.comment}”", item.expected and f"expected: {item.expected}"):
            if line:
                typer.echo(f"                  {line}")


def export(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help="Where to; - for standard output.")],
    with_down: Annotated[
        bool, typer.Option("--with-down", help="Also answers thought wrong, whose right ones you then fill in.")
    ] = False,
    library: LibraryOption = None,
) -> None:
    """Export candidates for gold questions, a JSON object a line, for `dateline eval --gold` once looked through."""
    import json

    from assistant.feedback import candidates

    settings = settings_for(context, library)
    found = list(candidates(_given(settings), library_at(settings), with_down=with_down))
    lines = "".join(f"{json.dumps(line, ensure_ascii=False)}\n" for line in found)
    if str(file) == "-":
        sys.stdout.write(lines)
        return
    file.write_text(lines, encoding="utf-8")
    typer.echo(f"{len(found)} candidates written to {file}")


def _given(settings: "Settings") -> "list[Feedback]":
    from assistant.feedback import FeedbackStore

    require_library(settings)
    return FeedbackStore(settings.library).all()
