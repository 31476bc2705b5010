"""Commands that keep the library as a folder is: sync, watch."""

import json
import sys
from contextlib import nullcontext
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from assistant.cli.options import JsonOption, LibraryOption, print_json, settings_for

if TYPE_CHECKING:
    from index.mirror import Mirrored

FolderArgument = Annotated[Path, typer.Argument(metavar="DIR", help="The folder.")]


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(sync)
    app.command()(watch)


def sync(
    context: typer.Context,
    folder: FolderArgument,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would be done.")] = False,
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Remove its articles even where the folder is empty or missing.")
    ] = False,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Make the library hold what a folder does: add, replace, remove.

    Only articles that were read from files under this folder are removed. A file that cannot be read keeps what it
    held. A folder that is empty or missing is refused: it may be a disk that is not there.
    """
    from assistant.assistant import open_library
    from assistant.cli.progress import adding_progress
    from assistant.loading import limits_of
    from index.mirror import mirror

    settings = settings_for(context, library)
    is_new = not (settings.library / "catalog.sqlite").exists()
    with TemporaryDirectory() if dry_run and is_new else nullcontext(settings.library) as place:
        store = open_library(settings.model_copy(update={"library": Path(place)}))
        with adding_progress() as progress:
            limits = limits_of(settings)
            done = mirror(store, folder, allow_empty=allow_empty, dry_run=dry_run, limits=limits, progress=progress)
        store.close()
    if as_json:
        print_json({"dry_run": dry_run, **asdict(done)})
    else:
        typer.echo(f"{'would be: ' * dry_run}{_summary(done)}: {settings.library}")
        _print_failures(done)
    if done.failures:
        raise typer.Exit(1)


def watch(
    context: typer.Context,
    folder: FolderArgument,
    poll: Annotated[
        float | None,
        typer.Option(min=0.1, metavar="SECONDS", help="Look every so often; for disks that give no notice of changes."),
    ] = None,
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Sync a folder, and again whenever something in it changes, until interrupted.

    Files still being written are waited for. What goes wrong is reported and tried again. With --json, each sync that
    changed something is a line.
    """
    import signal
    import threading

    from assistant.assistant import open_library
    from assistant.loading import limits_of
    from index.watch import watch as watch_folder

    def report(done: "Mirrored | Exception") -> None:
        now = datetime.now().astimezone().isoformat(timespec="seconds")
        if isinstance(done, Exception):
            _say({"time": now, "error": str(done)} if as_json else f"{now} {done}; trying again", err=not as_json)
            return
        _say({"time": now, **asdict(done)} if as_json else f"{now} {_summary(done)}")
        if not as_json:
            _print_failures(done)

    settings = settings_for(context, library)
    store = open_library(settings)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # a service manager ends it as Ctrl-C does
    if not as_json:
        typer.echo(f"watching {folder} for {store.folder}; Ctrl-C ends it")
    try:
        watch_folder(store, folder, report, stop=threading.Event(), poll=poll, limits=limits_of(settings))
    except KeyboardInterrupt:
        if not as_json:
            typer.echo("stopped")
    finally:
        store.close()


def _summary(done: "Mirrored") -> str:
    counts: dict[str, int] = {
        "added": len(done.added),
        "replaced": len(done.replaced),
        "removed": len(done.removed),
        "unchanged": done.unchanged,
        "failed": len(done.failures),
    }
    if done.kept:
        counts["kept though their files cannot be read now"] = done.kept
    if done.waiting:
        counts["files still being written"] = len(done.waiting)
    return ", ".join(f"{count} {what}" for what, count in counts.items())


def _print_failures(done: "Mirrored") -> None:
    for failure in done.failures:
        typer.echo(f"failed: {failure.path}: {failure.reason}", err=True)


def _say(what: dict[str, Any] | str, err: bool = False) -> None:
    typer.echo(what if isinstance(what, str) else json.dumps(what, ensure_ascii=False), err=err)
    (sys.stderr if err else sys.stdout).flush()
