"""How often each route was asked, what it answered and how long it took, counted in this process."""

import os

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.multiprocess import MultiProcessCollector

SHARED_FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""Named in the environment where several processes answer at one address: each then tells the figures of all."""

# When each figure was first counted is a second figure for each, and nobody asks for it.
disable_created_metrics()  # type: ignore[no-untyped-call]
OURS = CollectorRegistry()
_METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
_SECONDS = (0.01, 0.03, 0.1, 0.3, 1.0, 3.0, 10.0, 30.0)
_answers = Counter(
    "wengang_http_requests", "Answers by route and status.", ("method", "route", "status"), registry=OURS
)
_seconds = Histogram(
    "wengang_http_request_seconds",
    "From a request's first byte to its answer's last.",
    ("method", "route"),
    buckets=_SECONDS,
    registry=OURS,
)
_at_work = Gauge(
    "wengang_http_requests_at_work",
    "Requests that are being answered.",
    registry=OURS,
    multiprocess_mode="livesum",
)
ProcessCollector(registry=OURS)


def began() -> None:
    """A request has come."""
    _at_work.inc()


def known(method: str) -> str:
    """A method that there is, or `other`: what a visitor invents is neither counted nor logged by its name."""
    return method if method in _METHODS else "other"


def ended(method: str, route: str | None, status: int, seconds: float) -> None:
    """It was answered. `route` is the template, never an address, which may hold anything and be anybody's."""
    told = known(method)
    _at_work.dec()
    _answers.labels(told, route or "none", str(status)).inc()
    _seconds.labels(told, route or "none").observe(seconds)


def told() -> bytes:
    """All of it in Prometheus's text."""
    if not os.environ.get(SHARED_FOLDER):
        return generate_latest(OURS)
    everybody = CollectorRegistry()
    MultiProcessCollector(everybody)  # type: ignore[no-untyped-call]
    return generate_latest(everybody)
