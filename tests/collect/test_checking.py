"""One event row: every wrong thing has its code, and nothing that is sent breaks the check."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization.clock import to_us
from personalization.collect.checking import BUILT_IN_TYPES, Rejection, Row, Rules, check_row

RULES = Rules(BUILT_IN_TYPES, "EUR", to_us(datetime(2026, 11, 24, tzinfo=UTC)))
GOOD = {"id": "e", "type": "view", "visitor": "v", "at": "2026-11-23T12:00:00Z"}


def check(**changes):
    return check_row(0, {**GOOD, **changes}, RULES)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"id": None}, "required"),
        ({"id": ""}, "length"),
        ({"id": "x" * 101}, "length"),
        ({"id": 7}, "type"),
        ({"id": "a\0b"}, "text"),
        ({"visitor": None}, "required"),
        ({"visitor": "\ud800"}, "text"),
        ({"visitor": "v" * 201}, "length"),
        ({"type": "unheard"}, "unknown_type"),
        ({"type": ["view"]}, "type"),
        ({"at": None}, "required"),
        ({"at": "99999-01-01T00:00:00Z"}, "at"),
        ({"at": "1969-01-01T00:00:00Z"}, "at"),
        ({"at": "2126-01-01T00:00:00Z"}, "at"),
        ({"at": "0001-01-01T00:00:00+23:59"}, "at"),
        ({"at": "9999-12-31T23:59:59-23:59"}, "at"),
        ({"at": "yesterday"}, "at"),
        ({"at": 1700000000}, "at"),
        ({"item": 5}, "type"),
        ({"item": "x" * 201}, "length"),
        ({"value": "12"}, "value"),
        ({"value": True}, "value"),
        ({"value": float("nan")}, "value"),
        ({"value": float("inf")}, "value"),
        ({"value": 10**400}, "value"),
        ({"value": 1e300}, "value"),
        ({"value": -1, "type": "purchase"}, "value"),
        ({"currency": "eur"}, "currency"),
        ({"currency": "EURO"}, "currency"),
        ({"currency": "ÄÖÜ"}, "currency"),
        ({"exposure": ""}, "exposure"),
        ({"properties": []}, "properties"),
        ({"properties": {"a": float("nan")}}, "properties"),
        ({"properties": {"a": "\0"}}, "text"),
        ({"properties": {"\ud800": 1}}, "properties"),
        ({"properties": {"a": "x" * 5000}}, "length"),
        ({"extra": 1}, "unknown_field"),
    ],
)
def test_what_is_wrong_is_named(changes, code):
    found = check(**changes)

    assert isinstance(found, Rejection)
    assert found.code == code
    assert found.detail


def test_properties_nested_too_deeply_are_refused():
    nested: dict = {}
    for _ in range(10_000):
        nested = {"a": nested}

    assert check(properties=nested).code == "properties"


@pytest.mark.parametrize(
    "at", ["2026-11-23T12:00:00Z", "2026-11-23T12:00:00", "2026-11-23T13:00:00+01:00"]
)
def test_times_are_the_same_instant_however_they_are_written(at):
    assert check(at=at).at == check().at


@given(st.integers(0, 10**15))
def test_any_amount_of_cents_survives_as_a_float(cents):
    assert check(value=cents / 100).value == cents


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters()),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


@given(
    st.dictionaries(
        st.sampled_from([*GOOD, "item", "value", "currency", "properties"]), json_values
    )
)
def test_whatever_is_sent_is_taken_or_rejected(changes):
    assert isinstance(check(**changes), Row | Rejection)


@given(json_values)
def test_what_is_no_row_at_all_is_rejected(sent):
    assert isinstance(check_row(0, sent, RULES), Rejection)
