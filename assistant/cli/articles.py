"""Commands for the articles: add, remove, list, show, status."""

import sys
from collections.abc import Iterator
from contextlib import AbstractContextManager, nullcontext
from itertools import groupby
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import JsonOption, LibraryOption, library_at, print_json, settings_for

if TYPE_CHECKING:
    from assistant.settings import Settings
    from index.article import Article
    from index.cluster import Cluster
    from index.load import Failure


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(add)
    app.command()(remove)
    app.command("list")(list_articles)
    app.command()(show)
    app.command()(status)


def add(
    context: typer.Context,
    paths: Annotated[
        list[str], typer.Argument(metavar="PATH…", help="Files, folders or addresses; - for standard input.")
    ],
    cluster: Annotated[
        str | None, typer.Option(metavar="ADDRESS", help="Read and encode on a Dask cluster: tcp://HOST:8786.")
    ] = None,
    library: LibraryOption = None,
) -> None:
    """Add articles from files of many formats (see the README), folders, archives and addresses.

    What is there already is passed over, and files that have not changed are not opened; what has changed replaces
    what it was. A file that cannot be read is reported, and the rest goes on.
    """
    from assistant.assistant import open_library
    from assistant.cli.progress import FilesPassed, adding_progress
    from assistant.loading import limits_of
    from index.load.sources import is_address
    from index.mirror import add_files
    from index.writer import Added

    settings = settings_for(context, library)
    store = open_library(settings)
    failures: list[Failure] = []
    # A cluster reads all there is; here, files go by what is known of them.
    elsewhere = [path for path in paths if cluster or path == "-" or is_address(path)]
    files = [path for path in paths if path not in elsewhere]
    try:
        with _cluster(cluster) as hands, adding_progress() as progress:
            done = add_files(store, files, limits=limits_of(settings), progress=progress)
            more = Added()
            if elsewhere:
                encoder = hands.embedder(store.embedder) if hands else None
                passed = FilesPassed(path for path in elsewhere if path != "-" and not is_address(path))
                articles = passed.through(_read(elsewhere, settings, failures, hands))
                more = store.add(articles, lambda known, of: progress(known, of, passed.share), encoder)
    except KeyboardInterrupt:
        typer.echo(
            f"Stopped. What was added so far is in {store.folder}; the same command goes on from there.", err=True
        )
        raise
    failures = [*done.failures, *failures]
    typer.echo(
        f"{len(done.added) + len(more.added)} added, {len(done.replaced) + len(more.replaced)} replaced, "
        f"{done.unchanged + len(more.unchanged)} unchanged, {len(failures)} failed: {store.folder}"
    )
    for failure in failures:
        typer.echo(f"failed: {failure.path}: {failure.reason}", err=True)
    if failures:
        raise typer.Exit(1)


def _cluster(address: str | None) -> "AbstractContextManager[Cluster | None]":
    if address is None:
        return nullcontext()
    from index.cluster import connected

    return connected(address)


def _read(
    paths: list[str], settings: "Settings", failures: list["Failure"], cluster: "Cluster | None"
) -> Iterator["Article"]:
    """The articles, as they come; what cannot be read joins the failures."""
    from assistant.loading import limits_of, read_articles
    from index.errors import UnreadableError
    from index.load import Failure, read_text

    for is_stdin, run in groupby(paths, lambda path: path == "-"):
        if is_stdin:
            try:
                limits = limits_of(settings)
                yield from read_text(sys.stdin.buffer.read(limits.file_bytes + 1), limits=limits)
            except UnreadableError as error:
                failures.append(Failure("<stdin>", str(error)))
            continue
        for item in read_articles(run, settings, cluster):
            if isinstance(item, Failure):
                failures.append(item)
            else:
                yield item


def remove(
    context: typer.Context,
    ids: Annotated[list[str], typer.Argument(metavar="ID…", help="Ids of articles, as `list` shows them.")],
    purge: Annotated[
        bool, typer.Option("--purge", help="Leave no byte of them in any file; takes longer, see purge.")
    ] = False,
    library: LibraryOption = None,
) -> None:
    """Remove articles from every store."""
    from assistant.cli.upkeep import shown

    store = library_at(settings_for(context, library))
    with shown() as progress:
        removed = store.remove(ids, purge=purge, progress=progress)
    if purge:
        from assistant.feedback import FeedbackStore

        FeedbackStore(store.folder).purge(store)
    typer.echo(f"{len(removed)} removed")


def list_articles(context: typer.Context, as_json: JsonOption = False, library: LibraryOption = None) -> None:
    """List the articles, newest first."""
    summaries = library_at(settings_for(context, library)).articles()
    if as_json:
        print_json(summaries)
        return
    from rich.console import Console
    from rich.markup import escape
    from rich.table import Table

    table = Table(box=None, pad_edge=False)
    columns = [("id", True), ("published", True), ("language", True), ("title", False), ("source", False)]
    if any(item.copy_of for item in summaries):
        columns.append(("copy of", True))
    for name, fixed in columns:
        table.add_column(name, no_wrap=fixed, overflow="fold")
    for item in summaries:
        cells = (item.id, (item.published or "")[:10], item.language, item.title, item.source, item.copy_of)
        table.add_row(*(escape(cell or "") for cell in cells[: len(columns)]))
    Console().print(table)


def show(
    context: typer.Context,
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    as_json: JsonOption = False,
    library: LibraryOption = None,
) -> None:
    """Show one article, with its copies and the text that citations refer to."""
    from assistant.bodies import article_body

    store = library_at(settings_for(context, library))
    article = store.article(article_id)
    shown = article_body(article, store.copies(article_id))
    if as_json:
        print_json(shown)
        return
    from index.dates_shown import day_in_words

    day = day_in_words(article.published)
    pages = f"{len(article.pages)} pages" if article.pages else None
    about = (article.source, article.section, day, article.place, article.author, article.language, pages, article.url)
    typer.echo(f"{article.title}\n{' · '.join(part for part in about if part)}")
    for copy in shown.copies:
        told = (f"{copy.relation} {copy.id}", copy.source, day_in_words(copy.published), copy.title)
        typer.echo(" · ".join(part for part in told if part))
    typer.echo(f"\n{article.text}")


def status(context: typer.Context, as_json: JsonOption = False, library: LibraryOption = None) -> None:
    """Say what the library holds and how it was made."""
    held = library_at(settings_for(context, library)).status()
    if as_json:
        print_json(held)
        return
    typer.echo(f"{held.articles} articles, {held.passages} passages in {held.folder}")
    typer.echo(f"embedding model {held.embedding_model}, {held.dimension} dimensions, sha256 {held.weights_sha256}")
    typer.echo(f"splitting {held.splitting}")
    typer.echo(f"index {held.index_id}")
