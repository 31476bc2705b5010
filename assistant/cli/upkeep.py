"""Commands that keep a library in good order: doctor, reindex, purge."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import JsonOption, LibraryOption, library_at, print_json, require_library, settings_for

if TYPE_CHECKING:
    from index.upkeep import Progress


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(doctor)
    app.command()(reindex)
    app.command()(purge)


def doctor(
    context: typer.Context,
    repair: Annotated[bool, typer.Option("--repair", help="Put right what can be, from the catalogue.")] = False,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Check everything that must hold of the library; exits with 1 where something does not."""
    store = library_at(settings_for(context, library))
    repaired = store.doctor.repair() if repair else []
    checks = store.doctor.examine()
    if as_json:
        print_json({"repaired": repaired, "checks": checks})
    else:
        for line in repaired:
            typer.echo(f"repaired  {line}")
        for check in checks:
            typer.echo(f"{'ok' if check.ok else 'BROKEN':8}  {check.name}: {check.detail}")
        if not repair and not all(check.ok for check in checks):
            typer.echo("Put it right: dateline doctor --repair", err=True)
    if not all(check.ok for check in checks):
        raise typer.Exit(1)


def reindex(context: typer.Context, library: LibraryOption = None) -> None:
    """Cut and encode every article again, with the present settings; questions are answered meanwhile.

    Where only DATELINE_CHROMA_URL is another, the vectors are moved there as they are.

    Interrupted, it goes on where it stopped when called again.
    """
    from assistant.assistant import embedder_of, server_of, splitting_of
    from index import stores

    settings = settings_for(context, library)
    require_library(settings)
    with shown() as progress:
        stores.reindex(
            settings.library,
            embedder_of(settings),
            splitting_of(settings),
            progress,
            settings.write_wait,
            server_of(settings),
        )
    held = library_at(settings).status()
    typer.echo(f"{held.articles} articles, {held.passages} passages, encoded by {held.embedding_model}")


def purge(context: typer.Context, library: LibraryOption = None) -> None:
    """Leave no byte of the articles removed earlier in any file of the library."""
    from assistant.feedback import FeedbackStore

    store = library_at(settings_for(context, library))
    with shown() as progress:
        store.purge(progress)
    FeedbackStore(store.folder).purge(store)
    typer.echo(f"purged: {store.folder}")


@contextmanager
def shown() -> "Iterator[Progress]":
    """A bar on standard error for what is done to whole indexes."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskID, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        tasks: dict[str, TaskID] = {}

        def show(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = bar.add_task(what)
            bar.update(tasks[what], completed=done, total=total)

        yield show
