"""Consent: without it nothing but the choice is stored; a withdrawal takes back for good."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.clock import now, to_us
from personalization.collect.consent import choose, consent_of, mint
from personalization.collect.exposures import Claims, sign
from personalization.collect.ingest import ingest
from personalization.collect.models import Event, Exposure
from personalization.exceptions import Malformed
from personalization.govern.models import ConsentRecord
from personalization.govern.pseudonyms import visitor_key
from personalization.govern.purposes import read_purposes, to_bits
from personalization.govern.tokens import read_visitor_token
from personalization.profiles.models import Affinity, Profile, Score, Trait
from personalization.profiles.reading import read_visitor
from personalization.profiles.scores import Scores, write_scores
from personalization.profiles.traits import patch
from rules.purposes import ALL_PURPOSES, NONE_GRANTED, Purpose
from tests.collect.conftest import listed_events
from tests.dump import database_dump

SCHEMA = {
    "plan": {"type": "string"},
    "first_name": {"type": "string", "personal": True},
    "taste": {"type": "number", "purpose": "profiling_ai"},
}
storable = st.characters(exclude_categories=["Cs"], exclude_characters="\0")
some_purposes = st.frozensets(st.sampled_from(list(Purpose)))


@pytest.fixture
def told(site):
    """The site, with declared traits."""
    site.traits_schema = SCHEMA
    site.save()
    return site


def live(site, row):
    """A visitor does and says all that can be done and said."""
    shown = Claims(
        "t1", visitor_key(site.pk, "v1"), to_us(now()), 1, "hero", rule="r", reason="rule"
    )
    ingest(
        site,
        [
            row("secret-event", item="secret-item", properties={"q": "secret-query"}),
            row("b", type="purchase", item="secret-item", value=777.77),
            row("c", type="exposure", exposure=sign(site.pk, shown)),
        ],
        trusted=True,
    )
    patch(site, "v1", {"plan": "secret-plan", "first_name": "secret-name", "taste": 0.123456})


def refuse(site, purposes=NONE_GRANTED):
    return choose(site, "v1", purposes=purposes, policy="2026", source="banner")


def test_a_mint_gives_an_id_its_token_and_a_receipt(site):
    minted = mint(site, purposes=ALL_PURPOSES, policy="2026", source="banner")

    assert read_visitor_token(site.pk, minted.token) == minted.visitor
    assert consent_of(site, minted.visitor).purposes == ALL_PURPOSES
    assert consent_of(site, minted.visitor).receipt == minted.receipt


def test_the_signal_beats_a_yes_in_the_same_request(site):
    chosen = choose(site, "v1", purposes=ALL_PURPOSES, policy="p", source="s", gpc=True)

    assert chosen.purposes == {Purpose.ANALYTICS, Purpose.PERSONALIZATION}
    assert consent_of(site, "v1").purposes == chosen.purposes


def test_the_newest_choice_counts_by_receipt(site):
    for purposes in (ALL_PURPOSES, NONE_GRANTED, frozenset({Purpose.ANALYTICS})):
        refuse(site, purposes)

    assert consent_of(site, "v1").purposes == {Purpose.ANALYTICS}
    times = list(ConsentRecord.objects.order_by("sequence").values_list("at", flat=True))
    assert times == sorted(set(times))


def test_of_an_unknown_visitor_nothing_is_granted_and_nothing_is_made(site):
    chosen = consent_of(site, "nobody")

    assert (chosen.purposes, chosen.receipt) == (NONE_GRANTED, None)
    assert not Profile.objects.exists()


def test_the_raw_id_stands_nowhere_in_the_clear(site, visitor):
    visitor("raw-id-of-a-customer")

    assert "raw-id-of-a-customer" not in database_dump()


def test_without_consent_the_database_holds_the_choice_and_nothing_else(told, row):
    refuse(told)
    before = database_dump()

    live(told, row)

    assert database_dump() == before
    profile = Profile.objects.get()
    assert profile.purposes == 0
    assert bytes(profile.sealed_id) == b""


def test_a_stranger_who_never_chose_leaves_no_trace(told, row):
    before = database_dump()

    live(told, row)
    read_visitor(told, "v1", now=now())

    assert database_dump() == before
    assert visitor_key(told.pk, "v1") not in before


def test_after_a_full_withdrawal_only_the_choices_remain(told, visitor, row):
    visitor("v1")
    live(told, row)
    assert "secret-item" in database_dump()

    refuse(told)

    assert "secret-" not in database_dump()
    assert not Event.objects.exists()
    assert not Exposure.objects.exists()
    assert not Trait.objects.exists()
    fresh, old = _profile_of_somebody_new(told), Profile.objects.get(key=visitor_key(told.pk, "v1"))
    for each in Profile._meta.concrete_fields:
        if each.attname not in {"id", "key", "key_id", "consented_us", "created_at", "policy"}:
            assert getattr(old, each.attname) == getattr(fresh, each.attname), each.attname


def _profile_of_somebody_new(site):
    choose(site, "somebody new", purposes=NONE_GRANTED, policy="2026", source="banner")
    return Profile.objects.get(key=visitor_key(site.pk, "somebody new"))


def test_withdrawing_one_purpose_leaves_what_others_hold(told, visitor, row):
    visitor("v1")
    live(told, row)

    refuse(told, frozenset({Purpose.ANALYTICS}))

    assert set(Event.objects.values_list("purposes", flat=True)) == {1}
    assert Exposure.objects.get().purposes == 1
    assert not listed_events()
    assert read_visitor(told, "v1", now=now()).facts == {}
    assert "secret-plan" not in database_dump()


def test_withdrawing_profiling_takes_its_traits_and_predictions(told, visitor, row):
    visitor("v1")
    live(told, row)
    found = Scores(cluster="c1", propensity_buy=0.5, affinity=(("boots", 1.0),))
    write_scores(told, {Profile.objects.get().pk: found})

    refuse(told, ALL_PURPOSES - {Purpose.PROFILING_AI})

    facts = read_visitor(told, "v1", now=now()).facts
    assert facts["plan"] == "secret-plan"
    assert not {"taste", "cluster", "propensity_buy", "affinity"} & facts.keys()
    assert not Score.objects.exists()
    assert not Affinity.objects.exists()
    assert not Trait.objects.filter(name="taste").exists()


def test_granting_again_brings_nothing_back(told, visitor, row):
    visitor("v1")
    live(told, row)
    refuse(told, frozenset({Purpose.ANALYTICS}))

    refuse(told, ALL_PURPOSES)

    assert set(Event.objects.values_list("purposes", flat=True)) == {1}
    facts = read_visitor(told, "v1", now=now()).facts
    assert (facts["visits"], facts["frequency"], facts["events"]) == (0, 0, ())
    assert "plan" not in facts


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(some_purposes, min_size=1, max_size=4))
def test_a_stored_row_is_held_by_a_purpose_granted_ever_since(told, row, tried, choices):
    with tried():
        kept = ALL_PURPOSES
        refuse(told, ALL_PURPOSES)
        live(told, row)
        for purposes in choices:
            kept &= purposes
            refuse(told, purposes)
        stored = {*Event.objects.values_list("purposes", flat=True)}

    assert stored == ({to_bits(kept)} if kept else set())


@pytest.mark.parametrize(
    ("visitor_id", "path"), [("", "visitor"), ("a\0", "visitor"), ("x" * 201, "visitor")]
)
def test_ids_that_cannot_be_kept_are_refused(site, visitor_id, path):
    with pytest.raises(Malformed) as refused:
        choose(site, visitor_id, purposes=ALL_PURPOSES, policy="p", source="s")

    assert refused.value.errors[0].path == path


@given(
    st.text(
        st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1, max_size=200
    )
)
@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=25
)
def test_any_script_makes_an_id(site, tried, visitor_id):
    with tried():
        choose(site, visitor_id, purposes=ALL_PURPOSES, policy="p", source="s")

        assert read_visitor(site, visitor_id, now=now()).purposes == ALL_PURPOSES


@pytest.mark.parametrize(
    ("document", "path"),
    [
        (None, "purposes"),
        ([], "purposes"),
        ({"analytics": 1}, "purposes.analytics"),
        ({"marketing": True}, "purposes.marketing"),
        ({"analytics": None}, "purposes.analytics"),
    ],
)
def test_a_choice_that_cannot_be_read_is_refused(document, path):
    with pytest.raises(Malformed) as refused:
        read_purposes(document)

    assert refused.value.errors[0].path == path


def test_what_is_not_named_is_not_granted():
    assert read_purposes({"analytics": True, "training": False}) == {Purpose.ANALYTICS}
