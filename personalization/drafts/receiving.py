"""An order's life: begun, told of, and ended exactly once: written, failed or cancelled.

In:  what a worker brings back. Out: drafts that wait for a person, or one visible failure.

An order ends by a conditional update in the transaction of whatever it leaves behind, so a worker
that everybody thought dead finds it ended and leaves nothing.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db import transaction
from django.utils import translation

from personalization.catalog.models import Media
from personalization.clock import now
from personalization.drafts.failures import FAILURES
from personalization.drafts.models import Draft, Order
from personalization.drafts.notices import ask_to_tell
from personalization.drafts.revisions import first_revision
from personalization.drafts.values import Finding
from personalization.drafts.writers import Writer
from personalization.govern import audit

LONGEST_PROGRESS, LONGEST_SENTENCE = 200, 500
LIVING: Final = (Order.WAITING, Order.RUNNING)
log: Final = logging.getLogger("personalization.drafts")


@dataclass(frozen=True, slots=True)
class Variant:
    """One text as the model wrote it, with what stood beside it; `findings` of the reading."""

    fields: dict[str, Any]  # JSON
    findings: tuple[Finding, ...] = ()
    picture: Media | None = None


def begin(order_id: int) -> Order | None:
    """The order, ours to write; None once it has ended. The job's lease keeps others away.

    An order that is being written already was left by a worker that died.
    """
    rows = Order.objects.filter(pk=order_id, state__in=LIVING)
    if not rows.update(state=Order.RUNNING, progress=""):
        return None
    return Order.objects.select_related("brief__site", "redoes").get(pk=order_id)


def name_writer(order: Order, writer: Writer, *, version: str, seed: int) -> None:
    """Note who writes it from which words, before they are sent."""
    order.provider, order.model, order.prompt = writer.name, writer.model, version
    order.temperature, order.seed = writer.temperature, seed
    order.save(update_fields=["provider", "model", "prompt", "temperature", "seed"])


def tell(order: Order, progress: str) -> bool:
    """Show how far it is. False: it was cancelled meanwhile, so stop."""
    rows = Order.objects.filter(pk=order.pk, state=Order.RUNNING)
    return bool(rows.update(progress=progress[:LONGEST_PROGRESS]))


def put_off(order: Order, progress: str) -> None:
    """It waits for another try."""
    rows = Order.objects.filter(pk=order.pk, state=Order.RUNNING)
    rows.update(state=Order.WAITING, progress=progress[:LONGEST_PROGRESS])


def locked(order: Order) -> bool:
    """Is it still being written? Until we commit, nobody ends it but us."""
    rows = Order.objects.select_for_update().filter(pk=order.pk, state=Order.RUNNING)
    return rows.first() is not None


@transaction.atomic
def receive(order: Order, variants: Sequence[Variant]) -> list[Draft]:
    """Store the drafts with their first revisions and findings; of an ended order nothing."""
    if not _end(order, Order.WRITTEN):
        return []
    ask_to_tell(order.brief.site_id)
    return [_draft(order, number, each) for number, each in enumerate(variants, start=1)]


@transaction.atomic
def fail(order: Order, code: str, sentence: str = "") -> bool:
    """End it with a reason that a person sees. False: it had ended before."""
    with translation.override(order.brief.site.locale):
        said = (sentence or str(FAILURES[code]))[:LONGEST_SENTENCE]
    if not _end(order, Order.FAILED, failure=code, sentence=said):
        return False
    log.warning("order.failed order=%s code=%s", order.pk, code)
    audit.record(
        site=order.brief.site,
        actor=order.model or "model",
        action="order.failed",
        target=str(order),
        changes={"failure": [None, code]},
    )
    return True


def abandon(order_id: int, code: str) -> None:
    """Nobody will write it any more: whatever state it is in, it ends."""
    order = begin(order_id)
    if order is not None:
        fail(order, code)


def _end(order: Order, state: str, **columns: str) -> bool:
    rows = Order.objects.filter(pk=order.pk, state=Order.RUNNING)
    ended = rows.update(state=state, progress="", finished_at=now(), **columns)
    return bool(ended)


def _draft(order: Order, number: int, variant: Variant) -> Draft:
    brief = order.brief
    draft = Draft.objects.create(
        site=brief.site,
        order=order,
        brief=brief,
        variant=number,
        block=brief.block,
        slot=brief.slot,
        segment=brief.segment,
        item=order.item,
        locale=order.locale,
        picture=variant.picture,
        assigned_to=brief.assigned_to,
        due_at=brief.due_at,
    )
    first_revision(draft, variant.fields, also=variant.findings)
    return draft
