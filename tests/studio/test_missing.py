"""Links to what was deleted: told on a page of the studio, with a way on and often a way back."""

import pytest
from django.contrib import admin
from django.urls import NoReverseMatch, reverse

from personalization.govern.models import AuditEntry
from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents
from personalization.targeting.documents import KINDS
from personalization.targeting.models import Segment

NOWHERE = 987_654
EVERYONE = {"combinator": "and", "rules": []}
LISTS = sorted(
    model._meta.model_name
    for model, page in admin.site._registry.items()
    if isinstance(page, SiteScopedAdmin)
)
OWN = {
    "release": (NOWHERE,),
    "brief_edit": (NOWHERE,),
    "draft_screen": (NOWHERE,),
    "slot_add_rule": (NOWHERE,),
}


def said_by(client, address, method="get", **more):
    answer = getattr(client, method)(address, **more)
    assert answer.status_code == 404
    return answer.content.decode()


@pytest.mark.parametrize("name", LISTS)
@pytest.mark.parametrize("page", ["change", "history"])
def test_a_link_to_a_deleted_row_says_so_in_the_studio(site, colleague, name, page):
    html = said_by(
        colleague("admin"), reverse(f"admin:personalization_{name}_{page}", args=(NOWHERE,))
    )

    assert "Somebody may have deleted it" in html
    assert reverse(f"admin:personalization_{name}_changelist") in html


@pytest.mark.parametrize("name", ["campaign", "content", "segment", "slot", "rule"])
def test_deleting_what_is_deleted_already_says_so(site, colleague, name):
    address = reverse(f"admin:personalization_{name}_delete", args=(NOWHERE,))

    assert "Somebody may have deleted it" in said_by(colleague("admin"), address, "post")


@pytest.mark.parametrize("name", OWN)
def test_our_own_pages_say_so_too(site, colleague, name):
    html = said_by(colleague("admin"), reverse(f"admin:personalization_{name}", args=OWN[name]))

    assert "Somebody may have deleted it" in html


@pytest.mark.parametrize("name", ["take_back_preview", "switch_campaign", "switch_slot"])
def test_what_is_pressed_on_an_old_page_says_so_too(site, colleague, name):
    address = reverse(f"admin:personalization_{name}", args=(NOWHERE,))

    assert "Somebody may have deleted it" in said_by(colleague("admin"), address, "post")


def test_it_is_said_in_german_to_those_who_read_german(site, colleague):
    address = reverse("admin:personalization_segment_change", args=(NOWHERE,))

    html = said_by(colleague("admin"), address, headers={"Accept-Language": "de"})

    assert "Das ist nicht hier" in html


def test_a_script_is_answered_as_briefly_as_before(site, colleague):
    address = reverse("admin:personalization_draft_watch", args=(NOWHERE,))

    assert "Somebody may" not in said_by(colleague("admin"), address, headers={"Accept": "*/*"})


@pytest.fixture
def deleted(site):
    """A segment that somebody deleted, and the link that led to it."""
    row = documents.save_segment(
        site, {"key": "loyal", "name": "Loyal", "condition": EVERYONE}, by="Ada"
    )
    link = reverse("admin:personalization_segment_change", args=(row.pk,))
    documents.delete(row, by="Ada")
    return link


def test_who_deleted_it_is_said_and_it_can_be_brought_back(site, colleague, deleted):
    client = colleague("editor")
    html = said_by(client, deleted)
    assert "“Loyal”, deleted by Ada" in html
    entry = AuditEntry.objects.get(action="segment.deleted")
    way_back = reverse("admin:personalization_bring_back", args=(entry.pk,))
    assert way_back in html

    answer = client.post(way_back, follow=True)

    assert Segment.objects.get(site=site, key="loyal").name == "Loyal"
    assert "“Loyal” is back." in answer.content.decode()
    assert "“Loyal”, deleted by" not in said_by(client, deleted)


def test_who_may_not_edit_sees_who_did_it_and_cannot_bring_it_back(site, colleague, deleted):
    client = colleague("analyst")
    html = said_by(client, deleted)
    way_back = reverse(
        "admin:personalization_bring_back",
        args=(AuditEntry.objects.get(action="segment.deleted").pk,),
    )

    assert "“Loyal”, deleted by Ada" in html
    assert way_back not in html
    assert client.post(way_back).status_code == 403
    assert not Segment.objects.filter(key="loyal").exists()


def test_nothing_of_another_site_is_told_or_brought_back(other_site, site, colleague, deleted):
    client = colleague("editor", on=other_site)
    entry = AuditEntry.objects.get(action="segment.deleted")

    assert "Loyal" not in said_by(client, deleted)
    said_by(client, reverse("admin:personalization_bring_back", args=(entry.pk,)), "post")
    assert not Segment.objects.filter(key="loyal").exists()


def test_what_cannot_come_back_says_why(site, colleague, deleted):
    documents.save_segment(site, {"key": "loyal", "name": "New", "condition": EVERYONE}, by="Bo")
    entry = AuditEntry.objects.get(action="segment.deleted")

    answer = colleague("editor").post(
        reverse("admin:personalization_bring_back", args=(entry.pk,)), follow=True
    )

    assert "“loyal” is there already." in answer.content.decode()
    assert Segment.objects.get(key="loyal").name == "New"


def test_whatever_can_be_brought_back_has_a_page_to_land_on():
    for kind in KINDS.values():
        try:
            reverse(f"admin:personalization_{kind.model._meta.model_name}_change", args=(1,))
        except NoReverseMatch:
            pytest.fail(kind.name)
