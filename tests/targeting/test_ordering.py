"""The order of a slot's rules is saved as a whole, or not at all."""

import pytest

from personalization.exceptions import Malformed
from personalization.govern.models import AuditEntry
from personalization.targeting import documents
from personalization.targeting.ordering import OrderChanged, reorder


@pytest.fixture
def slot(site, hero):
    """Three rules whose positions have gaps and a tie."""
    for key, position in (("a", 3), ("b", 3), ("c", 9)):
        rule = {"key": key, "slot": "home.hero", "content": "plain", "position": position}
        documents.save_rule(site, rule, by="test")
    return hero


def order(slot):
    return list(slot.rules.order_by("position", "key").values_list("key", flat=True))


def test_the_whole_order_is_saved_with_one_line_of_audit(slot):
    reorder(slot, ["c", "a", "b"], seen=["a", "b", "c"], by="Ada")

    assert order(slot) == ["c", "a", "b"]
    entry = AuditEntry.objects.get(action="slot.reordered")
    assert (entry.actor, entry.target) == ("Ada", "home.hero")
    assert entry.changes == {"order": [["a", "b", "c"], ["c", "a", "b"]]}


@pytest.mark.parametrize("seen", [["a", "b", "c"], ["c", "b", "a"]])
def test_the_order_that_stands_already_changes_nothing(slot, seen):
    reorder(slot, ["a", "b", "c"], seen=seen, by="Ada")

    assert not AuditEntry.objects.filter(action="slot.reordered").exists()


def test_who_did_not_see_the_newest_order_is_told_what_it_is(slot):
    reorder(slot, ["c", "b", "a"], seen=["a", "b", "c"], by="Ada")

    with pytest.raises(OrderChanged) as caught:
        reorder(slot, ["b", "a", "c"], seen=["a", "b", "c"], by="Ben")

    assert caught.value.theirs == ("c", "b", "a")
    assert order(slot) == ["c", "b", "a"]


@pytest.mark.parametrize("wanted", [["a", "b"], ["a", "b", "b"], ["a", "b", "c", "d"]])
def test_an_order_that_is_not_of_these_rules_is_refused(slot, wanted):
    with pytest.raises(Malformed):
        reorder(slot, wanted, seen=["a", "b", "c"], by="Ada")


def test_a_moved_rule_counts_as_changed_for_who_edits_it(slot):
    moved, kept = (slot.rules.get(key=key) for key in ("c", "b"))

    reorder(slot, ["c", "b", "a"], seen=["a", "b", "c"], by="Ada")

    assert slot.rules.get(key="c").updated_at > moved.updated_at
    assert slot.rules.get(key="b").position == 1
    assert kept.position == 3
