"""A webhook is told of each who enters: signed, again until it is taken, and only with consent."""

import base64
import hashlib
import hmac
import socket
import threading
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from personalization import clock
from personalization.collect.consent import choose
from personalization.exceptions import Conflict, Malformed
from personalization.govern.erasure import erase
from personalization.govern.models import AuditEntry
from personalization.journeys import posting
from personalization.journeys.deliveries import (
    LONGEST_PAUSE,
    TRIES,
    ask_for_the_due,
    pause_after,
    send_again,
    send_test,
)
from personalization.journeys.models import Delivery
from personalization.journeys.sending import PATIENCE, send_due
from personalization.outbox import Job
from personalization.profiles.models import Step
from personalization.publish import releases
from personalization.targeting import addresses
from personalization.targeting.models import Webhook
from personalization.targeting.webhooks import (
    change_webhook,
    delete_webhook,
    make_webhook,
    renew_secret,
)
from rules.purposes import NONE_GRANTED, Purpose
from tests.dump import database_dump
from tests.journeys.conftest import CART, REMINDER, WAITING

pytestmark = pytest.mark.django_db


def enter(told, visitor, who="v1"):
    told.does(visitor(who), "add_to_cart")
    told.move()


def send(webhook):
    row, _secret = webhook
    return send_due(row.pk)


def make_due():
    Delivery.objects.filter(state=Delivery.WAITING).update(due_at=clock.now())


