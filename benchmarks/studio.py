"""The studio's pages on a busy site beside the same pages on a quiet one.

In:  nothing; two sites are made here: one with 1,000,000 visitors (or STUDIO_VISITORS) and one with
     1,000; three events and two exposures each, and half as many entries in the ledger.
Out: how many times longer the busy site's page takes, on SQLite and on PostgreSQL; the first page
     twice, as it is counted and as it is kept.

    python -m benchmarks.studio
"""

import os
import statistics
import time
from collections.abc import Iterator
from typing import Any

from benchmarks.databases import on_each
from benchmarks.table import Figure

VISITORS = int(os.environ.get("STUDIO_VISITORS", "1000000"))
QUIET = 1000
ROUNDS, MOST = 5, 2
DAY_US = 86_400_000_000
PAGES = {
    "visitors": "/admin/personalization/profile/",
    "visitors, page 20": "/admin/personalization/profile/?p=20",
    "a visitor by pseudonym": "/admin/personalization/profile/?q={key}",
    "events": "/admin/personalization/event/",
    "events that are purchases": "/admin/personalization/event/?type=purchase",
    "exposures": "/admin/personalization/exposure/",
    "exposures of a slot": "/admin/personalization/exposure/?q=slot-3",
    "consent ledger": "/admin/personalization/consentrecord/",
    "audit trail": "/admin/personalization/auditentry/",
    "segments": "/admin/personalization/segment/",
    "a segment": "/admin/personalization/segment/add/",
    "preview": "/admin/personalization/site/preview/",
    "why": "/admin/personalization/site/why/?visitor={key}",
    "how good the drafts are": "/admin/personalization/site/drafts/",
}


def figures(vendor: str) -> Iterator[Figure]:
    import django

    django.setup()
    from django.core.cache import cache
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    quiet, busy = site("Quiet", 1, QUIET), site("Busy", QUIET + 1, VISITORS)
    analyse(vendor)
    people = {each.pk: somebody(each) for each in (quiet, busy)}
    print(f"{vendor}: {VISITORS:,} visitors beside {QUIET:,}", flush=True)

    def ratio(address: str, *, is_kept: bool = True) -> float:
        def timed(each: Any) -> float:
            if not is_kept:
                cache.clear()
            start = time.perf_counter()
            answer = people[each.pk].get(address.format(key=f"{each.first:012x}"))
            assert answer.status_code == 200, (address, answer.status_code)
            return time.perf_counter() - start

        pairs = [(timed(busy), timed(quiet)) for _ in range(ROUNDS + 1)][1:]
        mine, floor = (statistics.median(times) for times in zip(*pairs, strict=True))
        print(f"  {address}: {mine * 1e3:.0f} ms, {floor * 1e3:.0f} ms", flush=True)
        return mine / floor

    yield Figure("studio", f"{vendor}: first page, counted anew", ratio("/admin/", is_kept=False))
    yield Figure("studio", f"{vendor}: first page", ratio("/admin/"), most=MOST)
    for name, address in PAGES.items():
        yield Figure("studio", f"{vendor}: {name}", ratio(address), most=MOST)


def somebody(site: Any) -> Any:  # a client of Django's, logged in with every role on this site
    from django.contrib.auth import get_user_model
    from django.test import Client

    from personalization.govern.models import Membership

    person = get_user_model().objects.create_user(f"of-{site.pk}", is_staff=True)
    Membership.objects.create(user=person, site=site, role="admin")
    client = Client(SERVER_NAME="127.0.0.1")
    client.force_login(person)
    return client


# ---------------------------------------------------------------- visitors and what they did


def site(name: str, first: int, visitors: int) -> Any:
    """A site with so many visitors, numbered from `first` on."""
    from django.db import connection

    from personalization import clock
    from personalization.govern.sites import make_site

    made = make_site(name=name, origins=[], by="bench").site
    made.first = first
    now = clock.to_us(clock.now())
    with connection.cursor() as cursor:
        for statement in filled(made.pk, first, visitors, now):
            cursor.execute(statement)
    return made


