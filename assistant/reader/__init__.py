"""The reader that answers without a language model: a small network that marks the answer in a passage."""

from assistant.reader.reader import SpanReader

__all__ = ["SpanReader"]
