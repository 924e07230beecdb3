"""The first page says what matters today; search finds what editors wrote, on one's own sites."""

import re
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.urls import reverse

from personalization import clock
from personalization.collect.models import Event, Exposure
from personalization.govern.models import Site
from personalization.govern.purposes import ANALYTICS, PERSONALIZATION
from personalization.outbox import Job
from personalization.profiles.models import Profile
from personalization.publish import releases
from personalization.publish.models import PublishedRelease
from personalization.studio import lately
from personalization.targeting import documents
from tests.publish.conftest import drafts, publish  # noqa: F401 - fixtures
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

HOME = reverse("admin:index")
SEARCH = reverse("admin:search")


@pytest.fixture(autouse=True)
def _nothing_kept():
    """unfold keeps what a person searched for five minutes."""
    cache.clear()


def home(client):
    return client.get(HOME).content.decode()


def found(client, term):
    return client.get(SEARCH, {"s": term, "extended": "1"}).content.decode()


STEPS = [
    "Name a first slot",
    "Compose a first content",
    "Let the slot show it",
    "Publish a first release",
    "Put a slot on a page",
    "Receive a first event",
]


def steps(client):
    """Each step that is still open, with where it leads."""
    listed = re.search(r'<ol class="pz-steps">(.*?)</ol>', home(client), re.S)
    return re.findall(r'<a href="([^"]+)">([^<]+)</a>', listed[1]) if listed else []


def test_a_new_site_is_told_what_to_do_step_by_step(site, colleague, note):  # noqa: F811
    client = colleague("marketer")
    assert [title for _link, title in steps(client)] == [*STEPS[:2], *STEPS[3:]]

    note("plain")
    slot = documents.save_slot(site, {"key": "home.hero"}, by="test")
    assert [title for _link, title in steps(client)] == STEPS[2:]
    assert steps(client)[0][0] == reverse("admin:personalization_slot_change", args=[slot.pk])

    documents.save_slot(site, {"key": "home.hero", "default": "plain"}, by="test")
    releases.publish(site, by="test")
    assert [title for _link, title in steps(client)] == STEPS[4:]

    Site.objects.update(first_render_at=clock.now(), first_event_at=clock.now())
    assert steps(client) == []


def test_who_may_not_write_is_led_to_nothing_that_is_refused(site, colleague):
    client = colleague("reviewer")

    assert [client.get(link).status_code for link, _title in steps(client)] == [200] * 3


def test_unpublished_edits_are_counted_and_named_until_they_are_published(
    drafts,  # noqa: F811
    publish,  # noqa: F811
    note,  # noqa: F811
    colleague,
):
    publish()
    client = colleague("marketer")
    assert "since the live release" not in home(client)

    note("servus", "Griaß di")

    assert "1 edit since the live release" in home(client)
    assert "changed the content “servus”" in home(client)


def test_a_proposal_waits_for_a_second_person(drafts, colleague):  # noqa: F811
    Site.objects.update(two_people=True)
    drafts.refresh_from_db()
    releases.publish(drafts, by="Ada", note="autumn")

    assert "was proposed by Ada" in home(colleague("reviewer"))


@pytest.mark.parametrize(("minutes", "is_late"), [(-60, False), (1, False), (10, True)])
def test_a_release_that_no_worker_made_live_is_late(drafts, colleague, minutes, is_late):  # noqa: F811
    due = clock.now() - timedelta(minutes=minutes)
    made = releases.publish(drafts, by="Ada", due_at=clock.now() + timedelta(days=1))
    PublishedRelease.objects.filter(pk=made.pk).update(due_at=due)
    Job.objects.update(due_at=due)

    page = home(colleague("marketer"))

    assert ("was due" in page) is is_late
    assert ("waits for a worker" in page) is is_late
    assert ("Tell an administrator." in page) is is_late


def test_work_whose_worker_is_gone_is_told_and_work_that_is_done_is_not(site, colleague):
    long_ago = clock.now() - timedelta(hours=1)
    job = Job.objects.create(task="learn.train", due_at=long_ago, state=Job.DONE)
    client = colleague("admin")
    assert "waits for a worker" not in home(client)

    Job.objects.filter(pk=job.pk).update(state=Job.RUNNING, lease_until=long_ago)

    assert "waits for a worker" in home(client)


