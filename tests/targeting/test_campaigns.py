"""A campaign has an owner who works on the site, and is switched at once."""

import pytest
from django.contrib.auth import get_user_model

from personalization.govern.models import AuditEntry, Membership
from personalization.targeting import documents
from personalization.targeting.models import Campaign
from personalization.targeting.switches import switch_campaign


@pytest.fixture
def ada(site):
    person = get_user_model().objects.create_user("ada")
    Membership.objects.create(user=person, site=site, role="marketer")
    return person


def save(site, **fields):
    return documents.save_campaign(site, {"key": "xmas", **fields}, by="test")


def test_a_member_of_the_site_can_own_a_campaign(site, ada):
    campaign = save(site, owner="ada", description="Gifts")

    assert (campaign.owner, campaign.warnings) == (ada, ())
    assert documents.to_document(campaign)["owner"] == "ada"
    assert AuditEntry.objects.get(action="campaign.made").changes["owner"] == [None, "ada"]


@pytest.mark.parametrize("name", ["nobody", "eve"])
def test_whoever_the_site_does_not_know_is_left_out_with_a_warning(site, ada, name):
    get_user_model().objects.create_user("eve")

    campaign = save(site, owner=name)

    assert campaign.owner is None
    assert name in campaign.warnings[0]


def test_switching_a_campaign_tells_pages_and_is_audited_once(site):
    campaign = save(site)
    site.refresh_from_db()
    before = site.revision

    switch_campaign(campaign, False, by="Ada")
    switch_campaign(campaign, False, by="Ada")

    site.refresh_from_db()
    assert site.revision > before
    assert not Campaign.objects.get().is_enabled
    assert AuditEntry.objects.filter(action="campaign.switched_off", target="xmas").count() == 1


def test_saving_a_document_that_switches_tells_pages_too(site):
    save(site)
    site.refresh_from_db()
    before = site.revision

    save(site, enabled=False)

    site.refresh_from_db()
    assert site.revision > before
