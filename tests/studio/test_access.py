"""Who may do what in the studio, page by page: one table that a person can read.

The initials of the roles stand for: marketer, editor, reviewer, legal reviewer, privacy officer,
analyst, and A for administrator. A model, a page or an action that is not in the table fails the
first test.
"""

import pytest
from django.contrib import admin
from django.urls import URLPattern, reverse

from personalization import clock
from personalization.catalog.models import Media
from personalization.drafts.brand_models import BriefTemplate
from personalization.drafts.models import Brief, Draft, Order
from personalization.drafts.revisions import first_revision
from personalization.govern.models import AuditEntry
from personalization.journeys.deliveries import send_test
from personalization.learn.models import FoundGroup, ModelVersion
from personalization.studio.scoped import SiteScopedAdmin
from personalization.targeting import documents
from personalization.targeting.models import Webhook

ROLES = {
    "m": "marketer",
    "e": "editor",
    "r": "reviewer",
    "l": "legal_reviewer",
    "p": "privacy_officer",
    "a": "analyst",
    "A": "admin",
}
ALL, EDIT, NOBODY = "merlpaA", "meA", ""
DECIDE, WRITE = "rlA", "merlA"
TABLES = {  # model: who may view, add, change, delete
    "apikey": ("A", "A", NOBODY, "A"),
    "auditentry": (ALL, NOBODY, NOBODY, NOBODY),
    "brief": (ALL, EDIT, EDIT, NOBODY),
    "campaign": (ALL, EDIT, EDIT, EDIT),
    "consentrecord": ("pA", NOBODY, NOBODY, NOBODY),
    "content": (ALL, EDIT, EDIT, EDIT),
    "customblock": (ALL, EDIT, EDIT, EDIT),
    "draft": (ALL, NOBODY, NOBODY, NOBODY),
    "erasurereceipt": ("pA", NOBODY, NOBODY, NOBODY),
    "event": ("pA", NOBODY, NOBODY, NOBODY),
    "experiment": (ALL, EDIT, EDIT, EDIT),
    "exposure": ("maA", NOBODY, NOBODY, NOBODY),
    "delivery": (EDIT, NOBODY, NOBODY, NOBODY),
    "item": (ALL, NOBODY, NOBODY, NOBODY),
    "journey": (ALL, EDIT, EDIT, EDIT),
    "job": ("A", NOBODY, NOBODY, NOBODY),
    "learnedsnapshot": (ALL, NOBODY, NOBODY, NOBODY),
    "lesson": (ALL, NOBODY, NOBODY, NOBODY),
    "media": (ALL, EDIT, EDIT, EDIT),
    "membership": ("A", "A", "A", "A"),
    "modelversion": (ALL, NOBODY, NOBODY, NOBODY),
    "profile": ("pA", NOBODY, NOBODY, NOBODY),
    "publishedrelease": (ALL, NOBODY, NOBODY, NOBODY),
    "rule": (ALL, EDIT, EDIT, EDIT),
    "segment": (ALL, EDIT, EDIT, EDIT),
    "site": ("A", NOBODY, "A", NOBODY),
    "slot": (ALL, EDIT, EDIT, EDIT),
    "undeclaredslot": (ALL, NOBODY, NOBODY, NOBODY),
    "webhook": (EDIT, "A", "A", "A"),
}
READ = {  # page: who may open it
    "calendar": ALL,
    "configuration": ALL,
    "configuration_file": ALL,
    "connect": ALL,
    "copy_figures": ALL,
    "expected": ALL,
    "expected_of": ALL,
    "found": ALL,
    "guide": ALL,
    "policy": ALL,
    "preview": ALL,
    "prompt": ALL,
    "prompts": ALL,
    "publish": ALL,
    "release": ALL,
    "why": "maA",
}
DONE = {  # page: who may send it a form
    "bring_back": EDIT,
    "configuration": EDIT,
    "copy_campaign": EDIT,
    "decide": "mrlA",
    "decide_on_group": EDIT,
    "guide": EDIT,
    "policy": "A",
    "prompt": EDIT,
    "prompts": EDIT,
    "publish": "mA",
    "switch_campaign": "mA",
    "switch_site": "mA",
    "switch_slot": "mA",
    "switch_to": "mA",
    "take_back_preview": EDIT,
    "unschedule": "mA",
}
BELOW = {  # page that lies below a table's list: how it is asked, and who may
    "brief_again": ("POST", EDIT),
    "brief_ask": ("POST", EDIT),
    "brief_audience": ("GET", ALL),
    "brief_cancel": ("POST", EDIT),
    "brief_drop_template": ("POST", EDIT),
    "brief_edit": ("GET", EDIT),
    "brief_estimate": ("POST", EDIT),
    "brief_items": ("GET", ALL),
    "brief_progress": ("GET", ALL),
    "brief_template": ("POST", EDIT),
    "brief_written": ("GET", ALL),
    "content_fields": ("GET", ALL),
    "content_item_offer": ("GET", ALL),
    "content_item_reading": ("POST", ALL),
    "content_item_values": ("GET", ALL),
    "content_picture": ("GET", ALL),
    "content_pictures": ("GET", ALL),
    "content_preview": ("POST", ALL),
    "content_thumbnail": ("GET", ALL),
    "content_upload": ("POST", EDIT),
    "customblock_draft": ("POST", ALL),
    "delivery_again": ("POST", "A"),
    "draft_anew": ("POST", WRITE),
    "draft_assign": ("POST", WRITE),
    "draft_decide": ("POST", DECIDE),
    "draft_edit": ("POST", WRITE),
    "draft_invite": ("POST", DECIDE),
    "draft_review": ("GET", ALL),
    "draft_screen": ("GET", ALL),
    "draft_sights": ("POST", ALL),
    "draft_undo": ("POST", DECIDE),
    "draft_use": ("POST", EDIT),
    "draft_watch": ("GET", ALL),
    "journey_drawing": ("POST", EDIT),
    "modelversion_back": ("POST", "mA"),
    "modelversion_train": ("POST", "mA"),
    "modelversion_use": ("POST", "mA"),
    "segment_offer": ("GET", ALL),
    "segment_reading": ("POST", ALL),
    "segment_values": ("GET", ALL),
    "slot_add_rule": ("GET", EDIT),
    "slot_content_picture": ("GET", ALL),
    "slot_default": ("POST", EDIT),
    "slot_delete_rule": ("POST", EDIT),
    "slot_edit_rule": ("GET", EDIT),
    "slot_order": ("POST", EDIT),
    "slot_picture": ("GET", ALL),
    "slot_reach": ("GET", ALL),
    "slot_switch": ("POST", "mA"),
    "slot_switch_rule": ("POST", EDIT),
    "slot_switch_test": ("POST", EDIT),
    "slot_undo": ("POST", EDIT),
    "webhook_renew": ("POST", "A"),
    "webhook_test": ("POST", "A"),
}
DJANGOS = {"changelist", "add", "change", "delete", "history"}
REFUSED = 403


