"""Traces by OpenTelemetry, in its conventions for generative AI: a span for a question, one for each of its steps."""

from typing import TYPE_CHECKING, Any
from uuid import UUID

from langchain_core.callbacks import BaseCallbackHandler
from opentelemetry import trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from assistant.answer import Answer
from index.errors import SettingsError

if TYPE_CHECKING:
    from langchain_core.outputs import LLMResult
    from opentelemetry.sdk.trace import TracerProvider

_STEPS = {"search": "retrieval", "read": "read", "generate": "generate", "cite": "verify"}
"""The chain's steps, and what their spans are called; retrieval is an operation of the conventions."""


def provider_to(endpoint: str, with_content: bool = False) -> "TracerProvider":
    """What sends spans to a collector.

    Args:
        endpoint: Its address, for OTLP over gRPC: `http://127.0.0.1:4317`.
        with_content: Whether spans keep what was typed.

    Raises:
        SettingsError: What is needed for that is not installed.
    """
    try:
        from opentelemetry.exporter.otlp.proto.grpc.trace_exporter import OTLPSpanExporter
        from opentelemetry.sdk.resources import Resource
        from opentelemetry.sdk.trace import TracerProvider
        from opentelemetry.sdk.trace.export import BatchSpanProcessor

        from assistant.observing.redaction import WithoutQueries
    except ImportError as error:
        raise SettingsError(f"Traces need more packages ({error}): pip install 'dateline[traces]'") from None
    provider = TracerProvider(resource=Resource.create({"service.name": "dateline"}))
    if not with_content:
        provider.add_span_processor(WithoutQueries())
    exporter = OTLPSpanExporter(endpoint=endpoint, insecure=endpoint.startswith("http://"))
    provider.add_span_processor(BatchSpanProcessor(exporter))
    return provider


class Traces(BaseCallbackHandler):
    """Makes spans of what LangChain's callbacks tell.

    Args:
        provider: Where to.
        with_content: Whether questions and answers are recorded too.
    """

    run_inline = True

    def __init__(self, provider: trace.TracerProvider, with_content: bool = False) -> None:
        self._tracer = provider.get_tracer("dateline")
        self._with_content = with_content
        self._spans: dict[UUID, Span] = {}
        self._parents: dict[UUID, UUID] = {}

    def on_chain_start(
        self, serialized: Any, inputs: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """Begin a span for a question, or for a step of it."""
        name = more.get("name")
        if parent_run_id is None:
            attributes = {"gen_ai.operation.name": "invoke_workflow", "gen_ai.workflow.name": "dateline"}
            self._spans[run_id] = self._tracer.start_span("invoke_workflow dateline", attributes=attributes)
            return
        self._parents[run_id] = parent_run_id
        if name in _STEPS:
            operation = _STEPS[name]
            known = {"gen_ai.operation.name": operation} if operation == "retrieval" else {}
            self._begin(run_id, "retrieval dateline" if known else operation, SpanKind.INTERNAL, known)

    def on_chain_end(self, outputs: Any, *, run_id: UUID, **_: Any) -> None:
        """End it, with what became of the question."""
        if isinstance(outputs, Answer) and (span := self._spans.get(run_id)) and run_id not in self._parents:
            span.set_attributes(
                {
                    "dateline.abstained": outputs.abstained,
                    "dateline.confidence": outputs.confidence,
                    "dateline.citations": len(outputs.citations),
                    "dateline.answered_by": outputs.answered_by,
                    "gen_ai.data_source.id": outputs.index_id,
                }
            )
            if self._with_content:
                span.set_attributes({"dateline.question": outputs.question, "dateline.answer": outputs.text})
        self._end(run_id)

    def on_chain_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """End it as failed."""
        self._end(run_id, error)

    def on_chat_model_start(
        self, serialized: Any, messages: Any, *, run_id: UUID, parent_run_id: UUID | None = None, **more: Any
    ) -> None:
        """Begin a span for a call of a chat model."""
        known = more.get("metadata") or {}
        if parent_run_id is not None:
            self._parents[run_id] = parent_run_id
        model = str(known.get("ls_model_name") or more.get("name") or "unknown")
        attributes = {"gen_ai.operation.name": "chat", "gen_ai.request.model": model}
        if provider := known.get("ls_provider"):
            attributes["gen_ai.provider.name"] = str(provider)
        self._begin(run_id, f"chat {model}", SpanKind.CLIENT, attributes)

    def on_llm_end(self, response: "LLMResult", *, run_id: UUID, **_: Any) -> None:
        """End it, with the tokens used where the model tells."""
        if (span := self._spans.get(run_id)) and response.generations and response.generations[0]:
            message = getattr(response.generations[0][0], "message", None)
            if usage := getattr(message, "usage_metadata", None):
                span.set_attribute("gen_ai.usage.input_tokens", usage["input_tokens"])
                span.set_attribute("gen_ai.usage.output_tokens", usage["output_tokens"])
        self._end(run_id)

    def on_llm_error(self, error: BaseException, *, run_id: UUID, **_: Any) -> None:
        """End it as failed."""
        self._end(run_id, error)

    def _begin(self, run_id: UUID, name: str, kind: SpanKind, attributes: dict[str, str]) -> None:
        above = self._parents.get(run_id)
        while above is not None and above not in self._spans:  # LangChain's own sequences have no span
            above = self._parents.get(above)
        context = trace.set_span_in_context(self._spans[above]) if above else None
        self._spans[run_id] = self._tracer.start_span(name, context, kind, attributes)

    def _end(self, run_id: UUID, error: BaseException | None = None) -> None:
        self._parents.pop(run_id, None)
        span = self._spans.pop(run_id, None)
        if span is None:
            return
        if error is not None:  # its message may quote the question
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(Status(StatusCode.ERROR))
        span.end()
