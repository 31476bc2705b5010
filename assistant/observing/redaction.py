"""Spans of requests without what the user typed: the query of an address may hold words that were sought."""

from opentelemetry.context import Context
from opentelemetry.sdk.trace import Span, SpanProcessor


class WithoutQueries(SpanProcessor):
    """Takes the query out of every span; the route and the path stay."""

    def on_start(self, span: Span, parent_context: Context | None = None) -> None:
        """Take it out before anybody sees it."""
        if span.attributes and "url.query" in span.attributes:
            span.set_attribute("url.query", "REDACTED")