def verified(headers, body, secret):
    """As docs/journeys.md tells a receiver to do it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    signed = f"{headers['Webhook-Id']}.{headers['Webhook-Timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    given = [each.removeprefix("v1,") for each in headers["Webhook-Signature"].split()]
    return any(hmac.compare_digest(expected, each) for each in given)


# ---------------------------------------------------------------- what is told


def test_entering_tells_who_entered_what_and_when(told, webhook, listener, visitor):
    enter(told, visitor, "customer-7")
    assert Job.objects.filter(task="webhooks.send", state=Job.WAITING).count() == 1

    assert send(webhook) == {"sent": 1, "failed": 0}

    step = Step.objects.get()
    (said,) = listener.bodies
    assert said == {
        "type": "journey.entered",
        "journey": "cart",
        "stage": "waiting",
        "at": clock.from_us(step.at).isoformat(),
        "visitor": "customer-7",
    }
    assert Delivery.objects.get().state == Delivery.SENT
    assert send(webhook) == {"sent": 0, "failed": 0}


def test_the_signature_covers_id_time_and_body(told, webhook, listener, visitor):
    enter(told, visitor)
    send(webhook)

    headers, body = listener.received[0]
    assert verified(headers, body, webhook[1])
    assert abs(int(headers["Webhook-Timestamp"]) - clock.now().timestamp()) < 60
    assert not verified(headers, body + b" ", webhook[1])
    assert not verified({**headers, "Webhook-Id": "msg_other"}, body, webhook[1])
    assert not verified({**headers, "Webhook-Timestamp": "1"}, body, webhook[1])


def test_the_specifications_own_example_is_signed_alike():
    from personalization.journeys.signing import signed_headers

    secret = base64.b64decode("MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw")
    headers = signed_headers(
        "msg_p5jXN8AQM9LWM0D4loKWxJek", 1614265330, b'{"test": 2432232314}', secret
    )

    assert headers["Webhook-Signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="


def test_leaving_tells_nobody(told, webhook, listener, visitor):
    enter(told, visitor)
    told.does("v1", "purchase")
    told.move()

    assert Delivery.objects.count() == 1


def test_no_raw_id_stands_in_what_waits_to_be_sent(told, webhook, visitor):
    enter(told, visitor, "raw-id-of-a-customer")

    assert Delivery.objects.get().state == Delivery.WAITING
    assert "raw-id-of-a-customer" not in database_dump()


# ---------------------------------------------------------------- consent


@pytest.mark.parametrize("left", [NONE_GRANTED, frozenset({Purpose.ANALYTICS})])
def test_who_withdraws_between_entry_and_sending_is_not_told_of(
    told, webhook, listener, visitor, site, left
):
    enter(told, visitor)
    choose(site, "v1", purposes=left, policy="p", source="s")

    send(webhook)

    assert listener.received == []
    assert not Delivery.objects.exists()


def test_who_withdraws_while_the_address_fails_is_not_told_of_again(
    told, webhook, listener, visitor, site
):
    listener.answers = [500]
    enter(told, visitor)
    send(webhook)
    choose(site, "v1", purposes=NONE_GRANTED, policy="p", source="s")
    make_due()

    send(webhook)

    assert len(listener.received) == 1


def test_the_purpose_is_asked_when_it_is_sent(told, webhook, listener, visitor):
    """Even if a row had been left behind."""
    enter(told, visitor)
    told.profile("v1").__class__.objects.update(purposes=1)

    send(webhook)

    assert (listener.received, Delivery.objects.count()) == ([], 0)


def test_an_erased_visitor_is_not_told_of(told, webhook, listener, visitor, site):
    enter(told, visitor)
    erase(site, "v1", by="test")

    send(webhook)

    assert (listener.received, Delivery.objects.count()) == ([], 0)


def test_who_is_held_out_is_not_told_of(told, webhook, listener, visitor, site):
    site.holdout_share = 1.0
    site.save()
    releases.publish(site, by="test")
    enter(told, visitor)

    send(webhook)

    assert listener.received == []


# ---------------------------------------------------------------- again and again


def test_what_fails_is_tried_again_later_under_the_same_id(told, webhook, listener, visitor):
    listener.answers = [500, 302]
    enter(told, visitor)

    assert send(webhook) == {"sent": 0, "failed": 1}
    waiting = Delivery.objects.get()
    assert (waiting.state, waiting.attempts, waiting.answer) == ("waiting", 1, "Answered 500.")
    assert waiting.due_at > clock.now() + timedelta(seconds=25)
    assert send(webhook) == {"sent": 0, "failed": 0}

    make_due()
    send(webhook)
    assert "redirects" in Delivery.objects.get().answer
    make_due()
    assert send(webhook) == {"sent": 1, "failed": 0}

    ids = {headers["Webhook-Id"] for headers, _body in listener.received}
    assert (len(listener.received), len(ids)) == (3, 1)
    assert all(verified(*each, webhook[1]) for each in listener.received)


def test_after_the_last_try_it_has_failed_and_can_be_sent_again(told, webhook, listener, visitor):
    listener.answers = [503] * TRIES
    enter(told, visitor)
    for _ in range(TRIES):
        make_due()
        send(webhook)
    failed = Delivery.objects.get()
    assert (failed.state, failed.attempts, failed.answer) == ("failed", TRIES, "Answered 503.")

    send_again(failed, by="ada")
    send(webhook)

    assert Delivery.objects.get().state == Delivery.SENT
    assert AuditEntry.objects.filter(action="webhook.sent_again", actor="ada").exists()
    with pytest.raises(Conflict):
        send_again(failed, by="ada")


def test_an_address_that_says_it_is_gone_is_not_asked_again(told, webhook, listener, visitor):
    listener.answers = [410]
    enter(told, visitor)

    send(webhook)

    assert Delivery.objects.get().state == Delivery.FAILED


def test_an_address_that_fails_is_left_alone_for_a_while(told, webhook, listener, visitor):
    listener.answers = [500] * 20
    for number in range(10):
        enter(told, visitor, f"v{number}")

    assert send(webhook) == {"sent": 0, "failed": PATIENCE}
    assert ask_for_the_due(clock.now()) == 1


def test_a_worker_killed_after_sending_costs_one_message_more(
    told, webhook, listener, visitor, monkeypatch
):
    from personalization.journeys import sending

    enter(told, visitor)
    real = sending._note
    monkeypatch.setattr(sending, "_note", lambda *_said: (_ for _ in ()).throw(SystemExit))
    with pytest.raises(SystemExit):
        send(webhook)
    monkeypatch.setattr(sending, "_note", real)
    assert send(webhook) == {"sent": 0, "failed": 0}  # not before the pause is over

    make_due()
    send(webhook)

    ids = {headers["Webhook-Id"] for headers, _body in listener.received}
    assert (len(listener.received), len(ids)) == (2, 1)
    assert Delivery.objects.get().state == Delivery.SENT


@given(st.text(min_size=1), st.integers(1, 100))
def test_pauses_grow_spread_and_end(message, attempts):
    pause = pause_after(message, attempts)

    assert pause == pause_after(message, attempts)
    assert timedelta(seconds=30) <= pause <= LONGEST_PAUSE * 1.2
    assert attempts > 4 or pause < pause_after(message, attempts + 1)


# ---------------------------------------------------------------- what cannot be reached


def test_a_server_that_never_answers_holds_nobody_up(webhook, site, monkeypatch, listener):
    monkeypatch.setattr(posting, "SECONDS", 0.2)
    silent = socket.create_server(("127.0.0.1", 0))
    row = change_webhook(
        webhook[0], {"key": "crm", "url": f"http://127.0.0.1:{silent.getsockname()[1]}/"}, by="t"
    )
    delivery = send_test(row, by="test")

    send_due(row.pk)

    delivery.refresh_from_db()
    assert delivery.answer == "No answer within ten seconds."
    silent.close()


def test_a_server_that_answers_drop_by_drop_holds_nobody_up(webhook, monkeypatch, listener):
    monkeypatch.setattr(posting, "SECONDS", 0.3)
    dripping = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def drip():
        guest, _address = dripping.accept()
        while not done.wait(0.05):
            try:
                guest.sendall(b"H")
            except OSError:
                return

    threading.Thread(target=drip, daemon=True).start()
    url = f"http://127.0.0.1:{dripping.getsockname()[1]}/"
    row = change_webhook(webhook[0], {"key": "crm", "url": url}, by="test")
    delivery = send_test(row, by="test")

    send_due(row.pk)

    delivery.refresh_from_db()
    done.set()
    assert delivery.answer == "No answer within ten seconds."


def test_a_name_that_leads_inside_is_not_followed_when_it_is_sent(site, monkeypatch, webhook):
    row, _secret = make_webhook(site, {"key": "sly", "url": "https://sly.example/"}, by="test")
    inside = [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("10.0.0.8", 443))]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_asked, **_more: inside)
    delivery = send_test(row, by="test")

    send_due(row.pk)

    delivery.refresh_from_db()
    assert "private network" in delivery.answer


def test_one_address_inside_among_several_is_enough_to_refuse(monkeypatch):
    both = [
        (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, 443))
        for address in ("93.184.215.14", "169.254.169.254")
    ]
    monkeypatch.setattr(addresses.socket, "getaddrinfo", lambda *_asked, **_more: both)

    with pytest.raises(addresses.Forbidden):
        addresses.resolve(addresses.check_url("https://two.example/"))


@pytest.mark.parametrize(
    "url",
    [
        "http://crm.example/",
        "ftp://crm.example/",
        "https://",
        "crm.example",
        "https://localhost/",
        "https://127.0.0.1/",
        "https://2130706433/",
        "https://[::1]/",
        "https://[::ffff:10.0.0.1]/",
        "https://[64:ff9b::7f00:1]/",
        "https://[2002:7f00:1::]/",
        "https://10.1.2.3:8443/hook",
        "https://172.16.0.1/",
        "https://192.168.1.1/",
        "https://169.254.169.254/latest/meta-data/",
        "https://100.64.0.1/",
        "https://0.0.0.0/",
        "https://224.0.0.1/",
        "https://db.internal/",
        "https://printer.local/",
        "https://database/",
        "https://ada:secret@crm.example/",
        "https://crm.example/#there",
        "https://crm.example:99999/",
        "https://crm.example/a b",
        "https://[not-an-address/",
    ],
)
def test_an_address_that_leads_inside_or_nowhere_is_refused(site, url):
    with pytest.raises(Malformed):
        make_webhook(site, {"key": "bad", "url": url}, by="test")
    assert not Webhook.objects.exists()


def test_in_debug_one_s_own_machine_may_be_told(site, settings):
    settings.DEBUG = True

    make_webhook(site, {"key": "mine", "url": "http://localhost:9999/"}, by="test")

    assert Webhook.objects.get().url == "http://localhost:9999/"


# ---------------------------------------------------------------- endpoints


def test_the_secret_is_shown_once_and_kept_sealed(site, webhook):
    _row, secret = webhook

    assert len(base64.b64decode(secret.removeprefix("whsec_"))) == 32
    raw = base64.b64decode(secret.removeprefix("whsec_"))
    dump = database_dump()
    assert secret not in dump
    assert raw.hex() not in dump


def test_a_new_secret_signs_at_once(told, webhook, listener, visitor):
    row, old = webhook
    new = renew_secret(row, by="test")
    enter(told, visitor)

    send(webhook)

    assert verified(*listener.received[0], new)
    assert not verified(*listener.received[0], old)


def test_a_test_names_nobody(webhook, listener):
    send_test(webhook[0], by="ada")

    send(webhook)

    (said,) = listener.bodies
    assert said["type"] == "test"
    assert "visitor" not in said
    assert AuditEntry.objects.filter(action="webhook.tested").exists()


def test_a_webhook_that_is_off_is_told_nothing(told, webhook, listener, visitor):
    change_webhook(webhook[0], {"key": "crm", "url": listener.url, "enabled": False}, by="test")

    enter(told, visitor)
    send(webhook)

    assert (listener.received, Delivery.objects.count()) == ([], 0)


def test_a_webhook_that_a_journey_tells_is_not_deleted(told, webhook, site):
    with pytest.raises(Conflict, match="journey cart"):
        delete_webhook(webhook[0], by="test")

    told.publish({**CART, "stages": [WAITING, REMINDER]})
    delete_webhook(webhook[0], by="test")
    assert not Webhook.objects.exists()


def test_without_the_key_that_sealed_the_secret_the_row_says_so(webhook, listener, settings):
    delivery = send_test(webhook[0], by="test")
    settings.SECRET_KEY = "another key altogether"

    send(webhook)

    delivery.refresh_from_db()
    assert "SECRET_KEY" in delivery.answer


def test_a_rotated_key_still_opens_the_secret(webhook, listener, settings):
    send_test(webhook[0], by="test")
    settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
    settings.SECRET_KEY = "another key altogether"

    assert send(webhook) == {"sent": 1, "failed": 0}
