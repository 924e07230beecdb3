"""Who puts a model in use: the rule for the first and for better ones, else a person."""

import pytest

from personalization.exceptions import Conflict
from personalization.govern.models import AuditEntry
from personalization.learn import registry
from personalization.learn.artefacts import Tampered
from personalization.outbox import Job
from personalization.report.model_audit import why_it_waits
from tests.learn.test_snapshots import spoil, trained


def test_the_first_model_goes_live(site):
    first = registry.register(site, trained(ndcg=0.1, popularity=0.2))

    assert registry.promote_by_rule(first)
    assert registry.promoted(site) == first


def test_a_better_model_replaces_the_live_one(site):
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    better = registry.register(site, trained(ndcg=0.4))

    assert registry.promote_by_rule(better)
    assert registry.promoted(site) == better


def test_a_worse_model_waits_for_a_person(site):
    live = registry.register(site, trained(ndcg=0.3))
    registry.promote_by_rule(live)

    assert not registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    assert registry.promoted(site) == live


def judged(low, high, against=1, **groups):
    """Beside the live model, the difference lies between these, for everyone and for groups."""
    found = {"everyone": {"low": low, "high": high}, **groups}
    return {"model": against, "groups": found}


def test_beside_the_live_model_on_the_same_visitors_it_must_surely_be_better(site):
    live = registry.register(site, trained(ndcg=0.3))
    registry.promote_by_rule(live)

    unsure = registry.register(site, trained(ndcg=0.9, against=judged(-0.01, 0.2)))
    assert not registry.promote_by_rule(unsure)

    newer = registry.register(site, trained(ndcg=0.2, against=judged(0.01, 0.2)))
    assert registry.promote_by_rule(newer)  # the live one would have done worse on what came since


def test_what_it_was_judged_beside_must_still_be_live(site):
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    other = registry.register(site, trained(ndcg=0.2, against=judged(0.01, 0.2, against=7)))

    assert not registry.promote_by_rule(other)


def test_no_guarded_group_may_be_unsure(site, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "GUARDED_GROUPS": ("new",)}
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))

    unsure = judged(0.01, 0.2, new={"low": -0.02, "high": 0.1})
    assert not registry.promote_by_rule(registry.register(site, trained(against=unsure)))

    sure = judged(0.01, 0.2, new={"low": 0.001, "high": 0.1})
    assert registry.promote_by_rule(registry.register(site, trained(against=sure)))


def test_a_guarded_group_of_which_too_little_is_known_is_no_yes(site, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "GUARDED_GROUPS": ("regular",)}
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    waiting = registry.register(site, trained(against=judged(0.01, 0.2)))

    assert not registry.promote_by_rule(waiting)
    assert waiting.metrics["waits"] == {
        "model": 1,
        "reasons": [{"code": "unjudged", "group": "regular"}],
    }
    assert why_it_waits(waiting) == [
        "regular visitors (20 items and more): guarded, and too few of them did anything since"
        " model 1 was trained to tell."
    ]


def test_a_guarded_group_may_be_one_of_the_attributes_that_are_audited(site, settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "GUARDED_GROUPS": ("plan=free",)}
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    sure = {"plan=free": {"low": 0.001, "high": 0.1}}

    assert registry.promote_by_rule(
        registry.register(site, trained(against=judged(0.01, 1, **sure)))
    )


def test_a_difference_within_the_interval_is_no_improvement(site):
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    mine = {"ndcg": 0.4, "intervals": {"ndcg": [0.29, 0.51]}}

    assert not registry.promote_by_rule(registry.register(site, trained(model=mine)))


def test_a_model_worse_than_popularity_waits_for_a_person(site):
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.1)))

    assert not registry.promote_by_rule(registry.register(site, trained(ndcg=0.2, popularity=0.25)))


def test_a_person_may_promote_any_model_and_the_audit_says_who(site):
    registry.promote_by_rule(registry.register(site, trained(ndcg=0.3)))
    chosen = registry.promote(registry.register(site, trained(ndcg=0.2)), by="anna")

    entry = AuditEntry.objects.filter(action="model.promoted").first()
    assert registry.promoted(site) == chosen
    assert (entry.actor, entry.changes) == ("anna", {"from": "test 1", "to": "test 2"})


@pytest.fixture
def line(site):
    """Three models that were in use, one after the other."""
    return [registry.promote(registry.register(site, trained()), by="anna") for _ in range(3)]


def test_rolling_back_goes_to_the_model_before_and_then_one_further(site, line):
    assert registry.roll_back(site, by="ben") == line[1]
    assert registry.promoted(site) == line[1]
    assert registry.roll_back(site, by="ben") == line[0]
    assert registry.promoted(site) == line[0]


def test_rolling_back_is_audited_and_asks_for_a_new_snapshot(site, line):
    Job.objects.all().delete()

    registry.roll_back(site, by="ben")

    entry = AuditEntry.objects.filter(action="model.rolled_back").get()
    assert (entry.actor, entry.changes) == ("ben", {"from": "test 3", "to": "test 2"})
    assert entry.in_words == "went back from the model “test 3” to the one before"
    assert Job.objects.filter(task="learn.refresh", arguments__site_id=site.pk).exists()


def test_what_was_taken_back_may_be_promoted_again(site, line):
    registry.roll_back(site, by="ben")

    registry.promote(line[2], by="anna")

    assert registry.promoted(site) == line[2]
    assert registry.before_live(site) == line[1]


def test_with_nothing_before_it_the_live_model_stays(site):
    with pytest.raises(Conflict, match="nothing to go back to"):
        registry.roll_back(site, by="ben")
    only = registry.promote(registry.register(site, trained()), by="anna")

    with pytest.raises(Conflict):
        registry.roll_back(site, by="ben")
    assert registry.promoted(site) == only


def test_changed_bytes_are_not_gone_back_to(site, line):
    spoil(f"{line[1].artefact}/{registry.FILE}")

    with pytest.raises(Tampered):
        registry.roll_back(site, by="ben")
    assert registry.promoted(site) == line[2]


def test_promotion_asks_for_a_new_snapshot(site):
    registry.promote(registry.register(site, trained()), by="anna")

    assert Job.objects.filter(task="learn.refresh", arguments__site_id=site.pk).exists()
