"""Somebody who works on several sites knows which one a page is about, and acts on that one."""

from datetime import UTC, datetime

import pytest
from django.contrib.auth import get_user_model
from django.urls import reverse

from personalization.collect.models import Exposure
from personalization.govern import audit
from personalization.govern.models import AuditEntry, Membership, Site
from personalization.profiles.models import Profile
from personalization.publish.models import PublishedRelease
from tests.publish.conftest import drafts  # noqa: F401 - fixtures
from tests.studio.sent_forms import sent_by
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

HOME = reverse("admin:index")
PUBLISH = reverse("admin:personalization_publish")
NIGHT = datetime(2026, 11, 30, 23, 30, tzinfo=UTC)  # the next morning in Tokyo


def text(response):
    return response.content.decode()


@pytest.fixture
def of_both(site, other_site, colleague):
    client = colleague("marketer")
    person = get_user_model().objects.get()
    Membership.objects.create(user=person, site=other_site, role="marketer")
    return client


def test_a_form_acts_on_the_site_that_it_was_opened_on(drafts, of_both, other_site):  # noqa: F811
    opened = text(of_both.get(PUBLISH, {"site": drafts.key}))
    of_both.get(PUBLISH, {"site": other_site.key})  # in another tab

    of_both.post(PUBLISH, sent_by(opened, "pz-publish-form"))

    assert PublishedRelease.objects.get().site == drafts
    assert "Release 1 is live" in text(of_both.get(PUBLISH)), "where one acted, one goes on"


@pytest.mark.parametrize("deed", ["switch_to", "unschedule"])
def test_a_release_of_the_same_number_elsewhere_stays_as_it_is(site, of_both, other_site, deed):
    for one in (site, other_site):
        due = {"document": "", "author": "x", "due_at": NIGHT}
        PublishedRelease.objects.create(site=one, number=1, **due)
    page = text(of_both.get(PUBLISH, {"site": site.key}))
    of_both.get(PUBLISH, {"site": other_site.key})

    of_both.post(reverse(f"admin:personalization_{deed}", args=(1,)), {"site": site.pk})

    assert f'name="site" value="{site.pk}"' in page
    other_site.refresh_from_db()
    assert other_site.live_release is None
    assert PublishedRelease.objects.get(site=other_site).due_at == NIGHT


def test_a_form_that_names_a_site_of_others_is_refused(site, other_site, colleague):
    answer = colleague("marketer").post(PUBLISH, {"site": other_site.pk})

    assert answer.status_code == 403
    assert not PublishedRelease.objects.exists()


def test_the_first_page_offers_the_other_sites_and_every_page_names_the_one(of_both, other_site):
    first = text(of_both.get(HOME))

    assert f'href="?site={other_site.key}"' in first
    of_both.get(HOME, {"site": other_site.key})
    assert other_site.name in text(of_both.get(reverse("admin:personalization_slot_changelist")))


def test_with_one_site_there_is_nothing_to_choose(site, colleague):
    assert f"?site={site.key}" not in text(colleague("marketer").get(HOME))


@pytest.mark.parametrize(
    "page",
    [
        HOME,
        PUBLISH,
        reverse("admin:personalization_release", args=(1,)),
        reverse("admin:personalization_why"),
        reverse("admin:personalization_publishedrelease_changelist"),
        reverse("admin:personalization_exposure_changelist"),
        reverse("admin:personalization_auditentry_changelist"),
    ],
)
def test_times_are_told_by_the_clock_of_the_site(site, colleague, page, monkeypatch):
    monkeypatch.setattr("personalization.studio.why.FLOOR", 1)
    Site.objects.update(zone="Asia/Tokyo", live_release=1)
    facts = {"document": "", "author": "x", "activated_at": NIGHT}
    made = PublishedRelease.objects.create(site=site, number=1, **facts)
    PublishedRelease.objects.filter(pk=made.pk).update(created_at=NIGHT)
    at = int(NIGHT.timestamp()) * 1_000_000
    came = Profile.objects.create(site=site, key="v", key_id="k", sealed_id=b"", first_seen=at)
    shown = {"slot": "home.hero", "content": "", "reason": "default", "release": 1}
    Exposure.objects.create(site=site, profile=came, token="t", at=at, purposes=0, **shown)
    entry = audit.record(site=site, actor="x", action="release.published", target="1")
    AuditEntry.objects.filter(pk=entry.pk).update(at=NIGHT)

    said = text(colleague("marketer").get(page))

    assert "8:30 a.m." in said
    assert "11:30 p.m." not in said
