"""Counting an audience: the studio's own count beside the same question put to JSON documents.

In:  nothing; a site with many visitors (1,000,000 unless AUDIENCE_PROFILES says otherwise), made
     here: profiles and traits as the product stores them, and beside them one JSON document of
     about 1.6 kB a visitor, with the same facts and the same recent events.
Out: how many times longer the scan of the documents takes, on SQLite and on PostgreSQL. Both
     answers must be the same number, else nothing is measured. Fields that every visitor has and
     traits of a site's own, narrow and broad.

    python -m benchmarks.audiences
"""

import json
import os
import random
import statistics
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

from benchmarks.databases import on_each
from benchmarks.table import Figure

PROFILES = int(os.environ.get("AUDIENCE_PROFILES", "1000000"))
ROUNDS, TARGET = 5, 20
AT_ONCE = 20_000
NOW = datetime(2026, 6, 1, 12, tzinfo=UTC)
NOW_US = int(NOW.timestamp() * 1_000_000)
DAY_US = 86_400_000_000
PLANS = ("free", "free", "free", "free", "free", "pro", "pro", "team")
PURPOSES = (0, 1, 1, 3, 3, 7, 7, 7, 15, 15)  # bits: two allow personalization of three


class Question(NamedTuple):
    """`condition`: as the studio stores it. `documents`: the same of `d`, a JSON document."""

    name: str
    rules: list[dict[str, Any]]
    documents: str
    combinator: str = "and"


def rule(field: str, operator: str, value: object) -> dict[str, Any]:
    return {"field": field, "operator": operator, "value": value}


# {number:…}, {text:…}: how each database reads a number or a text of a document
QUESTIONS = (
    Question(
        "loyal: more than 20 visits",
        [rule("visits", ">", 20)],
        "{number:visits} > 20",
    ),
    Question(
        "lapsed buyers: bought twice, away for 60 days",
        [rule("frequency", ">=", 2), rule("last_seen", "olderThan", "60d")],
        f"{{number:frequency}} >= 2 AND {{number:last_seen}} < {NOW_US - 60 * DAY_US}",
    ),
    Question(
        "big spenders of this week",
        [rule("monetary", ">", 500), rule("last_seen", "withinLast", "7d")],
        f"{{number:monetary}} > 50000 AND {{number:last_seen}} >= {NOW_US - 7 * DAY_US}",
    ),
    Question(
        "on a plan that pays, with more than 5 visits",
        [rule("plan", "in", ["pro", "team"]), rule("visits", ">", 5)],
        "{text:plan} IN ('pro', 'team') AND {number:visits} > 5",
    ),
    Question(
        "in a segment, or older than 60",
        [rule("segment", "in", ["loyal"]), rule("age", ">", 60)],
        "{number:visits} > 20 OR {number:age} > 60",
        combinator="or",
    ),
)


def figures(vendor: str) -> Iterator[Figure]:
    import django

    django.setup()
    from django.db import connection

    site = prepare(vendor)
    print(f"{vendor}: {PROFILES:,} profiles, each beside a JSON document", flush=True)
    for question in QUESTIONS:
        ours, theirs = asked(site, question), scanned(question, vendor)
        found, floor = ours(), theirs()
        assert found == floor, (question.name, found, floor)
        pairs = [(timed(ours), timed(theirs)) for _ in range(ROUNDS)]
        mine, scan = (statistics.median(each) for each in zip(*pairs, strict=True))
        print(f"  {question.name}: {found:,} in {mine * 1e3:.0f} ms, scan {scan * 1e3:.0f} ms")
        what = f"{vendor}: {question.name}"
        yield Figure("audiences", what[:57], scan / mine, least=TARGET)
    connection.close()


def asked(site: Any, question: Question) -> Callable[[], int]:
    from personalization.targeting.audience import exact_count
    from personalization.targeting.catalogue import site_catalogue
    from rules import parse

    tree = {"combinator": question.combinator, "rules": question.rules}
    condition = parse(tree, site_catalogue(site))
    return lambda: exact_count(site, condition, now=NOW)


def scanned(question: Question, vendor: str) -> Callable[[], int]:
    from django.db import connection

    class Read:
        """How a fact stands in a document."""

        def __init__(self, kind: str) -> None:
            self.kind = kind

        def __format__(self, name: str) -> str:
            if vendor == "sqlite":
                return f"json_extract(d.document, '$.{name}')"
            text = f"(d.document ->> '{name}')"
            return f"{text}::float" if self.kind == "number" else text

    where = question.documents.format(number=Read("number"), text=Read("text"))
    allows = f"{Read('number'):purposes}"
    allowed = f"(CAST({allows} AS int) & 2) <> 0"
    query = f"SELECT COUNT(*) FROM bench_document d WHERE {allowed} AND ({where})"

    def count() -> int:
        with connection.cursor() as cursor:
            cursor.execute(query)
            number: int = cursor.fetchone()[0]
        return number

    return count


def timed(ask: Callable[[], int]) -> float:
    start = time.perf_counter()
    ask()
    return time.perf_counter() - start


