"""The commands that serve."""

from typing import Annotated

import typer

from assistant.cli.options import LibraryOption, settings_for


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    app.command()(serve)
    app.command()(mcp)


def serve(
    context: typer.Context,
    host: Annotated[str | None, typer.Option(help="Address to listen at.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen at.")] = None,
    library: LibraryOption = None,
) -> None:
    """Serve the chat page and the API in one process."""
    from assistant.server import serve as serve_app

    settings = settings_for(context, library, host=host, port=port)
    serve_app(settings)


def mcp(
    context: typer.Context,
    http: Annotated[
        bool, typer.Option("--http", help="Serve over HTTP, at /mcp, rather than by stdin and stdout.")
    ] = False,
    host: Annotated[str | None, typer.Option(help="Address to listen at, with --http.")] = None,
    port: Annotated[int | None, typer.Option(min=1, max=65535, help="Port to listen at, with --http.")] = None,
    library: LibraryOption = None,
) -> None:
    """Be tools for agents (Model Context Protocol): ask, search, get_article."""
    from importlib.util import find_spec

    from assistant.cli.options import assistant_at
    from index.errors import SettingsError

    if find_spec("mcp") is None:
        raise SettingsError(
            "The Model Context Protocol's SDK is not installed. Install it: pip install 'dateline[mcp]'"
        )
    settings = settings_for(context, library, host=host, port=port)
    assistant = assistant_at(settings)
    if http:
        from assistant.server import serve_tools

        serve_tools(assistant)
    else:
        from assistant.tools import create_tools

        create_tools(assistant).run("stdio")
