"""Reviewers are told that drafts wait: by mail, and by the webhook that the site chose for it."""

import secrets
from datetime import datetime
from typing import Final

from django.db import transaction

from personalization.clock import to_us
from personalization.drafts.notices import News, mail_reviewers, news_of
from personalization.drafts.policies import policy_of
from personalization.govern.models import Site
from personalization.journeys.deliveries import ask_to_send
from personalization.journeys.models import Delivery
from personalization.targeting.models import Webhook

NOBODY: Final = {"waiting": 0, "mails": 0, "webhooks": 0}


def tell_of_drafts(site: Site, now: datetime) -> dict[str, int]:
    """What waits now, not what waited when the telling was asked for; nothing is not told."""
    news = news_of(site, now)
    if not news.waiting:
        return dict(NOBODY)
    mails = mail_reviewers(site, news)
    return {"waiting": news.waiting, "mails": mails, "webhooks": _hand_over(site, news, now)}


@transaction.atomic
def _hand_over(site: Site, news: News, now: datetime) -> int:
    """Signed, tried again and shown in the studio like every message to a webhook."""
    key = policy_of(site).webhook
    webhook = Webhook.objects.filter(site=site, key=key, is_enabled=True).first() if key else None
    if webhook is None:
        return 0
    Delivery.objects.create(
        site=site,
        webhook=webhook,
        news=news.to_document(site, now),
        message=f"msg_{secrets.token_hex(12)}",
        at=to_us(now),
        due_at=now,
    )
    ask_to_send([webhook.pk])
    return 1
