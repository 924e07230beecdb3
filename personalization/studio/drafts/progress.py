"""How far a brief is: its orders, what they cost, what failed and why; asked again and again.

In:  briefs. Out: `Progress`es, in a fixed number of queries however many there are.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, Sum
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.catalog.models import Item
from personalization.drafts.models import Brief, Call, Draft, Order
from personalization.studio.drafts.money import money

LIVING = (Order.WAITING, Order.RUNNING)


@dataclass(frozen=True, slots=True)
class Progress:
    """`cost` in millionths; `waiting`: drafts that nobody has decided on."""

    orders: int
    written: int
    failed: int
    living: int
    waiting: int
    approved: int
    cost: int

    @property
    def share(self) -> int:
        return round(100 * (self.orders - self.living) / self.orders) if self.orders else 0

    @property
    def is_running(self) -> bool:
        return self.living > 0

    def in_words(self) -> str:
        if not self.orders:
            return _("not asked yet")
        said = [_("%(done)d of %(all)d written") % {"done": self.written, "all": self.orders}]
        if self.failed:
            said.append(ngettext("%d failed", "%d failed", self.failed) % self.failed)
        if self.waiting:
            said.append(ngettext("%d draft waits", "%d drafts wait", self.waiting) % self.waiting)
        return ", ".join(said)

    @property
    def cost_in_words(self) -> str:
        return money(self.cost) if self.orders else "-"


def progress_of(briefs: Iterable[Brief]) -> dict[int, Progress]:
    ids = [brief.pk for brief in briefs]
    orders = {row["brief"]: row for row in _orders(ids)}
    drafts = {row["brief"]: row for row in _drafts(ids)}
    costs = dict(
        Call.objects.filter(order__brief__in=ids)
        .values_list("order__brief")
        .annotate(Sum("cost"))
        .order_by()
    )
    found = {}
    for pk in ids:
        order, draft = orders.get(pk, {}), drafts.get(pk, {})
        found[pk] = Progress(
            orders=order.get("all", 0),
            written=order.get("written", 0),
            failed=order.get("failed", 0),
            living=order.get("living", 0),
            waiting=draft.get("waiting", 0),
            approved=draft.get("approved", 0),
            cost=costs.get(pk) or 0,
        )
    return found


def _orders(ids: list[int]) -> Any:  # a QuerySet of dictionaries
    """A failure that was tried again is past."""
    rows = Order.objects.filter(brief__in=ids).values("brief").order_by()
    return rows.annotate(
        all=Count("id", filter=~_is_retried()),
        written=Count("id", filter=Q(state=Order.WRITTEN)),
        failed=Count("id", filter=Q(state=Order.FAILED) & ~_is_retried()),
        living=Count("id", filter=Q(state__in=LIVING)),
    )


def _is_retried() -> Q:
    later = Order.objects.filter(
        brief=OuterRef("brief"),
        item=OuterRef("item"),
        locale=OuterRef("locale"),
        round__gt=OuterRef("round"),
    )
    return Q(state=Order.FAILED) & Q(Exists(later))


def _drafts(ids: list[int]) -> Any:  # a QuerySet of dictionaries
    rows = Draft.objects.filter(brief__in=ids).values("brief").order_by()
    return rows.annotate(
        waiting=Count("id", filter=Q(state=Draft.WAITING)),
        approved=Count("id", filter=Q(state=Draft.APPROVED)),
    )


@dataclass(frozen=True, slots=True)
class OrderShown:
    order: Order
    title: str
    drafts: tuple[Draft, ...]
    may_try: bool


def orders_shown(brief: Brief) -> list[OrderShown]:
    """Failures first, then what is under way; a failure that was tried again stays, quietly."""
    rows = list(brief.orders.prefetch_related("drafts").all())
    titles = dict(
        Item.objects.filter(site=brief.site_id, key__in={row.item for row in rows}).values_list(
            "key", "title"
        )
    )
    last: dict[tuple[str, str], int] = {}
    for row in rows:
        piece = row.item, row.locale
        last[piece] = max(last.get(piece, 0), row.round)
    turn = {Order.FAILED: 0, Order.RUNNING: 1, Order.WAITING: 2}
    rows.sort(key=lambda row: (turn.get(row.state, 3), row.pk))
    return [
        OrderShown(
            row,
            titles.get(row.item, row.item) or brief.name,
            tuple(row.drafts.all()),
            row.state == Order.FAILED and last[row.item, row.locale] == row.round,
        )
        for row in rows
    ]
