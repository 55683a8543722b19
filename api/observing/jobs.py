"""Jobs by kind: how many wait, run, are done and failed, and how long they took. From the database, so that every process
tells the same, and whatever ended before this one began is counted too."""

from dataclasses import dataclass
from datetime import UTC, datetime

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy import Connection, text

from models.job import UNFINISHED, JobState
from models.observing_doors import JOB_SECONDS


@dataclass(frozen=True, slots=True)
class Figures:
    """Jobs of one kind in one state. `within` counts those that took no longer than each of `JOB_SECONDS`."""

    kind: str
    state: JobState
    jobs: int
    seconds: float
    within: tuple[int, ...]
    oldest: datetime


def job_figures(connection: Connection) -> list[Figures]:
    """By kind and state, over all regions."""
    rows = connection.execute(
        text("SELECT kind, state, jobs, seconds, within, oldest FROM job_figures() ORDER BY kind, state")
    )
    return [
        Figures(row.kind, JobState.read(row.state), row.jobs, row.seconds, tuple(row.within), row.oldest)
        for row in rows
    ]


class _Of(Collector):
    def __init__(self, figures: list[Figures]) -> None:
        self._figures = figures

    def collect(self) -> list[GaugeMetricFamily | CounterMetricFamily | HistogramMetricFamily]:
        """Prometheus's families. A process that is asked beside others tells the same: take the largest, not the sum."""
        open_now = GaugeMetricFamily("wengang_jobs", "Jobs that wait or run.", labels=("kind", "state"))
        waiting = GaugeMetricFamily(
            "wengang_job_oldest_queued_seconds", "Since when the oldest one waits.", labels=("kind",)
        )
        ended = CounterMetricFamily("wengang_jobs_ended", "Jobs that ended.", labels=("kind", "state"))
        took = HistogramMetricFamily(
            "wengang_job_seconds", "From a job's beginning to its end, where it was done.", labels=("kind",)
        )
        for each in self._figures:
            if each.state in UNFINISHED:
                open_now.add_metric((each.kind, each.state.value), each.jobs)
            else:
                ended.add_metric((each.kind, each.state.value), each.jobs)
            if each.state is JobState.QUEUED:
                waiting.add_metric((each.kind,), (datetime.now(UTC) - each.oldest).total_seconds())
            if each.state is JobState.DONE:
                buckets = [
                    (str(float(limit)), count) for limit, count in zip(JOB_SECONDS, each.within, strict=True)
                ]
                took.add_metric((each.kind,), [*buckets, ("+Inf", each.jobs)], each.seconds)
        return [open_now, waiting, ended, took]


def told(figures: list[Figures]) -> bytes:
    """In Prometheus's text."""
    registry = CollectorRegistry()
    registry.register(_Of(figures))
    return generate_latest(registry)
