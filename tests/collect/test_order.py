"""Whatever the order, the batches and the retries: the same events give the same profile."""

import json
from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.clock import to_us
from personalization.collect.ingest import ingest
from personalization.profiles.models import Profile
from tests.collect.conftest import START, listed_events

RECENT = 4
COUNTED = ("first_seen", "last_seen", "visits", "frequency", "monetary", "applied", "recent")

events = st.lists(
    st.fixed_dictionaries(
        {
            "minutes": st.integers(0, 400) | st.sampled_from([0, 29, 30, 31, 60, 61]),
            "type": st.sampled_from(["view", "purchase", "click"]),
            "item": st.sampled_from([None, "shoe", "hat"]),
            "value": st.sampled_from([None, 0, 12.34, 0.1, 99]),
            "currency": st.sampled_from([None, "EUR", "USD"]),
            "visitor": st.sampled_from(["v1", "v1", "v2"]),
        }
    ),
    min_size=1,
    max_size=14,
)


def rows_of(drawn):
    return [
        {key: value for key, value in each.items() if key != "minutes"}
        | {"id": f"e{place}", "at": (START + timedelta(minutes=each["minutes"])).isoformat()}
        for place, each in enumerate(drawn)
    ]


def batches_of(rows, cuts):
    edges = sorted({0, len(rows), *(cut % (len(rows) + 1) for cut in cuts)})
    return [rows[start:end] for start, end in pairwise(edges)]


def profiles():
    return list(Profile.objects.order_by("key").values(*COUNTED))


def expected(rows):
    """The definition, read from the docs and written down plainly."""
    entries = sorted(
        (
            [
                to_us(START) + (_minute(row) * 60_000_000),
                row["id"],
                row["type"],
                row["item"],
                None,
                None if row["value"] is None else round(row["value"] * 100),
                row["currency"],
            ]
            for row in rows
        ),
        key=lambda entry: entry[:2],
    )
    times = [entry[0] for entry in entries]
    paid = [entry for entry in entries if entry[2] == "purchase"]
    return {
        "first_seen": min(times, default=None),
        "last_seen": max(times, default=None),
        "visits": sum(
            place == 0 or at - times[place - 1] > 30 * 60_000_000 for place, at in enumerate(times)
        ),
        "frequency": len(paid),
        "monetary": sum(entry[5] or 0 for entry in paid if entry[6] in {None, "EUR"}),
        "applied": len(entries),
        "recent": entries[::-1][:RECENT],
    }


def _minute(row):
    from datetime import datetime

    return int((datetime.fromisoformat(row["at"]) - START).total_seconds() // 60)


@pytest.fixture
def short_memory(settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "RECENT_EVENTS": RECENT}


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(drawn=events, data=st.data(), cuts=st.lists(st.integers(0, 20), max_size=4))
def test_any_order_any_batches_any_repeats(site, visitor, tried, short_memory, drawn, data, cuts):
    rows = rows_of(drawn)
    again = data.draw(st.lists(st.sampled_from(rows), max_size=5))
    shuffled = data.draw(st.permutations(rows + again))

    with tried():
        visitor("v1"), visitor("v2")
        outcomes = [ingest(site, batch, trusted=True) for batch in batches_of(shuffled, cuts)]
        found = {profile["recent"]: profile for profile in profiles()}
        wanted = [
            expected([row for row in rows if row["visitor"] == each]) for each in ("v1", "v2")
        ]
        stored_recent = set(listed_events())

    assert sum(outcome.accepted for outcome in outcomes) == len(rows)
    assert sum(outcome.duplicates for outcome in outcomes) == len(again)
    assert _comparable(found.values()) == _comparable(
        [each | {"recent": as_text(each["recent"])} for each in wanted]
    )
    assert stored_recent == {entry[1] for each in wanted for entry in each["recent"]}


def as_text(entries):
    lines = (json.dumps(entry, separators=(",", ":")) for entry in entries)
    return "[" + ",\n".join(lines) + "]"


def _comparable(found):
    return sorted(map(str, (dict(sorted(each.items())) for each in found)))
