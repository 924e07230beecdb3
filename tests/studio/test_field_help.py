"""Beside each field of each form stands what it is for."""

import pytest
from django.contrib import admin
from django.contrib.auth import get_user_model
from django.forms import HiddenInput

from personalization.blocks.files import shipped_blocks
from personalization.drafts.models import Brief
from personalization.govern.models import Membership
from personalization.studio.card_form import card_form
from personalization.studio.drafts.brief_form import LIMIT, BriefForm
from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents

FORMS = [
    page
    for page in admin.site._registry.values()
    if isinstance(page, SiteScopedAdmin)
    and page.model._meta.app_label == "personalization"
    and page.model is not Brief  # its form is `BriefForm`
]


@pytest.fixture
def request_of_somebody(rf, site):
    person = get_user_model().objects.create_user("ada", is_staff=True)
    Membership.objects.create(user=person, site=site, role="admin")
    request = rf.get("/")
    request.user, request.session = person, {}
    return request


def unexplained(fields):
    return [
        name
        for name, field in fields.items()
        if not field.help_text and not isinstance(field.widget, HiddenInput)
    ]


@pytest.mark.parametrize("page", FORMS, ids=lambda page: page.opts.model_name)
def test_every_field_is_explained(request_of_somebody, page):
    request = request_of_somebody

    if page.has_add_permission(request) or page.has_change_permission(request):
        assert unexplained(page.get_form(request).base_fields) == []


def test_every_field_of_a_card_is_explained(request_of_somebody, site):
    slot = documents.save_slot(site, {"key": "home.hero"}, by="test")

    assert unexplained(card_form(request_of_somebody, slot).fields) == []


def test_every_field_of_a_brief_is_explained(site):
    form = BriefForm(site, shipped_blocks()["hero_banner"].block)

    one_by_one = {n: field for n, field in form.fields.items() if not n.startswith(LIMIT)}
    assert unexplained(one_by_one) == []


@pytest.mark.parametrize("name", sorted(shipped_blocks()))
def test_every_field_of_a_block_is_explained(name):
    schema = shipped_blocks()[name].block.schema

    assert [n for n, rules in schema["properties"].items() if not rules.get("description")] == []
