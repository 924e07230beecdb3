"""Sending what is due to a webhook.

In:  a webhook. Out: how many messages it took.

The visitor is looked up when the message is sent: whose consent is gone by then is not told of, and
whose experiments hold them out is not either, since they are to see nothing of all this.
"""

from collections.abc import Callable
from typing import Any, Final

import orjson
from cryptography.exceptions import InvalidTag
from django.utils.translation import gettext as _

from personalization import clock
from personalization.clock import from_us
from personalization.exceptions import Malformed
from personalization.govern.purposes import ANALYTICS, PERSONALIZATION
from personalization.journeys.deliveries import TRIES, claim
from personalization.journeys.models import Delivery
from personalization.journeys.posting import Outcome, post
from personalization.journeys.signing import signed_headers
from personalization.profiles.models import Profile
from personalization.profiles.units import open_unit
from personalization.profiles.visitors import raw_id
from personalization.publish import live
from personalization.targeting.addresses import check_url
from personalization.targeting.models import Webhook
from personalization.targeting.webhooks import secret_of
from rules.experiments import is_held_out

AT_ONCE: Final = 500
PATIENCE: Final = 3
ENTERED, TEST = "journey.entered", "test"
Say = Callable[[str], None]
Body = dict[str, Any]  # JSON


def send_due(webhook_id: int, *, say: Say = lambda _said: None) -> dict[str, int]:
    """One after the other; an address that fails again and again is left alone for a while."""
    webhook = Webhook.objects.select_related("site").filter(pk=webhook_id, is_enabled=True).first()
    sent = failed = 0
    while webhook is not None and sent < AT_ONCE and failed < PATIENCE:
        delivery = _next(webhook)
        if delivery is None:
            break
        is_taken = _send(webhook, delivery)
        sent, failed = sent + is_taken, failed + (not is_taken)
        say(f"{sent} sent, {failed} failed")
    return {"sent": sent, "failed": failed}


def _next(webhook: Webhook) -> Delivery | None:
    due = Delivery.objects.filter(webhook=webhook, state=Delivery.WAITING, due_at__lte=clock.now())
    return due.select_related("step__profile").order_by("due_at", "pk").first()


def _send(webhook: Webhook, delivery: Delivery) -> bool:
    """False: it failed, for now or for good."""
    body = _body(webhook, delivery)
    if body is None:
        delivery.delete()
        return True
    if not claim(delivery, clock.now()):
        return True
    outcome = _posted(webhook, delivery, orjson.dumps(body))
    _note(delivery, outcome)
    return outcome.is_taken


def _body(webhook: Webhook, delivery: Delivery) -> Body | None:
    """None: this visitor is not to be told of."""
    step = delivery.step
    if delivery.news is not None:
        return dict(delivery.news)
    if step is None:
        return {"type": TEST, "at": from_us(delivery.at).isoformat()}
    visitor = _visitor(webhook, step.profile)
    if visitor is None:
        return None
    return {
        "type": ENTERED,
        "journey": step.journey,
        "stage": step.stage,
        "at": from_us(step.at).isoformat(),
        "visitor": visitor,
    }


def _visitor(webhook: Webhook, profile: Profile) -> str | None:
    """The site's own id, where consent allows it now."""
    if not profile.purposes & PERSONALIZATION:
        return None
    visitor = raw_id(profile)
    return None if visitor is None or _is_held_out(webhook, profile, visitor) else visitor


def _is_held_out(webhook: Webhook, profile: Profile, visitor: str) -> bool:
    release = live.current(webhook.site_id).release
    holdout = release.settings.holdout if release else None
    if holdout is None or not profile.purposes & ANALYTICS:
        return False
    sealed = bytes(profile.sealed_unit)
    unit = open_unit(profile.site_id, visitor, sealed) if sealed else None
    return is_held_out(holdout, unit or visitor)


def _posted(webhook: Webhook, delivery: Delivery, body: bytes) -> Outcome:
    timestamp = int(clock.now().timestamp())
    try:
        target = check_url(webhook.url)
        headers = signed_headers(delivery.message, timestamp, body, secret_of(webhook))
    except Malformed as refused:
        return Outcome(False, refused.detail)
    except InvalidTag:
        return Outcome(False, _("Its secret was sealed under another SECRET_KEY; make a new one."))
    return post(target, headers, body)


def _note(delivery: Delivery, outcome: Outcome) -> None:
    """Withdrawal may have taken the row meanwhile; then there is nothing to note."""
    waiting = Delivery.objects.filter(pk=delivery.pk, state=Delivery.WAITING)
    if outcome.is_taken:
        waiting.update(state=Delivery.SENT, sent_at=clock.now(), answer=outcome.said)
    elif outcome.is_final or delivery.attempts >= TRIES:
        waiting.update(state=Delivery.FAILED, answer=_shortened(outcome.said))
    else:
        waiting.update(answer=_shortened(outcome.said))


def _shortened(text: str) -> str:
    return text if len(text) <= 200 else f"{text[:199]}…"
