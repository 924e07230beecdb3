"""Consent is removal: what was not allowed is not there, whoever asks."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rules.codec import from_document
from rules.consent import effective, permitted_view
from rules.engine import decide
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose
from rules.types import STRANGER, Settings, Visitor
from tests.rules.worlds import CATALOGUE, documents, learned, requests, visitor, visitors

ANALYTICS, PERSONALIZATION = Purpose.ANALYTICS, Purpose.PERSONALIZATION
TRAINING, PROFILING = Purpose.TRAINING, Purpose.PROFILING_AI
FULL = visitor(
    facts={"plan": "pro", "loyalty": 4, "propensity_buy": 0.9},
    personal={"first_name": "Ann"},
    bought=frozenset("a"),
    shown={"r1": ()},
    reference="hash",
)


def test_without_any_purpose_a_visitor_is_a_stranger():
    assert permitted_view(FULL, NONE_GRANTED, CATALOGUE) is STRANGER


@pytest.mark.parametrize(
    ("granted", "fields"),
    [
        ({ANALYTICS}, set()),
        ({TRAINING, PROFILING}, set()),
        ({PERSONALIZATION}, {"plan"}),
        ({PERSONALIZATION, ANALYTICS}, {"plan", "loyalty"}),
        ({PERSONALIZATION, PROFILING}, {"plan", "propensity_buy"}),
        (ALL_PURPOSES, {"plan", "loyalty", "propensity_buy"}),
    ],
)
def test_a_field_stays_where_all_of_its_purposes_were_granted(granted, fields):
    assert set(permitted_view(FULL, frozenset(granted), CATALOGUE).facts) == fields


def test_a_field_of_the_page_is_never_read_from_the_visitor():
    stored = replace(FULL, facts={"country": "DE", "not_in_the_catalogue": 1})

    assert permitted_view(stored, ALL_PURPOSES, CATALOGUE).facts == {}


def test_the_unit_of_experiments_needs_personalization_and_analytics():
    def unit(*granted):
        return permitted_view(FULL, frozenset(granted), CATALOGUE).unit

    assert unit(PERSONALIZATION, ANALYTICS) == "u1"
    assert unit(PERSONALIZATION, PROFILING, TRAINING) is None
    assert unit(ANALYTICS) is None


def test_names_and_behaviour_need_personalization():
    view = permitted_view(FULL, ALL_PURPOSES - {PERSONALIZATION}, CATALOGUE)

    assert (view.personal, view.signals, view.bought, view.shown) == ({}, (), frozenset(), {})


def test_personal_values_are_not_opened_by_removal():
    class Sealed(dict):
        def __getitem__(self, name):
            raise AssertionError("opened")

    view = permitted_view(replace(FULL, personal=Sealed(first_name=0)), ALL_PURPOSES, CATALOGUE)

    assert list(view.personal) == ["first_name"]


def test_the_browsers_signal_beats_what_was_granted():
    settings = Settings(gpc_opts_out=frozenset({TRAINING, PROFILING}))

    assert effective(ALL_PURPOSES, True, False, settings) == {ANALYTICS, PERSONALIZATION}
    assert effective(ALL_PURPOSES, False, False, settings) == ALL_PURPOSES


def test_a_crawler_is_nobody():
    assert effective(ALL_PURPOSES, False, True, Settings()) == NONE_GRANTED


@given(documents, visitors, requests)
def test_without_consent_the_decision_equals_a_strangers(document, someone, request):
    release = from_document(document)
    silent = replace(someone, purposes=NONE_GRANTED)

    assert decide(release, learned(), silent, request) == decide(
        release, learned(), STRANGER, request
    )


@given(documents, visitors, requests, st.data())
def test_what_was_not_allowed_cannot_change_the_decision(document, someone, request, data):
    """Whatever else we might know that these purposes do not cover, the answer stays."""
    release = from_document(document)
    other = data.draw(visitors)
    allowed = permitted_view(
        someone,
        effective(someone.purposes, request.gpc, request.crawler, release.settings),
        release.catalogue,
    )
    mixed = replace(
        other,
        purposes=someone.purposes,
        facts={
            **{n: v for n, v in other.facts.items() if n not in _covered(allowed, release)},
            **allowed.facts,
        },
        unit=allowed.unit or other.unit,
        personal=allowed.personal if PERSONALIZATION in allowed.purposes else other.personal,
        signals=allowed.signals if PERSONALIZATION in allowed.purposes else other.signals,
        bought=allowed.bought if PERSONALIZATION in allowed.purposes else other.bought,
        shown=allowed.shown if PERSONALIZATION in allowed.purposes else other.shown,
        reference=someone.reference,
    )

    assert decide(release, learned(), mixed, request) == decide(
        release, learned(), someone, request
    )


def _covered(view: Visitor, release):
    return {
        name
        for name, field in release.catalogue.fields.items()
        if field.purposes and field.purposes <= view.purposes
    }
