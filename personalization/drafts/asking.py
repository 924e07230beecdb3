"""Asking a model for what a brief says: orders and their jobs, in one transaction.

An order is an item in a language. Whoever asks anew, in a second tab or after a lost answer, gets
the orders that are there.
"""

from itertools import product
from typing import Final

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from personalization import clock
from personalization.drafts.models import Brief, Draft, Order
from personalization.drafts.people import Person, demand
from personalization.drafts.pricing import estimate
from personalization.drafts.spending import budget_of
from personalization.drafts.writers import writer_state
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.outbox import after_commit
from personalization.targeting.reading import malformed

WRITE: Final = "drafts.write"
LONGEST_REMARK: Final = 2000
ENDS: Final = (Order.WRITTEN, Order.FAILED, Order.CANCELLED)


@transaction.atomic
def ask(brief: Brief, *, by: Person) -> list[Order]:
    """One order for each item and language. Refused over budget, and where nobody writes."""
    demand(by, "edit")
    if not Brief.objects.filter(pk=brief.pk, state=Brief.OPEN).update(state=Brief.ASKED):
        brief.refresh_from_db()
        if brief.state == Brief.CANCELLED:
            raise Conflict(_("This brief was cancelled. Make a copy of it."))
        return list(brief.orders.all())
    brief.refresh_from_db()
    cost = _affordable(brief)
    pieces = product(brief.items or [""], brief.locales)
    orders = Order.objects.bulk_create(
        Order(brief=brief, item=item, locale=locale, author=by.account, by=by.name)
        for item, locale in pieces
    )
    for order in orders:
        _hand_over(order)
    _note(brief, "asked", by, {"orders": len(orders), "estimate": cost})
    return orders


@transaction.atomic
def ask_again(draft: Draft, *, remark: str, by: Person) -> Order:
    """Have it written anew, with a word on what should be otherwise; the draft itself stays."""
    demand(by, "edit", "review")
    said = remark.strip()
    if not said or len(said) > LONGEST_REMARK:
        detail = _("Say what should be otherwise, in up to %d characters.") % LONGEST_REMARK
        raise malformed("remark", "required", detail)
    brief = Brief.objects.select_for_update(of=("self",)).get(pk=draft.brief_id)
    piece = Order.objects.filter(brief=brief, item=draft.item, locale=draft.locale)
    if piece.exclude(state__in=ENDS).exists():
        raise Conflict(_("It is being written anew already. Wait for that."))
    _affordable(brief, orders=1)
    order = Order.objects.create(
        brief=brief,
        item=draft.item,
        locale=draft.locale,
        round=(piece.aggregate(last=Max("round"))["last"] or 0) + 1,
        remark=said,
        redoes=draft,
        author=by.account,
        by=by.name,
    )
    _hand_over(order)
    _note(brief, "asked", by, {"draft": draft.pk, "remark": said})
    return order


@transaction.atomic
def try_again(order: Order, *, by: Person) -> Order:
    """What failed, once more as a further order: each ends once. Its failure stays in the list."""
    demand(by, "edit")
    brief = Brief.objects.select_for_update(of=("self",)).get(pk=order.brief_id)
    piece = Order.objects.filter(brief=brief, item=order.item, locale=order.locale)
    if order.state != Order.FAILED or piece.filter(round__gt=order.round).exists():
        raise Conflict(_("There is nothing to try again here: it did not fail, or somebody did."))
    _affordable(brief, orders=1)
    again = Order.objects.create(
        brief=brief,
        item=order.item,
        locale=order.locale,
        round=order.round + 1,
        remark=order.remark,
        redoes=order.redoes,
        author=by.account,
        by=by.name,
    )
    _hand_over(again)
    _note(brief, "asked", by, {"order": order.pk, "failure": order.failure})
    return again


@transaction.atomic
def cancel(brief: Brief, *, by: Person) -> int:
    """Stop what is not written yet; how many orders. What is written stays, to be decided on."""
    demand(by, "edit")
    Brief.objects.filter(pk=brief.pk).update(state=Brief.CANCELLED)
    open_ones = Order.objects.filter(brief=brief).exclude(state__in=ENDS)
    stopped = open_ones.update(state=Order.CANCELLED, finished_at=clock.now())
    brief.refresh_from_db()
    _note(brief, "cancelled", by, {"orders": stopped})
    return stopped


def _affordable(brief: Brief, *, orders: int | None = None) -> int:
    """What it will cost, in millionths; refused where that is more than is left this month.

    `orders`: only so many of the brief's.
    """
    state = writer_state(brief.site)
    if not state.is_ready:
        raise Conflict(state.remedy)
    guess, budget = estimate(brief), budget_of(brief.site)
    whole = max(1, len(brief.items or [""]) * len(brief.locales))
    cost = guess.cost if orders is None else guess.cost * orders // whole
    if cost > budget.left:
        detail = _(
            "This would cost about %(cost).2f, and %(left).2f are left of this month's budget. "
            "Ask for less, or have the budget raised."
        )
        raise Conflict(detail % {"cost": cost / 1e6, "left": budget.left / 1e6})
    return cost


def _hand_over(order: Order) -> None:
    after_commit(WRITE, unique=f"{WRITE}:{order.pk}", order_id=order.pk)


def _note(brief: Brief, deed: str, by: Person, changes: dict[str, object]) -> None:
    audit.record(
        site=brief.site,
        actor=by.name,
        action=f"brief.{deed}",
        target=str(brief.pk),
        changes=changes,
    )