def ours():
    return {
        model._meta.model_name: page
        for model, page in admin.site._registry.items()
        if isinstance(page, SiteScopedAdmin) and model._meta.app_label == "personalization"
    }


def pages_of(patterns):
    for each in patterns:
        if not isinstance(each, URLPattern):
            yield from pages_of(each.url_patterns)
        elif (each.name or "").startswith("personalization_"):
            yield each.name.removeprefix("personalization_")


def own_pages():
    """Pages that belong to no single table; what lies below a table's list is tested with it."""
    tables = tuple(f"{name}_" for name in TABLES)
    return {name for name in pages_of(admin.site.urls[0]) if not name.startswith(tables)}


def below_pages():
    djangos = {f"{name}_{deed}" for name in TABLES for deed in DJANGOS}
    return set(pages_of(admin.site.urls[0])) - own_pages() - djangos


def test_every_table_and_every_page_is_in_these_tables():
    assert set(ours()) == set(TABLES)
    assert own_pages() == set(READ) | set(DONE)
    assert below_pages() == set(BELOW)


@pytest.fixture(params=[*ROLES, None], ids=[*ROLES.values(), "nobody"])
def person(request, colleague):
    """The initial of a role, and a browser in which somebody of it is logged in."""
    return request.param or "-", colleague(ROLES.get(request.param))


def test_lists_open_for_those_who_may_view(person):
    initial, client = person

    answers = {
        name: client.get(reverse(f"admin:personalization_{name}_changelist")).status_code
        for name in TABLES
    }

    assert answers == {name: 200 if initial in may[0] else REFUSED for name, may in TABLES.items()}


def test_forms_for_something_new_open_for_those_who_may_add(person):
    initial, client = person

    answers = {
        name: client.get(reverse(f"admin:personalization_{name}_add")).status_code
        for name in TABLES
    }

    assert answers == {name: 200 if initial in may[1] else REFUSED for name, may in TABLES.items()}


@pytest.mark.parametrize(("deed", "place"), [("change", 2), ("delete", 3)])
def test_rows_are_changed_and_deleted_by_those_who_may(person, site, rf, deed, place):
    from django.contrib.auth import get_user_model

    initial, _client = person
    request = rf.get("/")
    request.user = get_user_model().objects.get()

    answers = {
        name: getattr(page, f"has_{deed}_permission")(request, row_of(page.model, site))
        for name, page in ours().items()
    }

    assert answers == {name: initial in may[place] for name, may in TABLES.items()}


def row_of(model, site):
    """A row of the site, as far as the question asks."""
    if model._meta.model_name == "site":
        return site
    return model(site=site) if hasattr(model, "site") else model()


def test_pages_open_for_those_who_may_read_them(person, site):
    initial, client = person

    answers = {name: client.get(address(name, site)).status_code for name in READ}

    expected = {name: 200 if initial in may else REFUSED for name, may in READ.items()}
    if expected["release"] == 200:
        expected |= {"release": 404, "expected_of": 404}  # there is none yet
    assert answers == expected


def test_forms_are_taken_from_those_who_may_send_them(person, site):
    initial, client = person

    answers = {name: client.post(address(name, site)).status_code for name in DONE}

    hidden = 404 if initial == "-" else REFUSED  # whoever has no site finds nothing on it
    refused = {name for name, status in answers.items() if status in (REFUSED, hidden)}
    assert refused == {name for name, may in DONE.items() if initial not in may}


