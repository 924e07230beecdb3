"""Whatever happens to visitors and declarations, their summaries say what their rows say."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    rule,
    run_state_machine_as_test,
)

from personalization import clock
from personalization.collect.bulk import introduce_many
from personalization.collect.consent import choose
from personalization.collect.ingest import ingest
from personalization.collect.merging import merge
from personalization.exceptions import Conflict, Malformed
from personalization.govern.erasure import erase
from personalization.govern.models import Site
from personalization.govern.purposes import from_bits
from personalization.profiles import traits
from personalization.profiles.models import PLACES, Profile, Score, Summary, Trait
from personalization.profiles.places import places_of
from personalization.profiles.scores import Scores, forget_other_scores, write_scores
from personalization.targeting import documents
from personalization.targeting import places as placing
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.places import settle
from rules import number_key
from rules.purposes import Purpose
from tests.targeting.test_places import EVERYTHING, TEXTS, asks

pytestmark = pytest.mark.django_db

EVERY_NAME = (*TEXTS, "tier")
WORDS = st.none() | st.sampled_from(["", "1.2", "x" * 101, "x" * 102, "ü"])
SHARED = (
    "purposes",
    "first_seen",
    "last_seen",
    "visits",
    "frequency",
    "monetary",
    "recent_at",
    "recent_id",
)
PEOPLE = ("ada", "bob", "cyd")
VISITORS = st.sampled_from(PEOPLE)
CHOICES = st.sampled_from(
    [
        EVERYTHING,
        frozenset(),
        frozenset({Purpose.PERSONALIZATION}),
        EVERYTHING - {Purpose.PROFILING_AI},
    ]
)


class Changes(RuleBasedStateMachine):
    """What may happen to visitors, and to what is declared and asked of them."""

    site = None  # set by the test

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.site = Site.objects.get(pk=self.site.pk)
        self.acted = 0
        documents.save_traits_schema(self.site, TEXTS, by="test")
        for visitor in PEOPLE:
            choose(self.site, visitor, purposes=EVERYTHING, policy="p", source="test")
            traits.patch(self.site, visitor, dict.fromkeys(TEXTS, visitor))
        self.ask("favourite_category")
        self.ask("propensity_buy")
        self.settle(is_cut_off=False)
        self.score(PEOPLE, is_rest_forgotten=False)

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @rule(visitor=VISITORS, purposes=CHOICES)
    def choose(self, visitor, purposes):
        choose(self.site, visitor, purposes=purposes, policy="p", source="test")

    @rule(visitor=VISITORS, ago=st.integers(0, 3), kind=st.sampled_from(["view", "purchase"]))
    def act(self, visitor, ago, kind):
        self.acted += 1
        at = clock.now() - timedelta(days=ago)
        event = {"id": f"e{self.acted}", "visitor": visitor, "type": kind, "at": at.isoformat()}
        ingest(self.site, [event | ({"value": 5} if kind == "purchase" else {})], trusted=True)

    @rule(visitor=VISITORS)
    def forget(self, visitor):
        erase(self.site, visitor, by="test")

    @rule(visitors=st.sets(st.sampled_from([*PEOPLE, "dot", "eve"]), min_size=1))
    def import_consent(self, visitors):
        introduce_many(
            self.site, sorted(visitors), purposes=EVERYTHING, policy="p", source="import"
        )

    @rule(visitor=VISITORS, values=st.dictionaries(st.sampled_from(EVERY_NAME), WORDS, min_size=1))
    def tell(self, visitor, values):
        told = {name: each for name, each in values.items() if name in self.site.traits_schema}
        with suppress(Malformed):  # a word is no version
            traits.patch(self.site, visitor, told)

    @rule(visitor=VISITORS, other=VISITORS)
    def merge(self, visitor, other):
        if visitor != other:
            merge(self.site, visitor, other, by="test")

    @rule(
        words=st.lists(WORDS.filter(bool), min_size=3, max_size=3), is_rest_forgotten=st.booleans()
    )
    def score(self, words, is_rest_forgotten):
        ids = list(
            Profile.objects.filter(site=self.site).order_by("pk").values_list("pk", flat=True)
        )
        found = {
            key: Scores(propensity_buy=0.5, favourite_category=word)
            for key, word in zip(ids, words, strict=False)
        }
        write_scores(self.site, found)
        if is_rest_forgotten:
            forget_other_scores(self.site, found)

    @rule(name=st.sampled_from((*EVERY_NAME, "favourite_category", "propensity_buy")))
    def ask(self, name):
        if name in site_catalogue(self.site).fields:
            tree = asks(name, "notNull", None)
            documents.save_segment(self.site, {"key": f"by-{name}", "condition": tree}, by="test")

    @rule(names=st.sets(st.sampled_from(EVERY_NAME)), kind=st.sampled_from(["string", "version"]))
    def declare(self, names, kind):
        schema = {name: {"type": "string"} for name in names}
        with suppress(Conflict):  # a segment asks for one that would go
            documents.save_traits_schema(self.site, schema | {"tier": {"type": kind}}, by="test")

    @rule(is_cut_off=st.booleans())
    def settle(self, is_cut_off):
        if is_cut_off:
            placing._reassigned(self.site.pk)
        else:
            settle(self.site.pk)
        self.site.refresh_from_db()

    @invariant()
    def columns_say_what_rows_say(self):
        places = places_of(self.site)
        for profile in Profile.objects.filter(site=self.site):
            rows = Trait.objects.filter(profile=profile, position=0)
            said = {row.name: row.text for row in rows}
            score = Score.objects.filter(profile=profile).first()
            if score is not None:
                said["favourite_category"] = score.favourite_category
                said["propensity_buy"] = score.propensity_buy
            summary = Summary.objects.get(profile=profile)
            for name, place in places.items():
                if place.is_filled:
                    assert getattr(summary, place.column) == as_column(said.get(name)), name

    @invariant()
    def nobody_who_said_no_has_anything_in_a_column(self):
        for summary in Summary.objects.filter(site=self.site):
            if Purpose.PERSONALIZATION not in from_bits(summary.purposes):
                assert not any(getattr(summary, column) is not None for column in PLACES)

    @invariant()
    def summaries_say_what_profiles_say(self):
        shared = ("site_id", "pk", *SHARED)
        summaries = Summary.objects.order_by("pk").values_list(*shared)
        assert list(summaries) == list(Profile.objects.order_by("pk").values_list(*shared))


def as_column(value):
    if isinstance(value, str):
        return value[:101]
    return None if value is None else number_key(value)


def test_whatever_happens_the_columns_say_what_the_rows_say(site):
    Changes.site = site

    run_state_machine_as_test(
        Changes,
        settings=settings(
            max_examples=40,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
