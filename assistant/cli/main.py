"""`dateline`: the commands, and what becomes of errors."""

import sys
from importlib.metadata import entry_points
from pathlib import Path
from typing import Annotated

import typer

from assistant.cli import archives, articles, asking, feedback, keys, mirroring, serving, upkeep
from assistant.cli.options import LibraryOption
from index.errors import DatelineError

app = typer.Typer(
    name="dateline",
    help="Ask news articles: a short answer, the sentence that says so, and where it stands.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"dateline {version('dateline')}")
        raise typer.Exit


@app.callback()
def dateline(
    context: typer.Context,
    library: LibraryOption = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    """Ask news articles: a short answer, the sentence that says so, and where it stands."""
    place: Path | None = library
    context.obj = place


for module in (articles, mirroring, archives, asking, serving, keys, feedback, upkeep):
    module.register(app)
# Packages that build on the assistant (the eval harness) bring their commands along; it does not know of them.
for point in entry_points(group="dateline.commands"):
    command = point.load()
    if isinstance(command, typer.Typer):
        app.add_typer(command, name=point.name)
    else:
        app.command(point.name)(command)


def main() -> None:
    """Run the command line.

    Exits with 0 when done, 1 for the user's mistake or an item that failed, 2 for wrong usage.
    """
    try:
        app()
    except DatelineError as error:
        sys.stderr.write(f"dateline: {error}\n")
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("dateline: interrupted\n")
        sys.exit(130)
    except OSError as error:
        sys.stderr.write(f"dateline: {error.strerror or error}: {error.filename or ''}\n")
        sys.exit(1)