def test_what_lies_below_a_list_is_for_those_who_may(person, site):
    initial, client = person

    answers = {
        name: client.generic(method, below(name, site), f"site={site.pk}", FORM).status_code
        for name, (method, _may) in BELOW.items()
    }

    hidden = 404 if initial == "-" else REFUSED  # whoever has no site finds nothing on it
    refused = {name for name, status in answers.items() if status in (REFUSED, hidden)}
    assert refused == {name for name, (_method, may) in BELOW.items() if initial not in may}


def below(name, site):
    """Its address, for a thing of the site where it is about one."""
    row = ROWS.get(name) or ROWS.get(name.split("_")[0])
    given = {
        "pk": lambda: row(site).pk,
        "object_id": lambda: row(site).pk,
        "name": lambda: "json",
        "rule": lambda: rule_of(site).pk,
        "content": lambda: rule_of(site).content_id,
    }
    args = {part: given.get(part, lambda: 1)() for part in parts_of(name)}
    return f"{reverse(f'admin:personalization_{name}', kwargs=args)}?site={site.pk}"


def parts_of(name):
    found = (p for p in patterns_of(admin.site.urls[0]) if p.name == f"personalization_{name}")
    return next(found).pattern.converters


def patterns_of(patterns):
    for each in patterns:
        if isinstance(each, URLPattern):
            yield each
        else:
            yield from patterns_of(each.url_patterns)


def slot_of(site):
    return documents.save_slot(site, {"key": "home"}, by="test")


def rule_of(site):
    slot_of(site)
    content = {"key": "data", "block": "json", "fields": {"en": {"data": {"on": True}}}}
    documents.save_content(site, content, by="test")
    return documents.save_rule(site, {"key": "r", "slot": "home", "content": "data"}, by="test")


def hook_of(site):
    found = Webhook.objects.filter(site=site).first()
    return found or Webhook.objects.create(site=site, key="crm")


FORM = "application/x-www-form-urlencoded"


def group_of(site):
    return FoundGroup.objects.create(site=site, key="alike", found_at=clock.now())


def brief_of(site):
    return Brief.objects.create(site=site, block="json", goal="Sell", locales=["en"])


def draft_of(site):
    brief = brief_of(site)
    order = Order.objects.create(brief=brief, locale="en", state=Order.WRITTEN)
    of = {"site": site, "order": order, "brief": brief, "block": "json", "locale": "en"}
    draft = Draft.objects.create(variant=1, **of)
    first_revision(draft, {"data": {"on": True}})
    return draft


def deletion_in(site):
    """What the audit trail keeps of it."""
    documents.delete(documents.save_campaign(site, {"key": "gone"}, by="test"), by="test")
    return AuditEntry.objects.filter(action="campaign.deleted").latest("pk")


ROWS = {
    "brief": brief_of,
    "brief_drop_template": lambda site: BriefTemplate.objects.create(site=site, name="x"),
    "content": lambda site: Media.objects.create(site=site, title="x", file="x.png"),
    "delivery": lambda site: send_test(hook_of(site), by="test"),
    "draft": draft_of,
    "modelversion": lambda site: ModelVersion.objects.get_or_create(site=site, number=1)[0],
    "slot": slot_of,
    "webhook": hook_of,
}


def address(name, site):
    """Of a page; where it is about one thing, of that thing."""
    things = {
        "switch_site": lambda: site.pk,
        "switch_slot": lambda: documents.save_slot(site, {"key": "home"}, by="test").pk,
        "switch_campaign": lambda: documents.save_campaign(site, {"key": "x"}, by="test").pk,
        "copy_campaign": lambda: documents.save_campaign(site, {"key": "x"}, by="test").pk,
        "bring_back": lambda: deletion_in(site).pk,
        "take_back_preview": lambda: 1,
        "prompt": lambda: "copy",
        "decide_on_group": lambda: group_of(site).pk,
        **dict.fromkeys(("release", "expected_of", "switch_to", "unschedule", "decide"), lambda: 1),
    }
    args = (things[name](),) if name in things else ()
    args += ("dismiss",) if name == "decide_on_group" else ()
    return reverse(f"admin:personalization_{name}", args=args)


def test_nothing_of_another_site_is_listed_found_or_offered(site, other_site, colleague):
    documents.save_segment(
        site,
        {"key": "hidden-one", "name": "Hidden", "condition": {"combinator": "and", "rules": []}},
        by="test",
    )
    client = colleague("admin", on=other_site)
    offered = {"app_label": "personalization", "model_name": "rule", "field_name": "segment"}

    listed = client.get(reverse("admin:personalization_segment_changelist"))
    suggested = client.get(reverse("admin:autocomplete"), offered)
    exported = client.get(reverse("admin:personalization_configuration_file"))

    for answer in (listed, suggested, exported):
        assert answer.status_code == 200
        assert "hidden-one" not in answer.content.decode()
        assert "Hidden" not in answer.content.decode()
