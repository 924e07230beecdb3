"""A night's work: who is learnt from, who is scored, and what is gone once it was taken back."""

from io import StringIO

import pytest
from django.core.management import call_command
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.collect.consent import choose
from personalization.collect.models import Event
from personalization.collect.withdrawal import withdraw
from personalization.govern.export import export
from personalization.govern.purposes import PERSONALIZATION, PROFILING_AI, TRAINING
from personalization.learn import found_groups
from personalization.learn.models import FoundGroup, ScoringRun
from personalization.profiles.models import Affinity, Profile, Score
from personalization.profiles.scores import Scores, forget_other_scores, write_scores
from personalization.targeting import audience
from personalization.targeting.catalogue import site_catalogue
from rules import parse
from rules.purposes import ALL_PURPOSES
from tests.workers.town import NOW, is_regular, number_of, populate
from workers.schedule import SCHEDULE
from workers.scoring.night import score
from workers.tasks import OF_EACH_SITE, TASKS

PROFILING = PERSONALIZATION | PROFILING_AI


def night(site, seed=1):
    return score(site, seed=seed, now=NOW, say=lambda _said: None)


@pytest.fixture
def town(site):
    populate(site)
    return site


@pytest.fixture
def scored(town):
    night(town)
    return town


def scores_of(site):
    return dict(Profile.objects.filter(site=site).values_list("key", "scores"))


def test_only_those_are_scored_who_allow_it(scored):
    for profile in Profile.objects.all():
        is_allowed = profile.purposes & PROFILING == PROFILING
        assert (profile.scores != "{}") is is_allowed
        assert Score.objects.filter(profile=profile).exists() is is_allowed
        assert Affinity.objects.filter(profile=profile).exists() is is_allowed


def test_regulars_are_likelier_to_buy_and_lean_to_their_own_category(scored):
    by_kind = {True: [], False: []}
    for row in Score.objects.select_related("profile"):
        regular = is_regular(number_of(row.profile))
        by_kind[regular].append(row.propensity_buy)
        assert row.favourite_category in ("boots", "lamps")

    likely, others = (sum(each) / len(each) for each in (by_kind[True], by_kind[False]))
    assert likely > 2 * others
    of_boots = Score.objects.filter(favourite_category="boots").select_related("profile")
    assert sum(is_regular(number_of(row.profile)) for row in of_boots) > 0.9 * len(of_boots)


def test_who_does_not_allow_training_changes_nothing_that_is_learnt(town):
    with transaction.atomic():
        night(town)
        first = ScoringRun.objects.values("chances", "middles").get()
        transaction.set_rollback(True)
    refusing = [p.pk for p in Profile.objects.all() if not p.purposes & TRAINING]

    Event.objects.filter(profile__in=refusing).delete()
    night(town)

    assert ScoringRun.objects.values("chances", "middles").get() == first


def test_the_same_events_and_seed_give_the_same_scores(town):
    found = []
    for _ in range(2):
        with transaction.atomic():
            night(town)
            found.append((scores_of(town), list(FoundGroup.objects.values("key", "condition"))))
            transaction.set_rollback(True)

    assert found[0] == found[1]


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(lost=st.integers(1, 15), place=st.integers(0, 200))
def test_whoever_takes_a_purpose_back_loses_what_it_allowed_at_once(scored, lost, place):
    with transaction.atomic():
        profile = Profile.objects.filter(purposes=15).order_by("pk")[place]
        profile.purposes &= ~lost
        profile.save()

        withdraw(profile, lost)

        profile.refresh_from_db()
        is_kept = not lost & PROFILING
        assert (profile.scores != "{}") is is_kept
        assert Score.objects.filter(profile=profile).exists() is is_kept
        assert Affinity.objects.filter(profile=profile).exists() is is_kept
        transaction.set_rollback(True)


def test_nothing_is_written_for_whoever_took_it_back_while_the_night_went_on(site, visitor):
    visitor("v1", "personalization")
    profile = Profile.objects.get()

    assert write_scores(site, {profile.pk: Scores(cluster="g1")}) == 0

    profile.refresh_from_db()
    assert (profile.scores, Score.objects.count()) == ("{}", 0)


def test_what_is_not_found_again_is_forgotten(scored):
    gone = Score.objects.first().profile
    Event.objects.filter(profile=gone).delete()

    night(scored)

    gone.refresh_from_db()
    assert gone.scores == "{}"
    assert not Score.objects.filter(profile=gone).exists()


def test_a_night_that_finds_nothing_forgets_all(scored):
    assert forget_other_scores(scored, {}) > 0
    assert not Score.objects.exists()
    assert set(scores_of(scored).values()) == {"{}"}


def test_an_empty_shop_is_an_answer(site):
    report = night(site)

    assert report.sentence.startswith("0 visitors scored. Foretold: nothing yet.")
    assert {each["state"] for each in report.run.chances.values()} == {"little"}


def test_the_command_ends_with_what_came_of_it(town):
    out = StringIO()

    call_command("score", stdout=out)

    assert "visitors scored" in out.getvalue()


def test_it_happens_every_night_on_each_site():
    assert ("learn.score",) in {entry["args"] for entry in SCHEDULE.values()}
    assert "learn.score" in TASKS.keys() & OF_EACH_SITE


def test_a_found_group_s_condition_finds_as_many_as_it_says(scored):
    groups = FoundGroup.objects.filter(is_faithful=True)

    assert groups
    for group in groups:
        condition = parse(group.condition, site_catalogue(scored))
        assert audience.exact_count(scored, condition, now=NOW) == group.visitors


def test_groups_are_choices_of_the_field_under_their_names(scored):
    scored.refresh_from_db()

    choices = dict(site_catalogue(scored).fields["cluster"].choices)

    assert choices == dict(FoundGroup.objects.values_list("key", "name"))
    assert Score.objects.exclude(cluster=None).first().cluster in choices


def test_a_no_stays_a_no_the_next_night(scored):
    group = FoundGroup.objects.filter(is_faithful=True).first()
    found_groups.dismiss(group, by="ada")

    night(scored)

    group.refresh_from_db()
    assert group.is_found
    assert group.dismissed_by == "ada"


def test_the_export_tells_a_visitor_what_was_found(site, visitor):
    choose(site, "v1", purposes=ALL_PURPOSES, policy="p", source="s")
    found = Scores(propensity_buy=0.25, favourite_category="boots", affinity=(("boots", 0.75),))
    write_scores(site, {Profile.objects.get().pk: found})

    stored = export(site, "v1")["stored"]

    assert stored["profile"][0]["scores"] == found.facts()
    assert stored["score"][0]["propensity_buy"] == 0.25
    assert stored["affinity"][0]["category"] == "boots"
