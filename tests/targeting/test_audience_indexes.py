"""What audiences ask most is answered by an index alone, on either database."""

from functools import partial

import pytest
from django.db import connection

from personalization import clock
from personalization.profiles.models import Profile, Score, Summary, Trait
from personalization.profiles.places import fill, write_places
from personalization.targeting import audience, documents
from personalization.targeting.catalogue import site_catalogue
from rules import parse
from tests.summaries import summarized

SAYS = {"sqlite": "USING COVERING INDEX", "postgresql": "Index Only Scan using"}
TRAITS = {
    "plan": {"type": "string", "purpose": "personalization"},
    "age": {"type": "number", "purpose": "personalization"},
    "joined": {"type": "datetime", "purpose": "personalization"},
}
LONG = "x" * 101
CROWD = 2_000
YEAR_US = 365 * 86_400_000_000

pytestmark = pytest.mark.django_db(transaction=True)  # VACUUM runs outside of a transaction


def _fill(site):
    """Visitors and traits of every kind, and the database told how they are spread."""
    now = clock.to_us(clock.now())
    profiles = Profile.objects.bulk_create(
        Profile(
            site=site, key=f"v{place}", key_id="", sealed_id=b"", purposes=place % 16,
            visits=place % 50, frequency=place % 7, last_seen=now - place * YEAR_US // CROWD,
            recent=f"[{' ' * 1500}]",
        )
        for place in range(CROWD)
    )  # fmt: skip
    summarized(profiles)
    Score.objects.bulk_create(
        Score(site=site, profile=profile, propensity_buy=place % 100 / 100, cluster=f"g{place % 9}")
        for place, profile in enumerate(profiles)
    )
    said = {"text": "plan", "number": "age", "at": "joined"}
    Trait.objects.bulk_create(
        Trait(site=site, profile=profile, name=name, **{column: value})
        for place, profile in enumerate(profiles)
        for (column, name), value in zip(
            said.items(), (f"plan{place % 40}", place % 90, profile.last_seen), strict=True
        )
    )
    fill(site.pk, [profile.pk for profile in profiles])
    _tell_the_database()


def _tell_the_database():
    """How rows are spread; PostgreSQL also that all of them are seen by everybody.

    While its own housekeeping looks at these tables, it may leave pages unmarked, and then no index
    is worth reading alone.
    """
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("ANALYZE")
            return
        tables = [model._meta.db_table for model in (Profile, Score, Summary, Trait)]
        for _ in range(1000):
            cursor.execute(f"VACUUM ANALYZE {', '.join(tables)}")
            cursor.execute(
                "SELECT count(*) FROM pg_class"
                " WHERE relname = ANY(%s) AND relallvisible < relpages",
                [tables],
            )
            if cursor.fetchone() == (0,):
                return
        raise AssertionError("PostgreSQL never came to see these rows as settled")


def _keep(asked, execute, query, parameters, many, context):
    asked.append((query, parameters))
    return execute(query, parameters, many, context)


@pytest.fixture
def plan(site):
    """How the database would count this audience among visitors enough to choose an index for."""
    documents.save_traits_schema(site, TRAITS, by="test")
    _fill(site)

    def explain(field, operator, value):
        return explained([{"field": field, "operator": operator, "value": value}])

    def explained(rules, combinator="and"):
        condition = parse({"combinator": combinator, "rules": rules}, site_catalogue(site))
        asked = []
        with connection.execute_wrapper(partial(_keep, asked)):
            audience.exact_count(site, condition)
        word = "EXPLAIN QUERY PLAN" if connection.vendor == "sqlite" else "EXPLAIN"
        with connection.cursor() as cursor:
            query, parameters = asked[-1]
            cursor.execute(f"{word} {query}", parameters)
            return "\n".join(str(row[-1]) for row in cursor.fetchall())

    explain.all = explained
    return explain


@pytest.mark.parametrize(
    ("field", "operator", "value", "sqlite", "postgresql"),
    [
        ("visits", ">", 45, "summaries_by_visits", "summaries_by_visits"),
        ("frequency", ">=", 5, "summaries_by_frequency", "summaries_by_frequency"),
        ("last_seen", "olderThan", "330d", "summaries_by_last_seen", "summaries_by_last_seen"),
        ("plan", "=", "plan1", "summaries_by_visits", "summaries_by_text_1"),
        ("plan", "in", ["plan1", "plan2"], "summaries_by_visits", "summaries_by_text_1"),
        ("age", ">", 80, "summaries_by_visits", "summaries_by_number_1"),
        ("joined", "withinLast", "30d", "summaries_by_visits", "summaries_by_time_1"),
        ("propensity_buy", ">=", 0.9, "scores_by_propensity_buy", "scores_by_propensity_buy"),
        ("cluster", "=", "g3", "scores_by_cluster", "scores_by_cluster"),
    ],
)
def test_only_an_index_is_read_to_count(plan, field, operator, value, sqlite, postgresql):
    said = plan(field, operator, value)

    index = {"sqlite": sqlite, "postgresql": postgresql}[connection.vendor]
    assert f"{SAYS[connection.vendor]} {index}" in said
    assert "SCAN p\n" not in f"{said}\n"


@pytest.mark.parametrize(
    ("field", "operator", "value"),
    [
        ("plan", "!=", "plan1"),
        ("plan", "null", None),
        ("plan", "contains", "4"),
        ("visits", "<", 2),
    ],
)
def test_no_wide_row_is_opened_to_count(plan, field, operator, value):
    said = plan(field, operator, value)

    assert "summar" in said
    assert "personalization_profile" not in said


def test_each_alternative_is_counted_by_its_own_index(plan):
    rules = [
        {"field": "visits", "operator": ">", "value": 45},
        {"field": "age", "operator": ">", "value": 80},
    ]

    said = plan.all(rules, "or")

    if connection.vendor == "postgresql":
        assert f"{SAYS['postgresql']} summaries_by_visits" in said
        assert f"{SAYS['postgresql']} summaries_by_number_1" in said
    else:
        assert f"{SAYS['sqlite']} summaries_by_visits" in said


@pytest.mark.parametrize(
    ("field", "operator", "value", "index"),
    [
        ("plan", "=", "pro", "traits_by_text"),
        ("plan", "in", ["pro", "team"], "traits_by_text"),
        ("age", ">", 60, "traits_by_number"),
        ("joined", "withinLast", "30d", "traits_by_time"),
    ],
)
def test_a_trait_without_a_column_is_found_by_the_index_of_its_rows(
    site, plan, field, operator, value, index
):
    write_places(site, {})

    said = plan(field, operator, value)

    assert f"{SAYS[connection.vendor]} {index}" in said
    assert "SCAN p\n" not in f"{said}\n"


@pytest.mark.parametrize(("operator", "value"), [("=", LONG), ("!=", "pro"), ("contains", "r")])
def test_what_the_index_of_short_texts_cannot_say_is_read_from_the_rows(
    site, plan, operator, value
):
    write_places(site, {})

    assert "traits_by_text" not in plan("plan", operator, value)
