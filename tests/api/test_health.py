"""What whoever runs this asks."""

from datetime import timedelta

import pytest
from django.db import OperationalError, connection

from personalization import clock
from personalization.govern.keys import make_key
from personalization.outbox import Job


def test_a_process_that_answers_is_live(client):
    assert client.get("/health/live").json() == {"status": "live"}


def test_it_is_ready_while_database_and_keys_answer(client, db):
    answer = client.get("/health/ready")

    assert answer.status_code == 200
    assert answer.json()["checks"] == {"database": "ok", "keys": "ok", "cache": "ok"}


def test_it_is_not_ready_with_the_database_away(client, db):
    def away(*_arguments):
        raise OperationalError("postgres://user:password@host is away")

    with connection.execute_wrapper(away):
        answer = client.get("/health/ready")

    assert answer.status_code == 503
    assert answer.json()["checks"]["database"] == "away"
    assert "password" not in answer.content.decode()


@pytest.mark.parametrize(
    "caller", [{"REMOTE_ADDR": "203.0.113.9"}, {"HTTP_X_FORWARDED_FOR": "203.0.113.9"}]
)
def test_metrics_are_for_this_machine_and_for_keys_that_manage(client, keys, site, caller):
    collects = make_key(site, "secret", scopes=["collect"], by="test")

    def ask(key=None):
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        return client.get("/metrics", headers=headers, **caller).status_code

    assert client.get("/metrics").status_code == 200
    assert ask() == 401
    assert ask(keys.publishable) == ask(collects) == 403
    assert ask(keys.secret) == 200


def told(client):
    """Every sample of ours that `/metrics` shows."""
    lines = client.get("/metrics").content.decode().splitlines()
    pairs = (line.rsplit(" ", 1) for line in lines if line.startswith("pz_"))
    return {name: float(figure) for name, figure in pairs}


def test_metrics_count_answers_slots_and_events(client, published, call):
    before = told(client)

    call("POST", "render", {"slots": ["nowhere.slot"]})
    call("POST", "events", {"events": [{"id": "one"}]})

    after = told(client)
    grown = {name for name in after if after[name] > before.get(name, 0)}
    assert {
        'pz_answers_total{endpoint="render",status="200"}',
        'pz_answers_total{endpoint="events",status="202"}',
        'pz_answer_seconds_count{endpoint="render"}',
        'pz_slots_total{kind="unknown_slot"}',
        'pz_events_total{outcome="rejected"}',
    } <= grown


def test_metrics_tell_how_things_stand(client, site):
    Job.objects.create(task="train", due_at=clock.now() - timedelta(minutes=5))

    standing = told(client)

    assert standing[f'pz_enabled{{site="{site.key}"}}'] == 1
    assert standing['pz_jobs{state="waiting"}'] == 1
    assert standing["pz_jobs_late_seconds"] >= 300


def test_with_the_database_away_metrics_still_tell_of_the_process(client, db):
    def away(*_arguments):
        raise OperationalError("away")

    with connection.execute_wrapper(away):
        standing = told(client)

    assert "pz_enabled" not in str(standing)
    assert client.get("/metrics").status_code == 200


def test_an_address_that_is_none_is_told_as_a_problem(client):
    answer = client.post("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
