"""Event batches of 100: our endpoint's verb against a plain Django view with `bulk_create`.

Both store the same rows in the same table with a durable commit (SQLite synchronous=FULL,
or the PostgreSQL of BENCH_DATABASE_URL), in one interleaved run; only the ratio travels. The floor
neither checks rows nor asks for consent, deduplicates or keeps profiles.
"""

import gc
import json
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.table import Figure, report

ROUNDS, BATCH, VISITORS = 60, 100, 10
TARGET = 1.7


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-events-") as folder:
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
        }
        if url := os.environ.get("BENCH_DATABASE_URL"):
            os.environ["DATABASE_URL"] = url
        sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
        figures = run()
    floor, ours = (statistics.median(each) for each in figures)
    print(f"a plain view with bulk_create: {BATCH / floor:.0f} rows a second, durable")
    where = "PostgreSQL" if os.environ.get("BENCH_DATABASE_URL") else "SQLite"
    what = f"collect: checked, once, applied to profiles, {where}"
    report([Figure("events", what, floor / ours, least=TARGET)])


def run() -> tuple[list[float], list[float]]:
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    floor, ours = prepare()
    times: tuple[list[float], list[float]] = ([], [])
    for turn in range(ROUNDS):
        bodies = [body(turn, side) for side in ("floor", "ours")]
        for side, (take, sent) in enumerate(zip((floor, ours), bodies, strict=True)):
            gc.collect()
            start = time.perf_counter()
            take(sent)
            times[side].append(time.perf_counter() - start)
    return times[0][5:], times[1][5:]


def body(turn: int, side: str) -> bytes:
    start = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=2 * turn)
    return json.dumps(
        {
            "events": [
                {
                    "id": f"{side}-{turn}-{place}",
                    "type": "view",
                    "visitor": f"v{place % VISITORS}",
                    "at": (start + timedelta(seconds=place)).isoformat(),
                    "item": f"item{place % 40}",
                    "value": 12.34,
                    "currency": "EUR",
                    "properties": {"page": "/p/1", "position": place},
                }
                for place in range(BATCH)
            ]
        }
    ).encode()


def prepare() -> tuple[Callable[[bytes], object], Callable[[bytes], object]]:
    import orjson
    from django.db import transaction
    from django.http import HttpRequest, JsonResponse
    from django.utils.dateparse import parse_datetime

    from personalization.clock import now, to_us
    from personalization.collect.consent import choose
    from personalization.collect.ingest import ingest
    from personalization.collect.models import Event
    from personalization.govern.pseudonyms import visitor_key
    from personalization.govern.sites import make_site
    from personalization.profiles.models import Profile
    from rules.purposes import ALL_PURPOSES

    site = make_site(name="Bench", origins=[], by="bench").site
    for place in range(VISITORS):
        choose(site, f"v{place}", purposes=ALL_PURPOSES, policy="bench", source="bench")

    def plain_view(request: HttpRequest) -> JsonResponse:
        events = json.loads(request.body)["events"]
        keys = {each["visitor"]: visitor_key(site.pk, each["visitor"]) for each in events}
        rows = Profile.objects.filter(site=site, key__in=keys.values())
        profiles = dict(rows.values_list("key", "pk"))
        with transaction.atomic():
            Event.objects.bulk_create(
                [
                    Event(
                        site=site,
                        event=each["id"],
                        profile_id=profiles[keys[each["visitor"]]],
                        type=each["type"],
                        at=to_us(parse_datetime(each["at"])),
                        received=to_us(now()),
                        item=each["item"],
                        value=round(each["value"] * 100),
                        currency=each["currency"],
                        properties=json.dumps(each["properties"]),
                    )
                    for each in events
                ],
                ignore_conflicts=True,
            )
        return JsonResponse({"accepted": len(events)}, status=202)

    def floor(sent: bytes) -> object:
        request = HttpRequest()
        request._body = sent
        return plain_view(request)

    def ours(sent: bytes) -> object:
        outcome = ingest(site, orjson.loads(sent)["events"], trusted=True)
        return orjson.dumps({"accepted": outcome.accepted, "duplicates": outcome.duplicates})

    return floor, ours


if __name__ == "__main__":
    main()
