"""Whether the model that pages use still fits the shop: its age, what it does not know, drift.

In:  a site's live model.
Out: `Health`, in figures and words. Drift is the Jensen-Shannon divergence (Lin, 1991), in bits,
     between what visitors asked for by category before training and since.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log2
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.catalog.models import Item
from personalization.clock import from_us, to_us
from personalization.figures import whole
from personalization.govern.models import Site
from personalization.learn.consented import learnable_events
from personalization.learn.models import ModelVersion

STALE: Final = timedelta(days=7)  # since the newest event that it learnt from
MUCH_UNKNOWN: Final = 0.1  # of the items on offer
SOME_DRIFT, MUCH_DRIFT = 0.05, 0.2  # bits; 0 is the same, 1 nothing in common
FEWEST, MOST = 200, 5000  # events since training that drift is told by, the newest ones


@dataclass(frozen=True, slots=True)
class Health:
    """`drift` None: too few events since. `sentences` are what is worth saying, `worries` alarm."""

    learnt_until: datetime | None
    unknown_items: int
    items: int
    drift: float | None
    sentences: tuple[str, ...]
    worries: tuple[str, ...]


def health(site: Site, model: ModelVersion, now: datetime) -> Health:
    until = _until(model)
    offered = Item.objects.filter(site=site, is_available=True)
    items = offered.count()
    unknown = offered.filter(created_at__gt=model.created_at).count()
    drift = None if until is None else _drift(site, model, until)
    sentences, worries = [], []
    if until is not None:
        days = max(0, (now - until).days)
        sentences.append(_age_in_words(days))
        if now - until > STALE:
            worries.append(
                _("It is older than a week. Train again on its page, or see why nobody did.")
            )
    if unknown:
        said = {"unknown": whole(unknown), "items": whole(items)}
        text = _("%(unknown)s of %(items)s items joined after it was trained.") % said
        if unknown > MUCH_UNKNOWN * items:
            worries.append(_("%s Train again on its page, so that it knows them.") % text)
        else:
            sentences.append(text)
    if drift is not None:
        (worries if drift > MUCH_DRIFT else sentences).append(_drift_in_words(drift))
    return Health(until, unknown, items, drift, tuple(sentences), tuple(worries))


def _age_in_words(days: int) -> str:
    if days == 0:
        return _("It learnt from events up to today.")
    said = ngettext(
        "It learnt from events up to %d day ago.", "It learnt from events up to %d days ago.", days
    )
    return said % days


def _until(model: ModelVersion) -> datetime | None:
    seconds = model.metrics.get("until")
    return None if seconds is None else from_us(int(seconds * 1_000_000))


def _drift(site: Site, model: ModelVersion, until: datetime) -> float | None:
    before = model.metrics.get("mix")
    if not before:
        return None
    since = learnable_events(site).filter(at__gt=to_us(until)).order_by("-at", "-id")
    counts = Counter(since.values_list("item", flat=True)[:MOST])
    if counts.total() < FEWEST:
        return None
    categories = dict(Item.objects.filter(site=site).values_list("key", "category"))
    now: Counter[str] = Counter()
    for item, count in counts.items():
        now[categories.get(str(item), "")] += count
    total = sum(now.values())
    return divergence(before, {name: count / total for name, count in now.items()})


def divergence(before: Mapping[str, float], now: Mapping[str, float]) -> float:
    """Of two distributions, in bits from 0 to 1."""
    total = 0.0
    for name in before.keys() | now.keys():
        p, q = before.get(name, 0.0), now.get(name, 0.0)
        middle = (p + q) / 2
        total += sum(each * log2(each / middle) / 2 for each in (p, q) if each > 0)
    return max(0.0, total)


def _drift_in_words(drift: float) -> str:
    if drift > MUCH_DRIFT:
        return _(
            "Visitors now ask for clearly other categories than when it was trained. Train again on"
            " its page."
        )
    if drift > SOME_DRIFT:
        return _("Visitors ask for somewhat other categories than when it was trained.")
    return _("Visitors ask for about the same categories as when it was trained.")
