"""The command that serves."""

from typing import Annotated

import typer

from assistant.cli.options import LibraryOption, settings_for


def register(app: typer.Typer) -> None:
    """Add this command to the command line."""
    app.command()(serve)


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
