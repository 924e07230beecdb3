"""Make a new snapshot of what pages use: the items, what is popular, the promoted model."""

import logging
from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from django.db import transaction
from django.db.models import Max

from personalization.catalog.items import read_item
from personalization.catalog.models import Item as ItemRow
from personalization.govern.models import Site
from personalization.govern.sites import touch
from personalization.learn import artefacts, registry
from personalization.learn.models import LearnedSnapshot, ModelVersion
from personalization.learn.popularity import likings, rank
from personalization.learn.snapshot_codec import Contents, ModelFile, encode
from rules.types import Item, Scored

log = logging.getLogger(__name__)

KEPT = 5
LISTED = 500  # popular and trending items that pages choose from
FILE, PLACED = "snapshot.json", "newcomers.npz"


def refresh(site: Site) -> LearnedSnapshot:
    """Pages notice the new snapshot within a second; the last few stay on disk."""
    rows = _catalogue(site)
    items = {row.key: read_item(row) for row in rows}
    popular, trending = rank(one for one in likings(site) if one.item in items)
    model = registry.promoted(site)
    placed = None if model is None else _placed(model, rows, items)
    contents = Contents(
        items,
        tuple(_filled(popular, items)),
        tuple(trending[:LISTED]),
        None if model is None else _model_file(model),
        tuple(_newest((row.key, row.created_at) for row in rows)),
        tuple(_newest((row.key, row.restocked_at) for row in rows)),
        tuple(_least_known(popular, items)),
        None if placed is None else artefacts.digest_of(placed),
    )
    snapshot = _store(site, contents, model, placed)
    _forget_old(site)
    return snapshot


@transaction.atomic
def _store(
    site: Site, contents: Contents, model: ModelVersion | None, placed: bytes | None
) -> LearnedSnapshot:
    """The site's row is the lock: numbers rise one by one, and folders never collide."""
    Site.objects.select_for_update().get(pk=site.pk)
    last = LearnedSnapshot.objects.filter(site=site).aggregate(last=Max("number"))["last"]
    number = (last or 0) + 1
    folder = f"{_root(site)}/{number}"
    content = encode(contents)
    beside = {} if placed is None else {PLACED: placed}
    artefacts.write(folder, {FILE: content, **beside})
    snapshot = LearnedSnapshot.objects.create(
        site=site,
        number=number,
        model=model,
        artefact=folder,
        sha256=artefacts.digest_of(content),
        counts={
            "items": len(contents.items),
            "popular": len(contents.popular),
            "trending": len(contents.trending),
        },
    )
    Site.objects.filter(pk=site.pk).update(live_learned=number)
    touch(site)
    return snapshot


def _placed(model: ModelVersion, rows: list[ItemRow], items: dict[str, Item]) -> bytes | None:
    """Where the items belong that joined since the model was trained; the newest first."""
    from personalization.learn.newcomers import place  # noqa: PLC0415 - imports numpy

    try:
        content = artefacts.read(f"{model.artefact}/{registry.FILE}", model.sha256)
    except artefacts.Tampered:
        log.exception("learn.model_refused", extra={"model": str(model)})
        return None
    newest = sorted(rows, key=lambda row: (-row.created_at.timestamp(), row.key))
    return place(content, items, [row.key for row in newest])


def _catalogue(site: Site) -> list[ItemRow]:
    return list(ItemRow.objects.filter(site=site).order_by("key"))


def _filled(popular: list[Scored], items: dict[str, Item]) -> list[Scored]:
    """Where nobody did anything yet, a carousel still shows the catalogue."""
    liked = {one.item for one in popular}
    rest = (Scored(key, 0.0) for key in items if key not in liked)
    return [one for one, _ in zip(chain(popular, rest), range(LISTED), strict=False)]


def _newest(dated: Iterable[tuple[str, datetime | None]]) -> list[Scored]:
    found = [Scored(key, at.timestamp()) for key, at in dated if at is not None]
    return sorted(found, key=lambda each: (-each.score, each.item))[:LISTED]


def _least_known(popular: list[Scored], items: dict[str, Item]) -> list[str]:
    """Of what may be shown, that with the fewest likings, those without any first."""
    liking = {each.item: each.score for each in popular}
    shown = (key for key, item in items.items() if item.available)
    return sorted(shown, key=lambda key: (liking.get(key, 0.0), key))[:LISTED]


def _model_file(model: ModelVersion) -> ModelFile:
    return ModelFile(str(model), f"{model.artefact}/{registry.FILE}", model.sha256)


def _forget_old(site: Site) -> None:
    numbers = list(
        LearnedSnapshot.objects.filter(site=site)
        .order_by("-number")
        .values_list("number", flat=True)[:KEPT]
    )
    LearnedSnapshot.objects.filter(site=site).exclude(number__in=numbers).delete()
    artefacts.keep_only(_root(site), map(str, numbers))


def _root(site: Site) -> str:
    return f"learned/{site.key}"
