"""Items from a feed: typed, made or changed, refused with a reason, and nothing written in vain."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.catalog.checking import Refused, check_item
from personalization.catalog.feed import upsert_items
from personalization.catalog.models import Item
from personalization.govern.models import AuditEntry
from personalization.outbox import Job

pytestmark = pytest.mark.django_db
BOOT = {"item": "boot", "title": "A boot", "price": 19.99, "tags": ["warm", "warm"]}
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def feed(site, *rows):
    return upsert_items(site, rows, by="test")


def test_a_new_item_is_made_with_its_price_in_cents_and_its_tags_once(site):
    outcome = feed(site, BOOT)
    item = Item.objects.get()

    assert (outcome.created, outcome.updated, outcome.rejected) == (1, 0, ())
    assert (item.price, item.currency, item.tags) == (1999, site.currency, ["warm"])
    assert item.is_available


def test_what_changed_is_changed_and_what_did_not_writes_nothing(site):
    feed(site, BOOT)
    assert feed(site, {**BOOT, "price": 9.99}).updated == 1
    assert Item.objects.get().price == 999
    audited = AuditEntry.objects.count()

    assert feed(site, {**BOOT, "price": 9.99}).unchanged == 1
    assert AuditEntry.objects.count() == audited


def test_of_one_item_named_twice_the_last_counts(site):
    feed(site, BOOT, {**BOOT, "title": "Another boot"})
    assert Item.objects.get().title == "Another boot"


def test_a_bad_item_is_refused_by_its_place_and_leaves_the_others(site):
    outcome = feed(site, {"item": "x"}, BOOT, "no object")

    assert [(each.index, each.code) for each in outcome.rejected] == [(0, "required"), (2, "type")]
    assert Item.objects.get().key == "boot"


def test_when_an_item_was_back_in_stock_is_kept(site):
    feed(site, BOOT)
    feed(site, {**BOOT, "available": False})
    assert Item.objects.get().restocked_at is None

    feed(site, BOOT)
    back = Item.objects.get().restocked_at
    feed(site, {**BOOT, "title": "The same boot"})

    assert back is not None
    assert Item.objects.get().restocked_at == back


def test_a_feed_asks_for_new_suggestions_once(site):
    feed(site, BOOT)
    feed(site, {**BOOT, "title": "Other"})
    assert Job.objects.filter(task="learn.refresh").count() == 1


@pytest.mark.parametrize(
    ("field", "value", "code"),
    [
        ("item", "", "required"),
        ("item", "x" * 201, "length"),
        ("title", "NUL\0", "text"),
        ("title", "\ud800", "text"),
        ("price", float("nan"), "price"),
        ("price", True, "price"),
        ("price", -1, "price"),
        ("price", 10**400, "price"),
        ("currency", "eur", "currency"),
        ("tags", "warm", "tags"),
        ("tags", [""], "tags"),
        ("available", "yes", "type"),
        ("attributes", [], "attributes"),
        ("attributes", {"a": float("inf")}, "attributes"),
        ("attributes", {"a": "\0"}, "text"),
        ("colour", "red", "unknown_field"),
    ],
)
def test_what_cannot_be_kept_is_refused_with_its_code(field, value, code):
    with pytest.raises(Refused) as refused:
        check_item({**BOOT, field: value}, "EUR")
    assert refused.value.code == code


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60)
@given(st.dictionaries(st.sampled_from(["item", "title", "price", "tags", "attributes"]), JSON))
def test_whatever_a_feed_sends_is_taken_or_refused(site, sent):
    outcome = feed(site, {**BOOT, **sent})
    assert outcome.created + outcome.updated + outcome.unchanged + len(outcome.rejected) == 1
