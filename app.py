"""Serves the chat page and the API: `python app.py`, set up by `DATELINE_…` and `dateline.toml`."""

from assistant.server import serve
from assistant.settings import load_settings

if __name__ == "__main__":
    serve(load_settings())
