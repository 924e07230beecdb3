"""The audit trail says from what to what, in words."""

import pytest
from django.urls import reverse

from personalization.govern.models import AuditEntry
from personalization.targeting import documents
from tests.publish.conftest import BERLIN
from tests.studio.sent_forms import sent_by
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures


def page_of(entry, client):
    address = reverse("admin:personalization_auditentry_change", args=(entry.pk,))
    return client.get(address).content.decode()


def test_of_a_content_only_the_field_that_changed_is_shown(site, note, colleague):  # noqa: F811
    note("plain", "Hello dear world")
    note("plain", "Hello old world")

    page = page_of(AuditEntry.objects.get(action="content.changed"), colleague("analyst"))

    assert "fields · en · text" in page
    assert "Hello <del>dear</del><ins>old</ins> world" in page
    assert "{&#x27;" not in page


def test_a_condition_is_a_sentence(site, colleague):
    documents.save_segment(site, {"key": "near", "condition": BERLIN}, by="test")
    austria = {**BERLIN, "rules": [{**BERLIN["rules"][0], "value": "AT"}]}
    documents.save_segment(site, {"key": "near", "condition": austria}, by="test")

    page = page_of(AuditEntry.objects.get(action="segment.changed"), colleague("analyst"))

    assert "country is “<del>DE</del><ins>AT</ins>”" in page


@pytest.mark.parametrize("was", [False, True])
def test_a_setting_of_the_site_is_told_with_what_it_was(site, colleague, was):
    site.two_people = was
    site.save()
    client = colleague("admin")
    address = reverse("admin:personalization_site_change", args=(site.pk,))
    form = sent_by(client.get(address).content.decode(), "site_form")
    form.pop("two_people", None)

    client.post(address, form | ({} if was else {"two_people": "on"}))

    entry = AuditEntry.objects.get(action="site.changed")
    assert entry.changes == {"two_people": [was, not was]}
    words = ("yes", "no") if was else ("no", "yes")
    assert "<del>{}</del><ins>{}</ins>".format(*words) in page_of(entry, client)
