"""A copied campaign shows its own contents, is off, and leaves the first one alone."""

import pytest

from personalization.govern.models import AuditEntry
from personalization.targeting import documents
from personalization.targeting.duplicating import duplicate_campaign
from personalization.targeting.models import Campaign, Content, Experiment, Rule


@pytest.fixture
def campaign(site, hero, note):
    """A rule and an experiment; one content of the campaign's own, one that others use too."""
    documents.save_campaign(
        site, {"key": "xmas", "name": "Xmas", "end": "2026-12-27T00:00:00Z"}, by="test"
    )
    gift = documents.to_document(note("gift"))
    documents.save_content(site, {**gift, "campaign": "xmas"}, by="test")
    rule = {"key": "r", "slot": "home.hero", "content": "gift", "campaign": "xmas", "cap": 2}
    documents.save_rule(site, rule, by="test")
    arms = [{"key": "a", "content": "gift"}, {"key": "b", "content": "plain"}]
    test = {"key": "t", "slot": "home.hero", "arms": arms, "campaign": "xmas", "phase": 4}
    documents.save_experiment(site, test, by="test")
    return Campaign.objects.get()


def test_everything_of_it_is_copied_and_off(site, campaign):
    copy = duplicate_campaign(campaign, by="Ada")

    assert (copy.key, str(copy), copy.is_enabled) == ("xmas-copy", "Xmas (copy)", False)
    assert copy.end == campaign.end
    rule = Rule.objects.get(campaign=copy)
    assert (rule.key, rule.content.key, rule.cap_times) == ("r-copy", "gift-copy", 2)
    assert rule.position > Rule.objects.get(key="r").position
    test = Experiment.objects.get(campaign=copy)
    assert [arm["content"] for arm in test.arms] == ["gift-copy", "plain"]
    assert (test.seed, test.phase) == ("t-copy", 1)
    assert Content.objects.get(key="gift-copy").fields == Content.objects.get(key="gift").fields


def test_the_first_campaign_is_left_as_it_was(site, campaign):
    def written():
        kinds = ("campaigns", "content", "rules", "experiments")
        rows = (documents.KINDS[kind].model._default_manager.all() for kind in kinds)
        return {row.key: documents.to_document(row) for of in rows for row in of}

    before = written()
    duplicate_campaign(campaign, by="Ada")

    assert {key: each for key, each in written().items() if key in before} == before


def test_it_is_one_line_of_audit(site, campaign):
    before = AuditEntry.objects.count()

    duplicate_campaign(campaign, by="Ada")

    assert AuditEntry.objects.count() == before + 1
    assert AuditEntry.objects.get(action="campaign.duplicated").changes["rules"] == ["r-copy"]


def test_a_copy_can_be_copied_and_saves_unchanged(site, campaign):
    again = duplicate_campaign(duplicate_campaign(campaign, by="Ada"), by="Ada")
    second = duplicate_campaign(campaign, by="Ada")

    assert (again.key, second.key) == ("xmas-copy-copy", "xmas-copy-2")
    for kind in documents.KINDS.values():
        for row in kind.model._default_manager.all():
            kind.save(site, documents.to_document(row), by="test")