def filled(site: int, first: int, visitors: int, now: int) -> Iterator[str]:
    """Keys begin with the visitor's number in hexadecimal digits: no hashes, but as long."""
    last = first + visitors - 1
    key = (
        "LPAD(TO_HEX(n), 12, '0') || REPEAT('0', 52)"
        if on_postgres()
        else "PRINTF('%012x%052d', n, 0)"
    )
    events = ", ".join(
        f'[{now - each * DAY_US},"e{each}","view","item-{each}",null,null,null]'
        for each in range(20)
    )
    visitor = f"{first} + (n * 104729) % {visitors}"
    at = f"{now} - (n * 7919) % {30 * DAY_US // 1000} * 1000"
    yield f"""
        INSERT INTO personalization_profile (id, site_id, key, key_id, sealed_id, sealed_personal,
            sealed_unit, purposes, consented_us, policy, first_seen, last_seen, visits, frequency,
            monetary, applied, recent, recent_at, recent_id, traits, scores, shown, stages,
            is_unsettled, created_at)
        {numbers(first, last)}
        SELECT n, {site}, {key}, 'k' || n, {blob()}, {blob()}, {blob()}, n % 16, 1, 'v1',
            {now} - n % 90 * {DAY_US}, {now} - n % 60 * {DAY_US}, 1 + n % 40, n % 5, n % 90000, 3,
            '[{events}]', 0, '', '{{}}', '{{}}', '{{}}', '[]', {false()}, CURRENT_TIMESTAMP
        FROM counted"""
    yield f"""
        INSERT INTO personalization_summary (id, site_id, purposes, first_seen, last_seen, visits,
            frequency, monetary, recent_at, recent_id)
        SELECT id, site_id, purposes, first_seen, last_seen, visits, frequency, monetary,
            recent_at, recent_id
        FROM personalization_profile WHERE site_id = {site}"""
    yield f"""
        INSERT INTO personalization_event (event, type, at, received, item, category, properties,
            purposes, profile_id, site_id)
        {numbers(1, 3 * visitors)}
        SELECT 'e' || n, CASE n % 6 WHEN 0 THEN 'purchase' WHEN 1 THEN 'click' ELSE 'view' END,
            {at}, {now}, 'item-' || n % 50000, 'c' || n % 40, '{{}}', 7, {visitor}, {site}
        FROM counted"""
    yield f"""
        INSERT INTO personalization_exposure (token, at, release, learned, slot, content, reason,
            rule, experiment, arm, phase, items, purposes, profile_id, site_id)
        {numbers(1, 2 * visitors)}
        SELECT 't' || n, {at}, 1, 1, 'slot-' || n % 8, 'content-' || n % 20,
            CASE n % 3 WHEN 0 THEN 'default' WHEN 1 THEN 'rule' ELSE 'experiment' END,
            'rule-' || n % 12, CASE n % 3 WHEN 2 THEN 'test' ELSE '' END, 'a', 1, '[]', 7,
            {visitor}, {site} FROM counted"""
    yield f"""
        INSERT INTO personalization_consentrecord (sequence, at, key_id, sealed, previous, digest,
            site_id)
        {numbers(1, visitors // 2)}
        SELECT n, CURRENT_TIMESTAMP, 'k' || n, {blob()}, '', 'd' || n, {site} FROM counted"""


def numbers(first: int, last: int) -> str:
    if on_postgres():
        return f"WITH counted AS (SELECT n FROM GENERATE_SERIES({first}::bigint, {last}) AS n)"
    return (
        f"WITH RECURSIVE counted(n) AS (VALUES ({first})"
        f" UNION ALL SELECT n + 1 FROM counted WHERE n < {last})"
    )


def blob() -> str:
    return r"'\x00'::bytea" if on_postgres() else "x'00'"


def false() -> str:
    return "FALSE" if on_postgres() else "0"


def on_postgres() -> bool:
    from django.db import connection

    return connection.vendor == "postgresql"


def analyse(vendor: str) -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if vendor == "postgresql" else "ANALYZE")


if __name__ == "__main__":
    on_each("benchmarks.studio", "studio", figures)
