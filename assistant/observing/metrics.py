"""Metrics for Prometheus, served at `/metrics`."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from fastapi import APIRouter, Response
from langchain_core.callbacks import BaseCallbackHandler
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from assistant.answer import Answer

if TYPE_CHECKING:
    from prometheus_client import Metric

_SECONDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0)


class Metrics:
    """The metrics of one server. Labels have few values: no ids, no words, no addresses."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)  # processor time and memory, on Linux
        self.requests = Counter(
            "dateline_requests_total", "Requests answered.", ["method", "route", "status"], registry=self.registry
        )
        self.request_seconds = Histogram(
            "dateline_request_seconds", "Time to answer.", ["route"], buckets=_SECONDS, registry=self.registry
        )
        self.answers = Counter(
            "dateline_answers_total", "Questions answered.", ["outcome", "answered_by"], registry=self.registry
        )
        self.step_seconds = Histogram(
            "dateline_step_seconds", "Time of a step of an answer.", ["step"], buckets=_SECONDS, registry=self.registry
        )
        self.asked = Gauge("dateline_asked", "Questions being answered or waiting, of the API.", registry=self.registry)

    def watch(self, name: str, says: str, value: Callable[[], float]) -> None:
        """Have a value asked for whenever the metrics are read."""
        self.registry.register(_Asked(name, says, value))

    def router(self) -> APIRouter:
        """The route `/metrics`."""
        router = APIRouter(include_in_schema=False)

        @router.get("/metrics")
        def metrics() -> Response:
            return Response(generate_latest(self.registry), media_type=CONTENT_TYPE_LATEST)

        return router


class AnswerMetrics(BaseCallbackHandler):
    """Counts answers.

    Args:
        metrics: Where.
    """

    run_inline = True

    def __init__(self, metrics: Metrics) -> None:
        self._metrics = metrics

    def on_chain_end(self, outputs: Any, *, parent_run_id: Any = None, **_: Any) -> None:
        """Count what the whole chain answered."""
        if parent_run_id is not None or not isinstance(outputs, Answer):
            return
        outcome = "abstained" if outputs.abstained else "answered"
        self._metrics.answers.labels(outcome, outputs.answered_by).inc()
        for step, milliseconds in outputs.timings_ms.items():
            self._metrics.step_seconds.labels(step).observe(milliseconds / 1_000)


class _Asked(Collector):
    def __init__(self, name: str, says: str, value: Callable[[], float]) -> None:
        self._name = name
        self._says = says
        self._value = value

    def collect(self) -> "Iterator[Metric]":
        yield GaugeMetricFamily(self._name, self._says, value=self._value())

    def describe(self) -> "Iterator[Metric]":
        yield GaugeMetricFamily(self._name, self._says)
