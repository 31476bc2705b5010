"""The HTTP API under `/v1`, with its description at `/docs`."""

from assistant.api.application import create_api

__all__ = ["create_api"]
