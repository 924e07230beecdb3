"""API keys: found cheaply, refused soon after they are revoked."""

import time

import pytest
from django.db import OperationalError, connection

from personalization.govern import keys as api_keys
from personalization.govern.models import ApiKey


def test_a_key_tells_its_site_and_kind(keys):
    publishable = api_keys.find_key(keys.publishable)
    secret = api_keys.find_key(keys.secret)

    assert (publishable.site_id, publishable.is_secret) == (keys.site.pk, False)
    assert publishable.origins == {"https://shop.example"}
    assert secret.is_secret
    assert secret.scopes == set(api_keys.SCOPES)


@pytest.mark.parametrize("raw", [None, "", "pk_", "sk_unknown", "pk_\ud800", "Bearer", "pk_" * 99])
def test_what_is_no_key_opens_nothing(db, raw):
    assert api_keys.find_key(raw) is None


def test_of_a_secret_key_only_a_digest_is_kept(keys):
    stored = str(list(ApiKey.objects.values()))

    assert keys.secret not in stored
    assert keys.publishable in stored


def test_within_a_second_a_key_is_asked_once(keys, django_assert_num_queries):
    with django_assert_num_queries(1):
        for _ in range(5):
            api_keys.find_key(keys.publishable)
            api_keys.find_key(keys.publishable)


def test_a_revoked_key_stops_at_once_here_and_in_a_second_elsewhere(keys, monkeypatch):
    assert api_keys.find_key(keys.secret)
    ApiKey.objects.filter(site=keys.site).update(is_active=False)  # as another process would

    assert api_keys.find_key(keys.secret)
    later = time.monotonic() + 1.01
    monkeypatch.setattr(time, "monotonic", lambda: later)

    assert api_keys.find_key(keys.secret) is None


def test_revoking_stops_the_key_in_this_process(keys):
    assert api_keys.find_key(keys.publishable)

    api_keys.revoke(ApiKey.objects.get(kind="publishable"), by="ada")

    assert api_keys.find_key(keys.publishable) is None


def test_with_the_database_away_a_known_key_keeps_working(keys, monkeypatch):
    known = api_keys.find_key(keys.publishable)
    later = time.monotonic() + 60
    monkeypatch.setattr(time, "monotonic", lambda: later)

    def refuse(*_):
        raise OperationalError("away")

    with connection.execute_wrapper(refuse):
        assert api_keys.find_key(keys.publishable) == known
        with pytest.raises(OperationalError):
            api_keys.find_key(keys.secret)


def test_what_is_remembered_is_bounded(keys, monkeypatch):
    monkeypatch.setattr(api_keys, "REMEMBERED", 3)

    for guess in range(10):
        api_keys.find_key(f"pk_{guess}")

    assert len(api_keys._known) == 3
