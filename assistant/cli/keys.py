"""Commands for API keys."""

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from assistant.cli.options import JsonOption, LibraryOption, print_json, settings_for

if TYPE_CHECKING:
    from pathlib import Path

    from assistant.access.keys import KeyStore


def register(app: typer.Typer) -> None:
    """Add these commands to the command line."""
    group = typer.Typer(
        help="API keys: with the first one, the server answers nobody without.",
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command()(create)
    group.command("list")(list_keys)
    group.command()(revoke)
    app.add_typer(group, name="key")


def create(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="NAME", help="Whose it is, or what for.")],
    scope: Annotated[
        list[str] | None,
        typer.Option(help="What it may do: ask, read, write, admin; may be repeated. By default ask and read."),
    ] = None,
    rate: Annotated[str | None, typer.Option(help="How often, such as 60/minute;5000/day.")] = None,
    days: Annotated[int | None, typer.Option(min=1, max=36_500, help="After how many days it ends.")] = None,
    library: LibraryOption = None,
) -> None:
    """Make a key, and print it; it is shown this once."""
    from datetime import timedelta

    from assistant.access.rates import require_rate
    from assistant.access.scopes import Scope

    wanted = scope or [Scope.ASK, Scope.READ]
    if unknown := [part for part in wanted if part not in set(Scope)]:
        raise typer.BadParameter(f"{', '.join(unknown)}; there are {', '.join(Scope)}", param_hint="--scope")
    expires_in = timedelta(days=days) if days else None
    if rate is not None:
        require_rate(rate)
    _, secret = _keys(context, library).create(name, {Scope(part) for part in wanted}, rate, expires_in)
    typer.echo(secret)
    typer.echo("Keep it: it is shown this once. Send it as `Authorization: Bearer KEY`.", err=True)


def list_keys(context: typer.Context, as_json: JsonOption = False, library: LibraryOption = None) -> None:
    """List the keys, newest first, without their secrets."""
    keys = _keys(context, library).all()
    if as_json:
        print_json([{**asdict(key), "scopes": sorted(key.scopes)} for key in keys])
        return
    for key in keys:
        state = (
            f"revoked {key.revoked[:10]}" if key.revoked else f"until {key.expires[:10]}" if key.expires else "valid"
        )
        rate = key.rate or "default rate"
        typer.echo(f"{key.id}  {key.created[:10]}  {state:<18}  {','.join(sorted(key.scopes)):<14}  {rate}  {key.name}")


def revoke(
    context: typer.Context,
    key_id: Annotated[str, typer.Argument(metavar="ID", help="As `key list` shows it.")],
    library: LibraryOption = None,
) -> None:
    """Make a key, and every login with it, invalid at once."""
    _keys(context, library).revoke(key_id)
    typer.echo(f"{key_id} revoked")


def _keys(context: typer.Context, library: "Path | None") -> "KeyStore":
    from assistant.access.keys import KeyStore

    return KeyStore(settings_for(context, library).library)
