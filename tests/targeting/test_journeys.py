"""Journeys are written by one strict verb; what asks for a stage keeps it."""

import pytest

from personalization.exceptions import Conflict, Malformed
from personalization.targeting import documents
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Journey, Webhook
from rules.journeys import STAGE


def tree(field, operator, value):
    return {
        "combinator": "and",
        "rules": [{"field": field, "operator": operator, "value": value}],
    }


def did(kind):
    return {"event": tree("type", "=", kind)}


WAITING = {
    "key": "waiting",
    "name": "Waiting",
    "enter": did("add_to_cart"),
    "leave": did("purchase"),
    "after": "2d",
    "to": "reminder",
}
REMINDER = {"key": "reminder", "leave": did("purchase"), "after": "7d"}
CART = {"key": "cart", "name": "Cart", "again": "7d", "stages": [WAITING, REMINDER]}
IN_REMINDER = tree("stage", "hasAny", ["cart:reminder"])


def refused(site, document):
    with pytest.raises(Malformed) as caught:
        documents.save_journey(site, document, by="test")
    return {error.path: error.code for error in caught.value.errors}


@pytest.fixture
def cart(site):
    return documents.save_journey(site, CART, by="test")


def test_what_is_written_down_saves_unchanged(site, cart):
    written = documents.to_document(cart)

    again = documents.save_journey(site, written, by="test")

    assert documents.to_document(again) == written
    assert again.updated_at == cart.updated_at


@pytest.mark.parametrize(
    ("stages", "errors"),
    [
        ([], {"stages": "length"}),
        ([WAITING], {"stages[0].to": "unknown_reference"}),
        ([WAITING, WAITING, REMINDER], {"stages[1].key": "twice"}),
        ([WAITING, REMINDER, {"key": "lost"}], {"stages[2]": "unreachable"}),
        ([{"key": "a", "after": "1d"}], {"stages": "no_entrance"}),
        ([{**WAITING, "to": "waiting"}], {"stages[0].to": "itself"}),
        ([{**WAITING, "after": None}, REMINDER], {"stages[0].after": "required"}),
        ([{**WAITING, "after": "2 days"}, REMINDER], {"stages[0].after": "duration"}),
        ([{**WAITING, "after": "10s"}, REMINDER], {"stages[0].after": "duration"}),
        ([{**WAITING, "colour": "red"}, REMINDER], {"stages[0].colour": "unknown"}),
        ([{**WAITING, "webhook": "crm"}, REMINDER], {"stages[0].webhook": "unknown_reference"}),
        ([WAITING, {**REMINDER, "from": ["nowhere"]}],
         {"stages[1].from": "unknown_reference", "stages[1].enter": "required"}),
        ([WAITING, {**REMINDER, "from": ["waiting"], "enter": {"condition": {"rules": []}}}],
         {"stages[1].enter.condition": "empty"}),
        ([{**WAITING, "leave": {"condition": {"rules": []}}}, REMINDER],
         {"stages[0].leave.condition": "empty"}),
        ([{**WAITING, "enter": {"condition": tree("nothing", "=", 1)}}, REMINDER],
         {"stages[0].enter.condition.rules[0].field": "condition"}),
        ([{**WAITING, "enter": {"condition": tree("segment", "in", ["gone"])}}, REMINDER],
         {"stages[0].enter.condition.rules[0]": "unknown_reference"}),
        ([{**WAITING, "enter": {"condition": tree("device", "=", "mobile")}}, REMINDER],
         {"stages[0].enter.condition": "page_view"}),
        ([{**WAITING, "enter": {"event": tree("colour", "=", "red")}}, REMINDER],
         {"stages[0].enter.event.rules[0].field": "trigger"}),
        ([{**WAITING, "enter": {}}, REMINDER], {"stages[0].enter": "trigger"}),
        (["waiting"], {"stages[0]": "type", "stages[0].key": "required"}),
    ],
)  # fmt: skip
def test_what_does_not_hold_together_is_refused_where_it_stands(site, stages, errors):
    assert refused(site, {**CART, "stages": stages}) == errors


def test_a_page_view_that_a_segment_asks_for_is_refused_too(site):
    on_phone = {"key": "phone", "condition": tree("device", "=", "mobile")}
    documents.save_segment(site, on_phone, by="test")

    asked = {**WAITING, "enter": {"condition": tree("segment", "in", ["phone"])}}

    assert "page_view" in refused(site, {**CART, "stages": [asked, REMINDER]}).values()


def test_the_catalogue_offers_the_stages_by_name(site, cart):
    asked = site_catalogue(site).fields[STAGE]

    assert asked.choices == (
        ("cart:waiting", "Cart → Waiting"),
        ("cart:reminder", "Cart → reminder"),
    )
    documents.delete(cart, by="test")
    assert site_catalogue(site).fields[STAGE].choices == ()


def test_a_journey_that_something_asks_for_is_neither_deleted_nor_robbed_of_the_stage(site, cart):
    asking = {"key": "reminded", "condition": IN_REMINDER}
    documents.save_segment(site, asking, by="test")

    with pytest.raises(Conflict, match="segment reminded"):
        documents.delete(cart, by="test")
    without = {**CART, "stages": [{**WAITING, "to": None}]}
    with pytest.raises(Conflict, match="segment reminded"):
        documents.save_journey(site, without, by="test")
    assert Journey.objects.get().stages == documents.to_document(cart)["stages"]


def test_what_a_journey_asks_for_is_not_deleted(site):
    rich = documents.save_segment(
        site, {"key": "rich", "condition": tree("monetary", ">", 9)}, by="test"
    )
    campaign = documents.save_campaign(site, {"key": "spring"}, by="test")
    entering = {**WAITING, "enter": {"condition": tree("segment", "in", ["rich"])}}
    document = {**CART, "campaign": "spring", "stages": [entering, REMINDER]}
    documents.save_journey(site, document, by="test")

    for needed in (rich, campaign):
        with pytest.raises(Conflict, match="journey cart"):
            documents.delete(needed, by="test")


def test_a_stage_may_tell_a_webhook_of_the_site(site):
    Webhook.objects.create(site=site, key="crm", url="https://crm.example/hook")

    saved = documents.save_journey(
        site, {**CART, "stages": [{**WAITING, "webhook": "crm"}, REMINDER]}, by="test"
    )

    assert saved.stages[0]["webhook"] == "crm"
