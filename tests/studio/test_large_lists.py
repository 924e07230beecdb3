"""Lists of what grows with every page view: they say where they stop, and look at no more."""

import re
from html import unescape

import pytest
from django.urls import reverse
from django.utils import translation

from personalization import clock
from personalization.collect.models import Event
from personalization.govern import audit
from personalization.govern.sites import make_site
from personalization.profiles.models import Profile
from personalization.profiles.visitors import find_profile
from personalization.studio import large_lists


@pytest.fixture
def root(client, django_user_model, site):
    client.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "x"))
    yield client
    translation.deactivate()


@pytest.fixture
def bound(monkeypatch):
    monkeypatch.setattr(large_lists, "BOUND", 60)


def page(client, name, more="", language="en"):
    address = reverse(f"admin:personalization_{name}_changelist") + more
    answer = client.get(address, headers={"Accept-Language": language})
    assert answer.status_code == 200
    return answer


def footer(answer):
    return unescape(re.search(r'<div class="py-4">(.*?)</div>', answer.text, re.S).group(1)).strip()


def rows(answer):
    return len(answer.context["cl"].result_list)


def offered(answer, title):
    (spec,) = (each for each in answer.context["cl"].filter_specs if each.title == title)
    return [each["display"] for each in spec.choices(answer.context["cl"])][1:]


def write_events(site, profile, *types):
    now = clock.to_us(clock.now())
    Event.objects.bulk_create(
        Event(
            site=site, profile=profile, event=f"e{n}", type=each, at=now, received=now, purposes=7
        )
        for n, each in enumerate(types, start=Event.objects.count())
    )


@pytest.fixture
def somebody(site, visitor):
    return find_profile(site.pk, visitor("somebody"))


def test_a_list_up_to_the_bound_is_counted(root, site, somebody, bound):
    write_events(site, somebody, *["view"] * 60)

    assert " ".join(footer(page(root, "event")).split()) == "- 60 events"


def test_beyond_the_bound_the_list_says_so_and_ends_there(root, site, somebody, bound):
    write_events(site, somebody, *["view"] * 61)

    assert footer(page(root, "event")) == "- more than 60 events: filter or search for others"
    assert footer(page(root, "event", language="de")) == (
        "- mehr als 60 Ereignisse: andere findet ein Filter oder die Suche"
    )
    assert "60 results" not in page(root, "event", "?type=view").text
    assert rows(page(root, "event", "?p=2")) == 10
    assert root.get(reverse("admin:personalization_event_changelist") + "?p=3").status_code == 302


def test_what_is_beyond_the_bound_is_found_by_search_and_filter(root, site, somebody, bound):
    write_events(site, somebody, "purchase", *["view"] * 80)

    assert rows(page(root, "event", "?type=purchase")) == 1
    assert rows(page(root, "event", "?q=e0")) == 1


def test_a_filter_offers_what_occurs_among_the_newest_and_takes_any(root, site, somebody, bound):
    write_events(site, somebody, "rare", *["view", "click"] * 30)
    answer = page(root, "event")
    assert offered(answer, "type") == ["click", "view"]

    assert rows(page(root, "event", "?type=rare")) == 1


def test_reasons_and_deeds_are_offered_in_words(root, site):
    audit.record(site=site, actor="ada", action="segment.changed", target="boots")

    assert "changed the segment" in offered(page(root, "auditentry"), "what")


def test_a_visitor_is_found_by_the_beginning_of_the_pseudonym(root, site, visitor):
    keys = [find_profile(site.pk, visitor(f"v{number}")).key for number in range(5)]

    for key in keys:
        (found,) = page(root, "profile", f"?q={key[:12]}").context["cl"].result_list
        assert found.key == key
    assert rows(page(root, "profile", f"?q={keys[0][1:13]}")) == 0
    assert rows(page(root, "profile")) == 5


def test_of_another_site_nobody_is_found(client, site, visitor, colleague):
    other = make_site(name="Other", origins=[], by="test").site
    hidden = find_profile(site.pk, visitor("hidden")).key
    client = colleague("privacy_officer", other)

    assert rows(page(client, "profile", f"?q={hidden}")) == 0
    assert Profile.objects.filter(key=hidden).exists()
