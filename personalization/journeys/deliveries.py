"""What webhooks are to be told: a row in the transaction of the step, sent by a worker.

A message keeps its id through all tries, so that a receiver who got it twice can tell. A try is
noted before it is made: a worker that is killed in between costs one more message, not more. After
the last try the delivery has failed, for people to see and to send again.
"""

import hashlib
import secrets
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from personalization import clock
from personalization.clock import to_us
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.journeys.models import Delivery
from personalization.outbox import after_commit
from personalization.profiles.models import Step
from personalization.targeting.models import Webhook
from rules.types import Release

SEND: Final = "webhooks.send"
TRIES: Final = 8
FIRST_PAUSE: Final = timedelta(seconds=30)
FACTOR: Final = 4
LONGEST_PAUSE: Final = timedelta(hours=12)


def hand_over(site: Site, release: Release, steps: Sequence[Step], *, now: datetime) -> None:
    """A delivery for each step into a stage that tells a webhook which is there and on."""
    told = [(step, key) for step in steps if (key := _webhook_of(release, step))]
    if not told:
        return
    keys = {key for _step, key in told}
    webhooks = {
        row.key: row for row in Webhook.objects.filter(site=site, key__in=keys, is_enabled=True)
    }
    rows = [_delivery(webhooks[key], step, now) for step, key in told if key in webhooks]
    Delivery.objects.bulk_create(rows)
    ask_to_send({row.webhook_id for row in rows})


def send_test(webhook: Webhook, *, by: str) -> Delivery:
    """A message that names nobody, to see that it arrives."""
    with transaction.atomic():
        delivery = _delivery(webhook, None, clock.now())
        delivery.save()
        ask_to_send([webhook.pk])
        audit.record(site=webhook.site, actor=by, action="webhook.tested", target=webhook.key)
    return delivery


@transaction.atomic
def send_again(delivery: Delivery, *, by: str) -> None:
    """Try what was given up once more, from the first try on."""
    again = Delivery.objects.filter(pk=delivery.pk, state=Delivery.FAILED)
    if not again.update(state=Delivery.WAITING, attempts=0, due_at=clock.now(), answer=""):
        raise Conflict(_("Only what was given up can be sent again; look at it once more."))
    ask_to_send([delivery.webhook_id])
    audit.record(
        site=delivery.site, actor=by, action="webhook.sent_again", target=delivery.webhook.key
    )


def ask_to_send(webhooks: Iterable[int]) -> None:
    for webhook_id in webhooks:
        after_commit(SEND, unique=f"{SEND}:{webhook_id}", webhook_id=webhook_id)


def ask_for_the_due(now: datetime) -> int:
    """Every minute: ask for each webhook to which something is due; how many."""
    due = Delivery.objects.filter(
        state=Delivery.WAITING, due_at__lte=now, webhook__is_enabled=True
    ).order_by()
    webhooks = list(due.values_list("webhook_id", flat=True).distinct())
    ask_to_send(webhooks)
    return len(webhooks)


def claim(delivery: Delivery, now: datetime) -> bool:
    """Note a try before it is made; False where somebody else was quicker."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING, due_at__lte=now)
    later = now + pause_after(delivery.message, delivery.attempts + 1)
    delivery.attempts += 1
    return bool(waiting.update(attempts=F("attempts") + 1, due_at=later))


def pause_after(message: str, attempts: int) -> timedelta:
    """30 seconds, 2 minutes, 8, 32, …, at most 12 hours; up to a fifth more, by a hash, so that
    what failed together is not tried again together."""
    digest = hashlib.sha256(f"{message}:{attempts}".encode()).digest()
    spread = 1 + int.from_bytes(digest[:4], "big") / 2**32 / 5
    grown: int = FACTOR ** min(attempts - 1, TRIES)
    return min(FIRST_PAUSE * grown, LONGEST_PAUSE) * spread


def _webhook_of(release: Release, step: Step) -> str | None:
    journey = release.journeys.get(step.journey)
    stage = journey.stage(step.stage) if journey else None
    return stage.webhook if stage else None


def _delivery(webhook: Webhook, step: Step | None, now: datetime) -> Delivery:
    return Delivery(
        site_id=webhook.site_id,
        webhook=webhook,
        step=step,
        message=f"msg_{secrets.token_hex(12)}",
        at=to_us(now),
        due_at=now,
    )