def test_campaigns_that_run_and_come_are_listed_those_that_ended_are_not(site, colleague):
    year = clock.now().year
    documents.save_campaign(site, {"key": "now", "name": "Runs now"}, by="test")
    over = {"key": "over", "name": "Long gone", "end": f"{year - 1}-01-01T00:00:00Z"}
    documents.save_campaign(site, over, by="test")

    page = home(colleague("marketer"))

    assert "Runs now" in page
    assert "Long gone" not in page


@pytest.mark.parametrize("term", ["german", "GERMAN"])
def test_search_finds_documents_by_name_and_key(drafts, colleague, term):  # noqa: F811
    page = found(colleague("analyst"), term)

    assert "/segment/" in page
    assert "/rule/" in page


def test_search_never_leads_to_another_site(drafts, other_site, colleague):  # noqa: F811
    assert "/segment/" not in found(colleague("admin", on=other_site), "german")
    assert "/segment/" not in found(colleague(None), "german")


def test_results_count_what_visitors_did_who_allow_reports(site, colleague):
    now = clock.to_us(clock.now())
    facts = {"key_id": "k", "sealed_id": b"", "purposes": 15, "first_seen": 1}
    came = Profile.objects.create(site=site, key="v", last_seen=1, **facts)
    common = {"site": site, "profile": came, "at": now, "received": now, "item": "boot"}
    Event.objects.bulk_create(
        Event(event=f"{purposes}-{n}", type="purchase", purposes=purposes, **common)
        for purposes, times in ((ANALYTICS, 60), (PERSONALIZATION, 60))
        for n in range(times)
    )

    page = home(colleague("marketer"))

    assert "<strong>60</strong><span>items bought</span>" in page


@pytest.mark.parametrize(("times", "has_chart"), [(0, False), (49, False), (60, True)])
def test_the_chart_begins_with_the_first_day_that_may_be_told(site, colleague, times, has_chart):
    now = clock.to_us(clock.now())
    came = Profile.objects.create(site=site, key="v", key_id="k", sealed_id=b"", purposes=15)
    common = {"site": site, "profile": came, "at": now, "slot": "home.hero", "release": 1}
    Exposure.objects.bulk_create(
        Exposure(token=str(n), reason="rule", purposes=ANALYTICS, **common) for n in range(times)
    )

    page = home(colleague("marketer"))

    assert ("A bar for each of the last 14 days" in page) is has_chart
    assert ("Nothing was shown 50 times on one day yet" in page) is not has_chart


@pytest.mark.parametrize("role", ["marketer", "editor", "reviewer", "privacy_officer", "analyst"])
def test_each_result_leads_to_a_page_that_this_person_may_open(site, colleague, role):
    client = colleague(role)

    pages = re.findall(r'class="pz-card pz-figure" href="([^"]*)"', home(client))

    assert len(pages) == 5
    assert all(client.get(each).status_code == 200 for each in pages if not each.startswith("#"))


def exposed(site, profile, times):
    now = clock.to_us(clock.now())
    Exposure.objects.bulk_create(
        Exposure(site=site, profile=profile, token=f"x{n}", at=now, release=1, slot="home.hero",
                 content="c", reason="rule", purposes=ANALYTICS)
        for n in range(Exposure.objects.count(), Exposure.objects.count() + times)
    )  # fmt: skip


def test_a_busy_site_is_not_counted_at_every_look(site, visitor, colleague, monkeypatch):
    visitor("v1")
    profile, client = Profile.objects.get(), colleague("marketer")
    exposed(site, profile, 60)
    assert ">60<" in home(client)

    exposed(site, profile, 50)
    assert ">110<" in home(client)  # few rows are counted anew

    monkeypatch.setattr(lately, "MANY", 100)
    assert ">110<" in home(client)
    exposed(site, profile, 50)
    assert ">110<" in home(client)  # as it was kept

    cache.clear()
    assert ">160<" in home(client)
