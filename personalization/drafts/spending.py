"""A site's money for copy: reserved before a call leaves, settled by its answer, never overspent.

A call's row is its reservation. What never came back keeps it, since it may have been charged for.
The policy's row is locked while we count, so that workers side by side cannot spend the same money.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import QuerySet, Sum
from django.utils.translation import gettext as _

from personalization.clock import now
from personalization.drafts.brand_models import WritingPolicy
from personalization.drafts.failures import Unwritten
from personalization.drafts.models import Brief, Call, Draft, Order
from personalization.drafts.writers import Writer
from personalization.exceptions import TooMany
from personalization.govern.models import Site

TRIES: Final = 3  # of a text; a picture has three of its own
MINUTE: Final = timedelta(minutes=1)


class Ended(Exception):
    """The order was cancelled, or somebody else ended it: nothing may be spent on it."""


class TriesUsed(Exception):
    """Three calls left for this order already."""


@dataclass(frozen=True, slots=True)
class Budget:
    """Of the running month, in millionths; `spent` holds reservations too."""

    limit: int
    spent: int
    reserved: int

    @property
    def left(self) -> int:
        return max(0, self.limit - self.spent)


@dataclass(frozen=True, slots=True)
class Cost:
    calls: int
    tokens_in: int
    tokens_out: int
    cost: int


@transaction.atomic
def reserve(order: Order, writer: Writer, *, cost: int, kind: str = Brief.TEXT) -> Call:
    """The call that may leave now. Over budget it does not: `Unwritten`. Too soon: `TooMany`."""
    site = order.brief.site
    policy = _locked_policy(site)
    if not Order.objects.filter(pk=order.pk, state=Order.RUNNING).exists():
        raise Ended
    calls = Call.objects.filter(order=order)
    if calls.filter(kind=kind).count() >= TRIES:
        raise TriesUsed
    _wait_for_turn(writer)
    if spent(site) + cost > policy.monthly_budget:
        raise Unwritten("budget")
    number = calls.count() + 1
    return Call.objects.create(order=order, site=site, kind=kind, number=number, cost=cost)


def settle(
    call: Call, *, tokens_in: int = 0, tokens_out: int = 0, cost: int = 0, failure: str = ""
) -> None:
    """It came back: what it cost is known."""
    Call.objects.filter(pk=call.pk).update(
        is_settled=True, tokens_in=tokens_in, tokens_out=tokens_out, cost=cost, failure=failure
    )


def lose(call: Call, failure: str) -> None:
    """It did not come back whole: its reservation stays."""
    Call.objects.filter(pk=call.pk).update(failure=failure)


def budget_of(site: Site) -> Budget:
    policy = WritingPolicy.objects.filter(site=site).first() or WritingPolicy(site=site)
    waiting = _this_month(site).filter(is_settled=False)
    return Budget(policy.monthly_budget, spent(site), _cost(waiting))


def spent(site: Site) -> int:
    return _cost(_this_month(site))


def cost_of_brief(brief: Brief) -> Cost:
    return _sum(Call.objects.filter(order__brief=brief))


def cost_of_draft(draft: Draft) -> Cost:
    """Its share of the order's calls, which wrote all variants together."""
    whole = _sum(Call.objects.filter(order_id=draft.order_id))
    parts = max(1, Draft.objects.filter(order_id=draft.order_id).count())
    return Cost(
        whole.calls, whole.tokens_in // parts, whole.tokens_out // parts, whole.cost // parts
    )


def _locked_policy(site: Site) -> WritingPolicy:
    WritingPolicy.objects.get_or_create(site=site)
    return WritingPolicy.objects.select_for_update().get(site=site)


def _wait_for_turn(writer: Writer) -> None:
    """At most so many calls a minute to one writer, whichever site and worker they come from."""
    since = now() - MINUTE
    lately = Call.objects.filter(order__provider=writer.name, at__gt=since).order_by("at")
    times = list(lately.values_list("at", flat=True)[: writer.per_minute])
    if len(times) >= writer.per_minute:
        wait = max(1, round((times[0] - since).total_seconds()))
        raise TooMany(_("The model takes no more calls this minute."), retry_after=wait)


def _this_month(site: Site) -> "QuerySet[Call]":
    return Call.objects.filter(site=site, at__gte=month_start(now(), site.zone))


def month_start(moment: datetime, zone: str) -> datetime:
    """By the site's own calendar."""
    local = moment.astimezone(ZoneInfo(zone))
    return local.replace(day=1, hour=0, minute=0, second=0, microsecond=0)


def _cost(calls: "QuerySet[Call]") -> int:
    return int(calls.aggregate(sum=Sum("cost"))["sum"] or 0)


def _sum(calls: "QuerySet[Call]") -> Cost:
    found = calls.aggregate(i=Sum("tokens_in"), o=Sum("tokens_out"), c=Sum("cost"))
    return Cost(calls.count(), found["i"] or 0, found["o"] or 0, found["c"] or 0)