# ---------------------------------------------------------------- a million visitors


def prepare(vendor: str) -> Any:  # a Site
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from personalization.govern.sites import make_site
    from personalization.profiles.places import places_of
    from personalization.targeting import documents

    site = make_site(name="Bench", origins=[], by="bench").site
    declared = {
        "plan": {"type": "string", "purpose": "personalization"},
        "age": {"type": "number", "purpose": "personalization"},
    }
    documents.save_traits_schema(site, declared, by="bench")
    assert {name: place.column for name, place in places_of(site).items()} == COLUMNS
    loyal = {"combinator": "and", "rules": [rule("visits", ">", 20)]}
    documents.save_segment(site, {"key": "loyal", "condition": loyal}, by="bench")
    kind = "TEXT" if vendor == "sqlite" else "JSONB"
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE bench_document (id INTEGER PRIMARY KEY, document {kind})")
    for start in range(1, PROFILES + 1, AT_ONCE):
        write(site.pk, range(start, min(start + AT_ONCE, PROFILES + 1)))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE" if vendor == "sqlite" else "VACUUM ANALYZE")
    return site


def write(site: int, numbers: range) -> None:
    profiles, summaries, traits, documents = [], [], [], []
    for number in numbers:
        facts = visitor(number)
        profiles.append(profile(site, number, facts))
        summaries.append(
            (*(facts[name] for name in BEHAVIOUR), site, number, *placed(facts), 0, "")
        )
        traits += [
            (site, number, "plan", 0, "", facts["plan"], None),
            (site, number, "age", 0, "", None, float(facts["age"])),
        ]
        documents.append((number, json.dumps(facts)))
    insert("personalization_profile", PROFILE, profiles)
    insert("personalization_summary", SUMMARY, summaries)
    insert("personalization_trait", TRAIT, traits)
    insert("bench_document", ("id", "document"), documents)


def visitor(number: int) -> dict[str, Any]:
    """The same for the same number; most came once or twice, some often."""
    dice = random.Random(number)
    visits = min(400, int(dice.paretovariate(0.9)))
    frequency = dice.randrange(visits // 3 + 1)
    last_seen = NOW_US - int(dice.expovariate(1 / 45) * DAY_US)
    return {
        "purposes": dice.choice(PURPOSES),
        "visits": visits,
        "frequency": frequency,
        "monetary": frequency * dice.randrange(900, 22_000),
        "first_seen": last_seen - visits * DAY_US,
        "last_seen": last_seen,
        "plan": dice.choice(PLANS),
        "age": dice.randrange(16, 90),
        "events": [
            {"at": last_seen - n * 60_000_000, "type": "view", "item": f"item-{number % 997}-{n}"}
            for n in range(20)
        ],
    }


COLUMNS = {"plan": "text_1", "age": "number_1"}  # of the summary, where counts find them
BEHAVIOUR = ("purposes", "first_seen", "last_seen", "visits", "frequency", "monetary")
SUMMARY = (*BEHAVIOUR, "site_id", "id", *COLUMNS.values(), "recent_at", "recent_id")
PROFILE = (
    *("id", "site_id", "key", "key_id", "sealed_id", "sealed_personal", "sealed_unit"),
    *("purposes", "consented_us", "policy", "first_seen", "last_seen", "visits", "frequency"),
    *("monetary", "applied", "recent", "recent_at", "recent_id", "traits", "scores", "shown"),
    *("stages", "is_unsettled", "created_at"),
)
TRAIT = ("site_id", "profile_id", "name", "position", "member", "text", "number")


def profile(site: int, number: int, facts: dict[str, Any]) -> tuple[Any, ...]:
    recent = json.dumps(
        [[e["at"], f"{number}-{n}", e["type"], e["item"], None, None, None]
         for n, e in enumerate(facts["events"])]
    )  # fmt: skip
    return (
        *(number, site, f"{number:064x}", f"{number:032x}", bytes(48), b"", b""),
        *(facts["purposes"], 1, "v1", facts["first_seen"], facts["last_seen"]),
        *(facts["visits"], facts["frequency"], facts["monetary"], 20, recent, 0, ""),
        *(json.dumps({"plan": facts["plan"], "age": facts["age"]}), "{}", "{}", "[]", False),
        NOW - timedelta(days=1),
    )


def placed(facts: dict[str, Any]) -> tuple[Any, ...]:
    from rules import number_key

    return facts["plan"], number_key(facts["age"])


def insert(table: str, columns: tuple[str, ...], rows: list[tuple[Any, ...]]) -> None:
    from django.db import connection, transaction

    names = ", ".join(columns)
    if connection.vendor == "postgresql":
        with (
            connection.cursor() as cursor,
            cursor.copy(f"COPY {table} ({names}) FROM STDIN") as copy,
        ):
            for row in rows:
                copy.write_row(row)
        return
    marks = ", ".join(["%s"] * len(columns))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {table} ({names}) VALUES ({marks})", rows)


if __name__ == "__main__":
    on_each("benchmarks.audiences", "audiences", figures)
