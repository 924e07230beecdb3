"""Odd data: a clear sentence or a sensible model, and what pages use stays in use."""

import csv
from dataclasses import replace

import numpy as np
import pytest
from django.core.management import call_command
from django.core.management.base import CommandError
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from personalization.catalog.models import Item
from personalization.clock import now
from personalization.collect.models import Event
from personalization.learn import live, registry
from personalization.learn.describing import ItemText
from rules.types import Signal
from tests.workers.shop import shop_of_camps
from tests.workers.tastes import N_ITEMS, camps
from workers.learning.evaluation import predict
from workers.learning.files import Catalogue
from workers.learning.study import Row
from workers.learning.training import train

LONG = "x" * 10_000


def rows_of(events):
    return [
        Row(f"v{who}", f"i{item}", float(at), 1.0)
        for who, item, at in zip(events.visitors, events.items, events.at, strict=True)
    ]


CAMPS = rows_of(camps())
ODD_ROWS = {
    "one visitor": [replace(row, visitor="v0", at=float(n)) for n, row in enumerate(CAMPS)],
    "one item": [replace(row, item="i0") for row in CAMPS],
    "all duplicates": [CAMPS[0]] * 300,
    "everybody did all of it": [Row(f"v{v}", f"i{n}", n, 1.0) for n in range(9) for v in range(40)],
    "one instant": [replace(row, at=0.0) for row in CAMPS],
    "times before 1970": [replace(row, at=row.at - 1e10) for row in CAMPS],
    "ids of 10,000 characters": [replace(row, visitor=f"{row.visitor}{LONG}") for row in CAMPS],
    "one visitor did nearly all": [*CAMPS[:60], *[replace(row, visitor="bot") for row in CAMPS]],
    "one event": CAMPS[:1],
}


def suggestions(rows, texts=None, visitors=("v0", "stranger")):
    items = texts or {f"i{n}": ItemText(f"thing {n}") for n in range(N_ITEMS)}
    catalogue = Catalogue(items, frozenset(items))
    found = predict(rows, catalogue, visitors, top=5, seed=1, say=lambda _: None)
    return {one.visitor: one.suggestions for one in found}


@pytest.mark.parametrize("name", ODD_ROWS)
def test_odd_events_still_give_everybody_a_list(name):
    rows = sorted(ODD_ROWS[name], key=lambda row: row.at)

    found = suggestions(rows, visitors=(str(rows[0].visitor), "stranger"))

    assert len(found) == 2
    assert found["stranger"]
    assert all(np.isfinite(one.score) for each in found.values() for one in each)


@pytest.mark.parametrize(
    "text",
    [
        ItemText(""),
        ItemText("", price=-5.0),
        ItemText("", price=1e17),
        ItemText(LONG, LONG, (LONG,), 0.0, LONG * 3),
    ],
    ids=["no metadata", "negative price", "huge price", "endless words"],
)
def test_odd_items_still_give_everybody_a_list(text):
    found = suggestions(CAMPS, {f"i{n}": text for n in range(N_ITEMS)})

    assert all(len(each) == 5 for each in found.values())


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.builds(
            Row,
            st.sampled_from([f"v{n}" for n in range(12)]),
            st.sampled_from([f"i{n}" for n in range(8)]),
            st.floats(-1e12, 1e12),
            st.sampled_from([1.0, 3.0, 4.0]),
        ),
        min_size=1,
        max_size=120,
    )
)
def test_whatever_the_events_lists_are_finite_and_free_of_repeats(rows):
    found = suggestions(sorted(rows, key=lambda row: row.at))

    for each in found.values():
        assert len({one.item for one in each}) == len(each) <= 5
        assert all(np.isfinite(one.score) for one in each)


@pytest.mark.parametrize(
    ("train_rows", "refusal"),
    [
        ([], "no rows"),
        ([f"v{n % 30}{LONG},i{n % 9},{n},1" for n in range(200)], None),
        ([f"v{n % 30},i{n % 9},{-n},-5.5" for n in range(200)], None),
        ([f"v{n % 30},i{n % 9},{(n * 7919) % 200},1" for n in range(200)], None),
        ([f"v{n % 30},gone{n % 9},{n},1" for n in range(200)], "No event is of an item"),
    ],
    ids=["empty log", "long ids", "negative", "out of order", "no known item"],
)
def test_odd_files_end_in_lists_or_in_a_sentence(tmp_path, train_rows, refusal):
    lines = ["visitor,item,at,value", *train_rows]
    (tmp_path / "train.csv").write_text("\n".join(lines), encoding="utf-8")
    items = ["item,title,category,tags", *(f"i{n},,," for n in range(9))]
    (tmp_path / "items.csv").write_text("\n".join(items), encoding="utf-8")
    (tmp_path / "users.txt").write_text(f"v0\nv1{LONG}\n", encoding="utf-8")
    names = {"train": "train.csv", "items": "items.csv", "predict": "users.txt"}
    paths = {option: tmp_path / name for option, name in names.items()}

    def evaluate():
        call_command("evaluate", **paths, top=3, output=tmp_path / "recs.csv")

    if refusal:
        with pytest.raises(CommandError, match=refusal):
            evaluate()
    else:
        evaluate()
        with (tmp_path / "recs.csv").open(encoding="utf-8") as file:
            assert {row["visitor"] for row in csv.DictReader(file)} == {"v0", f"v1{LONG}"}


def nothing_is_left(site):
    Event.objects.filter(site=site).delete()


def one_visitor_is_left(site):
    Event.objects.filter(site=site).exclude(profile__key="p0").delete()


def one_item_is_left(site):
    Item.objects.filter(site=site).exclude(key="i00").delete()


def all_are_duplicates(site):
    Event.objects.filter(site=site).update(item="i00", at=0)


def no_item_has_metadata(site):
    Item.objects.filter(site=site).update(title="", category="")


def values_are_negative(site):
    Event.objects.filter(site=site).update(value=-100)
    Item.objects.filter(site=site).update(price=-100)


def times_are_out_of_order(site):
    for event in Event.objects.filter(site=site):
        Event.objects.filter(pk=event.pk).update(at=-event.at * 7919 % 10**15)


def the_catalogue_is_new(site):
    Item.objects.filter(site=site).delete()
    Item.objects.create(site=site, key="only", title="only")


@pytest.mark.parametrize(
    "spoil",
    [
        nothing_is_left,
        one_visitor_is_left,
        one_item_is_left,
        all_are_duplicates,
        no_item_has_metadata,
        values_are_negative,
        times_are_out_of_order,
        the_catalogue_is_new,
    ],
)
def test_a_site_whose_data_turn_odd_keeps_serving(site, spoil):
    shop_of_camps(site)
    train(site, seed=1, say=lambda _: None)
    spoil(site)

    report = train(site, seed=1, say=lambda _: None)

    site.refresh_from_db()
    found = live.learned(site.pk, site.live_learned)
    assert report.sentence
    assert registry.promoted(site) is not None
    assert found.model == str(registry.promoted(site))
    clicked = [Signal("i08", "view", now()), Signal("i09", "view", now())]
    for one in found.ranker.for_visitor(clicked, now(), 5, frozenset()):
        assert one.item in found.items
