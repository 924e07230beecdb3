"""The pages of webhooks and of their messages, as an administrator and a marketer use them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from personalization import clock
from personalization.clock import to_us
from personalization.journeys.models import Delivery
from personalization.outbox import Job
from personalization.profiles.models import Profile, Step
from personalization.targeting import documents
from personalization.targeting.models import Webhook
from personalization.targeting.webhooks import make_webhook, secret_of
from tests.studio.sent_forms import sent_by
from tests.studio.test_journeys import WAITING

ADD = "admin:personalization_webhook_add"
SECRET = re.compile(r"whsec_[A-Za-z0-9+/=]{40,}")
URL = "https://crm.example/hook"


@pytest.fixture
def admin(colleague):
    return colleague("admin")


@pytest.fixture
def webhook(site):
    row, _secret = make_webhook(site, {"key": "crm", "name": "CRM", "url": URL}, by="test")
    return row


def at(page, row):
    return reverse(f"admin:personalization_{page}", args=(row.pk,))


def made(client, **typed):
    sent = sent_by(client.get(reverse(ADD)).content.decode(), "webhook_form")
    return client.post(reverse(ADD), {**sent, **typed}, follow=True)


def given_up(webhook, **more):
    now = clock.now()
    nothing = {"site": webhook.site, "webhook": webhook, "message": "msg_1", "at": to_us(now)}
    failed = {"state": Delivery.FAILED, "attempts": 8, "answer": "Answered 500.", "due_at": now}
    return Delivery.objects.create(**{**nothing, **failed, **more})


# ---------------------------------------------------------------- the secret


def test_the_secret_is_shown_once(admin):
    page = made(admin, name="CRM", url=URL)

    (shown,) = set(SECRET.findall(page.content.decode()))
    row = Webhook.objects.get()
    assert row.key == "crm"
    for again in (at("webhook_change", row), reverse("admin:personalization_webhook_changelist")):
        assert shown not in admin.get(again).content.decode()


def test_a_new_secret_takes_the_place_of_the_old_one_and_is_shown_once(admin, webhook):
    before = secret_of(webhook)

    page = admin.post(at("webhook_renew", webhook), follow=True)

    assert len(set(SECRET.findall(page.content.decode()))) == 1
    assert secret_of(Webhook.objects.get()) != before
    assert not SECRET.findall(admin.get(at("webhook_change", webhook)).content.decode())


# ---------------------------------------------------------------- the address


@pytest.mark.parametrize("url", [
    "http://crm.example/hook",
    "https://127.0.0.1/hook",
    "https://10.0.0.8/hook",
    "https://metadata.internal/",
    "https://somebody:word@crm.example/hook",
])  # fmt: skip
def test_an_address_that_leads_inside_or_is_open_to_readers_is_refused_at_its_field(admin, url):
    page = made(admin, name="CRM", url=url)

    assert page.context["adminform"].form.errors["url"]
    assert not Webhook.objects.exists()


def test_a_key_that_is_taken_is_refused(admin, webhook):
    page = made(admin, name="CRM", key=webhook.key, url=URL)

    assert page.context["adminform"].form.errors["key"]
    assert Webhook.objects.count() == 1


def test_its_address_can_change_and_its_key_stays(admin, webhook):
    page = admin.get(at("webhook_change", webhook)).content.decode()
    sent = {**sent_by(page, "webhook_form"), "url": "https://crm.example/new", "key": "other"}

    assert admin.post(at("webhook_change", webhook), sent).status_code == 302

    webhook.refresh_from_db()
    assert (webhook.key, webhook.url) == ("crm", "https://crm.example/new")


# ---------------------------------------------------------------- messages


def test_a_test_is_handed_to_the_worker_and_stands_in_the_list(admin, webhook):
    page = admin.post(at("webhook_test", webhook), follow=True)

    delivery = Delivery.objects.get()
    assert (delivery.step, delivery.state) == (None, Delivery.WAITING)
    assert Job.objects.filter(task="webhooks.send").exists()
    assert at("delivery_change", delivery) in page.content.decode()


def test_what_was_given_up_is_sent_again_on_request(admin, webhook):
    delivery = given_up(webhook)
    page = admin.get(at("delivery_change", delivery)).content.decode()
    assert at("delivery_again", delivery) in page
    assert "Answered 500." in page

    admin.post(at("delivery_again", delivery))

    delivery.refresh_from_db()
    assert (delivery.state, delivery.attempts) == (Delivery.WAITING, 0)


def test_what_is_on_its_way_is_not_sent_twice(admin, webhook):
    delivery = given_up(webhook, state=Delivery.SENT)
    page = admin.get(at("delivery_change", delivery)).content.decode()
    assert at("delivery_again", delivery) not in page

    said = admin.post(at("delivery_again", delivery), follow=True).content.decode()

    assert "Only what was given up can be sent again" in said
    delivery.refresh_from_db()
    assert delivery.state == Delivery.SENT


def test_a_marketer_sees_whether_they_are_heard_and_changes_nothing(colleague, webhook):
    client, delivery = colleague("marketer"), given_up(webhook)

    page = client.get(at("webhook_change", webhook)).content.decode()
    message = client.get(at("delivery_change", delivery)).content.decode()

    assert "failed" in page
    for button in (at("webhook_test", webhook), at("webhook_renew", webhook)):
        assert button not in page
    assert at("delivery_again", delivery) not in message


def test_a_message_says_of_which_stage_it_is_and_not_of_whom(site, admin, webhook):
    profile = Profile.objects.create(site=site, key="f" * 64, first_seen=0, last_seen=0)
    step = Step.objects.create(
        site=site, profile=profile, journey="cart", before="", stage="waiting", at=1, by="event"
    )
    delivery = given_up(webhook, step=step)

    page = admin.get(at("delivery_change", delivery)).content.decode()

    assert "cart → waiting" in page
    assert profile.key[:12] not in page


def test_the_lists_take_few_queries_however_much_was_sent(
    site, admin, webhook, django_assert_max_num_queries
):
    profile = Profile.objects.create(site=site, key="f" * 64, first_seen=0, last_seen=0)
    for number in range(60):
        step = Step.objects.create(
            **{"site": site, "profile": profile, "journey": "cart", "before": ""},
            **{"stage": "waiting", "at": number, "by": "event"},
        )
        given_up(webhook, step=step, message=f"msg_{number}", due_at=clock.now() + timedelta(1))

    lists = [
        reverse(f"admin:personalization_{each}_changelist") for each in ("delivery", "webhook")
    ]
    for address in (*lists, at("webhook_change", webhook)):
        with django_assert_max_num_queries(30):
            assert admin.get(address).status_code == 200


# ---------------------------------------------------------------- deleting


def test_a_webhook_that_a_journey_tells_is_not_deleted_and_the_page_says_by_whom(
    site, admin, webhook
):
    stages = [{**WAITING, "to": None, "webhook": "crm"}]
    documents.save_journey(site, {"key": "cart", "stages": stages}, by="test")

    page = admin.post(at("webhook_delete", webhook), {"post": "yes"}, follow=True)

    assert Webhook.objects.exists()
    assert "is used by journey cart" in page.content.decode()


def test_a_webhook_that_nothing_tells_is_deleted_with_its_messages(admin, webhook):
    given_up(webhook)

    admin.post(at("webhook_delete", webhook), {"post": "yes"})

    assert not Webhook.objects.exists()
    assert not Delivery.objects.exists()
