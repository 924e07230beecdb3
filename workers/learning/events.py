"""The events that may be learnt from, as a study.

In:  a site. Only events whose visitor allowed `training` when they came, and allows it still.
Out: rows in the order of (at, id), visitors under numbers of this run; without those of programs
     and of bursts.
"""

from collections.abc import Iterator

from personalization.catalog.items import read_item
from personalization.catalog.models import Item
from personalization.govern.models import Site
from personalization.learn.consented import learnable_events
from personalization.learn.describing import ItemText, described
from personalization.learn.serving import type_weight
from workers.learning.study import Row, Study, make_study

SECOND_US = 1e6


def read_study(site: Site) -> Study:
    return make_study(read_items(site), read_rows(site)).sifted()


def read_items(site: Site) -> dict[str, ItemText]:
    rows = Item.objects.filter(site=site).order_by("key")
    return {row.key: described(read_item(row)) for row in rows.iterator(chunk_size=2000)}


def read_rows(site: Site) -> Iterator[Row]:
    found = learnable_events(site).order_by("at", "id")
    columns = found.values_list("profile_id", "item", "at", "type")
    for visitor, item, at, event_type in columns.iterator(chunk_size=10_000):
        yield Row(visitor, str(item), at / SECOND_US, type_weight(event_type))
