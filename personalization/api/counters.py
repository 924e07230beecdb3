"""What `/metrics` tells of us, beside what the process itself shows. Nothing is told by visitor.

Counters and the histogram are of this process since it started; the rest is read from the database
when somebody asks.
"""

import logging
from collections.abc import Iterator
from datetime import timedelta
from functools import cache
from typing import Final

from django.db import DatabaseError, InterfaceError
from django.db.models import Count, F, Min
from prometheus_client import REGISTRY, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from personalization import clock
from personalization.govern.models import Site
from personalization.journeys.models import Delivery
from personalization.outbox import Job

ANSWERS: Final = Counter("pz_answers", "Answers of render and events.", ["endpoint", "status"])
SECONDS: Final = Histogram(
    "pz_answer_seconds",
    "Time from call to answer, in seconds.",
    ["endpoint"],
    buckets=(0.0005, 0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.5, 2),
)
SLOTS: Final = Counter("pz_slots", "Slots filled, by the kind of reason.", ["kind"])
FAILURES: Final = Counter("pz_slot_failures", "Contents that failed to render.", ["slot"])
EVENTS: Final = Counter("pz_events", "Events received, by what became of them.", ["outcome"])
# `labels()` asks a lock and a dictionary each time; its counters are few.
answers = cache(ANSWERS.labels)
seconds = cache(SECONDS.labels)
slots_filled = cache(SLOTS.labels)
ENDED_WITHIN: Final = timedelta(days=1)
log: Final = logging.getLogger("personalization.metrics")


class Standing(Collector):
    """How things stand in the database; with it away, nothing rather than an error."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        try:
            yield from [*_jobs(), *_sites(), _deliveries()]
        except (DatabaseError, InterfaceError) as error:
            log.error("database.away: metrics of this process only (%s)", type(error).__name__)

    def describe(self) -> Iterator[GaugeMetricFamily]:
        """Nothing is asked of the database when it is registered."""
        return iter(())


def _jobs() -> Iterator[GaugeMetricFamily]:
    now = clock.now()
    states = GaugeMetricFamily("pz_jobs", "Jobs; ended ones of the last day.", labels=["state"])
    rows = Job.objects.exclude(finished_at__lt=now - ENDED_WITHIN).order_by()
    for state, count in rows.values_list("state").annotate(Count("pk")):
        states.add_metric([state], count)
    late = GaugeMetricFamily("pz_jobs_late_seconds", "How late the oldest waiting job is.")
    due = Job.objects.filter(state=Job.WAITING, due_at__lt=now).aggregate(at=Min("due_at"))["at"]
    late.add_metric([], (now - due).total_seconds() if due else 0)
    yield from (states, late)


def _sites() -> Iterator[GaugeMetricFamily]:
    release = GaugeMetricFamily("pz_release", "The live release.", labels=["site"])
    learned = GaugeMetricFamily("pz_learned", "The live learned snapshot.", labels=["site"])
    enabled = GaugeMetricFamily("pz_enabled", "1: personalization is on.", labels=["site"])
    for site in Site.objects.order_by("key"):
        release.add_metric([site.key], site.live_release or 0)
        learned.add_metric([site.key], site.live_learned or 0)
        enabled.add_metric([site.key], int(site.is_enabled))
    yield from (release, learned, enabled)


def _deliveries() -> GaugeMetricFamily:
    found = GaugeMetricFamily(
        "pz_webhooks", "Webhook messages that are not delivered.", labels=["state"]
    )
    rows = Delivery.objects.exclude(state=Delivery.SENT).order_by().values_list(F("state"))
    for state, count in rows.annotate(Count("pk")):
        found.add_metric([state], count)
    return found


REGISTRY.register(Standing())
