"""Popularity comes from consent given then and still now, and nobody lifts an item alone."""

from personalization.govern.purposes import ALL_BITS, TRAINING
from personalization.learn.popularity import likings, rank

NOT_TRAINING = ALL_BITS - TRAINING


def popular(site):
    return [one.item for one in rank(likings(site))[0]]


def test_more_visitors_make_an_item_more_popular(site, acts):
    for who, item in (("a", "lamp"), ("b", "lamp"), ("c", "vase")):
        acts(who, item)

    assert popular(site) == ["lamp", "vase"]


def test_one_visitor_cannot_lift_an_item_by_repeating(site, acts):
    for day in range(30):
        acts("a", "lamp", day / 30)
    for who in ("b", "c"):
        acts(who, "vase", 1)

    assert popular(site) == ["vase", "lamp"]


def test_events_without_training_at_receipt_or_now_do_not_count(site, acts):
    acts("a", "lamp", then=NOT_TRAINING)
    acts("b", "vase", still=NOT_TRAINING)
    acts("c", "bowl")

    assert popular(site) == ["bowl"]


def test_what_was_only_shown_does_not_count(site, acts):
    acts("a", "lamp", type="exposure")
    acts("b", "bowl")

    assert popular(site) == ["bowl"]


def test_what_rose_lately_trends_before_what_was_always_liked(site, acts):
    for n in range(40):
        acts(f"old{n}", "classic", day=n)
    for n in range(6):
        acts(f"new{n}", "novelty", day=39.5)

    steady, rising = rank(likings(site))

    assert steady[0].item == "classic"
    assert rising[0].item == "novelty"


def test_a_site_without_events_has_nothing_popular(site):
    assert rank(likings(site)) == ([], [])
