"""Who puts a model in use: the rule for the first and for better ones, else a person."""

from personalization.govern.models import AuditEntry
from personalization.learn import registry
from personalization.outbox import Job
from tests.learn.test_snapshots import trained


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


def test_promotion_asks_for_a_new_snapshot(site):
    registry.promote(registry.register(site, trained()), by="anna")

    assert Job.objects.filter(task="learn.refresh", arguments__site_id=site.pk).exists()
