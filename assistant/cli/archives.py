"""Commands that carry a library elsewhere: export, import."""

from pathlib import Path
from typing import Annotated

import typer

from assistant.cli.options import JsonOption, LibraryOption, library_at, print_json, settings_for

FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help="The archive, e.g. news.dateline.gz.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command("export")(export)
    app.command("import")(import_)


def export(
    context: typer.Context,
    file: FileArgument,
    vectors: Annotated[
        bool, typer.Option("--vectors", help="Put the vectors in, so that importing need not embed; larger.")
    ] = False,
    places: Annotated[
        bool, typer.Option("--places/--no-places", help="Put in from which paths the articles were read.")
    ] = True,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it is there.")] = False,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Write all articles into one file, to be kept or imported elsewhere."""
    from assistant.cli.progress import counting_progress
    from index.transfer import export_library

    store = library_at(settings_for(context, library))
    with counting_progress("writing", "articles") as progress:
        head = export_library(store, file, vectors=vectors, places=places, overwrite=force, progress=progress)
    if as_json:
        print_json(head)
    else:
        typer.echo(f"{head.articles} articles{', with vectors' * vectors}, index {head.index_id}: {file}")


def import_(
    context: typer.Context,
    file: FileArgument,
    embed: Annotated[
        bool, typer.Option("--embed", help="Embed the passages anew, though the archive has their vectors.")
    ] = False,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Add the articles of an archive.

    It is checked as a whole before anything is written. What is there already stays, and of the same URL the newer
    version does. Interrupted, it goes on from there when begun again.
    """
    from assistant.assistant import open_library
    from assistant.cli.progress import counting_progress
    from index.transfer import import_archive

    store = open_library(settings_for(context, library))
    with counting_progress("indexing", "passages") as progress:
        done = import_archive(store, file, embed=embed, progress=progress)
    if as_json:
        print_json({**{name: getattr(done, name) for name in done.__dataclass_fields__}, "index_id": store.index_id})
    else:
        typer.echo(
            f"{len(done.added)} added, {len(done.replaced)} replaced, {done.unchanged} unchanged, {done.older} older "
            f"than what is there, {'embedded anew' if done.embedded else 'vectors taken over'}; index "
            f"{store.index_id}: {store.folder}"
        )
