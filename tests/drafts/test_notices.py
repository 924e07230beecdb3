"""Whoever reviews learns that drafts wait, once for many, without a word of any text."""

import json
from datetime import timedelta

import pytest
from django.core import mail

from personalization import clock
from personalization.drafts.models import Draft
from personalization.drafts.notices import TELL, ask_to_tell, ask_where_due
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import reject
from personalization.journeys.draft_news import tell_of_drafts
from personalization.journeys.sending import send_due
from personalization.outbox import Job
from personalization.targeting.webhooks import make_webhook
from tests.drafts.conftest import WARM, sha_of
from tests.journeys.conftest import listener  # noqa: F401 - a fixture


def told_to():
    return sorted(message.to[0] for message in mail.outbox)


def test_those_who_review_are_mailed_and_nobody_else(site, written, ruben, lena, mara, people):
    people("Paul", "analyst")
    written()
    written("Another text for the same place, which waits as well.")

    tell_of_drafts(site, clock.now())

    assert told_to() == ["lena@shop.example", "ruben@shop.example"]
    assert mail.outbox[0].subject == "2 drafts wait for review on Shop"
    assert WARM not in mail.outbox[0].body


def test_each_is_told_how_many_are_theirs_and_how_many_are_due(site, written, ruben):
    now = clock.now()
    draft = written()
    Draft.objects.filter(pk=draft.pk).update(
        assigned_to=ruben.account, due_at=now + timedelta(hours=3)
    )

    tell_of_drafts(site, now)

    assert "1 of them is yours." in mail.outbox[0].body
    assert "1 is due within a day" in mail.outbox[0].body


def test_nothing_waits_and_nobody_is_told(site, written, ruben):
    draft = written()
    reject(draft, by=ruben, sha256=sha_of(draft), reason="other")

    assert tell_of_drafts(site, clock.now())["mails"] == 0
    assert not mail.outbox


def test_a_site_may_do_without_mail(site, written, ruben):
    save_policy(site, {"mails_reviewers": False}, by="Ada")
    written()

    tell_of_drafts(site, clock.now())

    assert not mail.outbox


def test_many_drafts_are_told_of_once(site):
    for _each in range(3):
        ask_to_tell(site.pk)

    job = Job.objects.get(task=TELL)
    assert job.due_at > clock.now() + timedelta(minutes=4)


def test_what_is_due_within_a_day_is_told_of_again(site, written):
    now = clock.now()
    draft = written()
    assert ask_where_due(now) == 0
    Draft.objects.filter(pk=draft.pk).update(due_at=now + timedelta(hours=20))

    assert ask_where_due(now) == 1
    assert Job.objects.filter(task=TELL).count() == 1


@pytest.mark.usefixtures("ruben")
def test_a_webhook_is_told_in_counts_and_signed(site, written, listener):  # noqa: F811
    row, _secret = make_webhook(site, {"key": "desk", "url": listener.url}, by="Ada")
    save_policy(site, {"webhook": "desk", "mails_reviewers": False}, by="Ada")
    written()

    tell_of_drafts(site, clock.now())
    assert send_due(row.pk) == {"sent": 1, "failed": 0}

    ((_headers, body),) = listener.received
    said = json.loads(body)
    assert (said["type"], said["site"], said["waiting"]) == ("drafts.waiting", "shop", 1)
    assert "webhook-signature" in {name.lower() for name in _headers}
