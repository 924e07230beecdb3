"""What a role may do with a slot happens; what it may not do changes nothing."""

import pytest
from django.urls import reverse

from personalization.govern.roles import ROLES
from personalization.targeting import documents
from personalization.targeting.models import Slot

PEOPLE = [*ROLES, None]


def address(name, deed, *args):
    return reverse(f"admin:personalization_{name}_{deed}", args=args)


@pytest.mark.parametrize("role", PEOPLE)
def test_a_slot_is_changed_and_deleted_by_editors_only(colleague, role, site):
    slot = documents.save_slot(site, {"key": "home.hero"}, by="test")
    client = colleague(role)

    changed = client.post(address("slot", "change", slot.pk), {"name": "New", "min_height": "0"})
    deleted = client.post(address("slot", "delete", slot.pk), {"post": "yes"})

    may_edit = "edit" in ROLES.get(role, frozenset())
    assert (changed.status_code, deleted.status_code) == ((302, 302) if may_edit else (403, 403))
    assert Slot.objects.filter(pk=slot.pk).exists() is not may_edit


@pytest.mark.parametrize("role", PEOPLE)
def test_a_slot_is_switched_by_those_who_publish(colleague, role, site):
    slot = documents.save_slot(site, {"key": "home.hero"}, by="test")

    answer = colleague(role).post(
        reverse("admin:personalization_switch_slot", args=(slot.pk,)), {"on": "0"}
    )

    slot.refresh_from_db()
    may_publish = "publish" in ROLES.get(role, frozenset())
    assert answer.status_code == (302 if may_publish else 403)
    assert slot.is_enabled is not may_publish


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_another_site_neither_sees_nor_changes_a_slot(
    colleague, role, site, other_site
):
    slot = documents.save_slot(site, {"key": "home.hero", "name": "Ours"}, by="test")
    client = colleague(role, other_site)

    listed = client.get(address("slot", "changelist"))
    client.post(address("slot", "change", slot.pk), {"name": "Theirs", "min_height": "0"})
    client.post(address("slot", "delete", slot.pk), {"post": "yes"})
    client.post(reverse("admin:personalization_switch_slot", args=(slot.pk,)), {"on": "0"})

    slot.refresh_from_db()
    assert "home.hero" not in listed.content.decode()
    assert (slot.name, slot.is_enabled) == ("Ours", True)
