"""What whoever runs this asks."""

import pytest
from django.db import OperationalError, connection

from personalization.govern.keys import make_key


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


def test_an_address_that_is_none_is_told_as_a_problem(client):
    answer = client.post("/api/v1/nothing")

    assert answer.status_code == 404
    assert answer["Content-Type"] == "application/problem+json"
