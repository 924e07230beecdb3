"""In: items as a feed sends them. Out: rows made or changed; what was refused, and why."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from django.db import transaction

from personalization.catalog.checking import Columns, Refused, check_item
from personalization.catalog.models import Item
from personalization.clock import now
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.outbox import after_commit

CHUNK: Final = 500
COLUMNS: Final = (
    "title",
    "category",
    "price",
    "currency",
    "tags",
    "url",
    "image",
    "text",
    "is_available",
    "attributes",
)


@dataclass(frozen=True, slots=True)
class Rejection:
    """Why the item at this place of the batch was not taken."""

    index: int
    code: str
    detail: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a batch; an item that is as it was counts as unchanged."""

    created: int
    updated: int
    unchanged: int
    rejected: tuple[Rejection, ...]


@transaction.atomic
def upsert_items(site: Site, rows: Sequence[object], *, by: str) -> Outcome:
    """Make or change items; of several with one key the last counts."""
    wanted, rejected = _checked(site, rows)
    created = updated = 0
    keys = list(wanted)
    for start in range(0, len(keys), CHUNK):
        new, changed = _write(site, [wanted[key] for key in keys[start : start + CHUNK]])
        created, updated = created + new, updated + changed
    if created or updated:
        counts = {"created": created, "updated": updated}
        audit.record(site=site, actor=by, action="catalog.fed", changes=counts)
        after_commit("learn.refresh", unique=f"learn.refresh:{site.pk}", site_id=site.pk)
    return Outcome(created, updated, len(keys) - created - updated, tuple(rejected))


def _checked(site: Site, rows: Sequence[object]) -> tuple[dict[str, Columns], list[Rejection]]:
    wanted: dict[str, Columns] = {}
    rejected: list[Rejection] = []
    for index, sent in enumerate(rows):
        try:
            columns = check_item(sent, site.currency)
        except Refused as why:
            rejected.append(Rejection(index, why.code, str(why.detail)))
        else:
            wanted[columns["key"]] = columns
    return wanted, rejected


def _write(site: Site, wanted: Sequence[Columns]) -> tuple[int, int]:
    """How many were made, and how many changed."""
    keys = [columns["key"] for columns in wanted]
    standing = {item.key: item for item in Item.objects.filter(site=site, key__in=keys)}
    moment = now()
    different = [
        Item(
            site=site,
            updated_at=moment,
            restocked_at=_restocked(standing.get(columns["key"]), columns, moment),
            **columns,
        )
        for columns in wanted
        if columns["key"] not in standing or _differs(standing[columns["key"]], columns)
    ]
    Item.objects.bulk_create(
        different,
        update_conflicts=True,
        unique_fields=["site", "key"],
        update_fields=[*COLUMNS, "updated_at", "restocked_at"],
    )
    created = sum(item.key not in standing for item in different)
    return created, len(different) - created


def _restocked(before: Item | None, columns: Columns, moment: datetime) -> datetime | None:
    """When it was last sold out and came back; what is new was never away."""
    if before is None:
        return None
    return moment if columns["is_available"] and not before.is_available else before.restocked_at


def _differs(item: Item, columns: Columns) -> bool:
    return any(getattr(item, name) != columns[name] for name in COLUMNS)
