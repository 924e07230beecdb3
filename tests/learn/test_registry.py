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
