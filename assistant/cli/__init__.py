"""The command line, `dateline`."""

from assistant.cli.main import main

__all__ = ["main"]
