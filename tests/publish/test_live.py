"""Processes know what is live: without a query a page view, and without the database if need be."""

import logging

import pytest
from django.db import connection

from personalization.govern.models import AuditEntry, Site
from personalization.publish import live, releases
from personalization.publish.models import PublishedRelease
from personalization.targeting import documents
from personalization.targeting.switches import switch_campaign, switch_site, switch_slot
from rules.types import Purpose


@pytest.fixture
def a_second_later(site):
    """What time does, without waiting for it."""
    return lambda: live.expire(site.pk)


def test_between_two_looks_nothing_is_asked(site, publish, django_assert_num_queries):
    publish()
    live.current(site.pk)

    with django_assert_num_queries(0):
        for _each in range(100):
            live.current(site.pk)


def test_a_look_that_finds_nothing_new_is_one_query(
    site, publish, a_second_later, django_assert_num_queries
):
    publish()
    first = live.current(site.pk)
    a_second_later()

    with django_assert_num_queries(1):
        second = live.current(site.pk)
    assert second is first


def test_the_number_of_queries_does_not_grow_with_what_was_published(
    site, publish, note, drafts, a_second_later, django_assert_max_num_queries
):
    for number in range(20):
        rule = {"key": f"r{number}", "slot": "home.hero", "content": "plain"}
        documents.save_rule(site, rule, by="test")
    publish()

    with django_assert_max_num_queries(4):
        live.current(site.pk)


def test_another_process_switching_is_noticed_at_the_next_look(
    site, publish, shown, a_second_later
):
    publish()
    live.current(site.pk)
    publish()
    Site.objects.filter(pk=site.pk).update(live_release=1, revision=1000)

    a_second_later()

    assert live.current(site.pk).release.number == 1


def test_publishing_is_seen_by_this_process_at_once(
    site, drafts, django_capture_on_commit_callbacks
):
    assert live.current(site.pk).release is None

    with django_capture_on_commit_callbacks(execute=True):
        releases.publish(drafts, by="test")

    assert live.current(site.pk).release.number == 1


def test_a_slot_switched_off_shows_its_default_without_publishing(
    site, hero, publish, shown, a_second_later
):
    publish()
    assert "servus" in shown()

    switch_slot(hero, False, by="Ada")
    a_second_later()
    off = shown()
    switch_slot(hero, True, by="Ada")
    a_second_later()

    assert "plain" in off
    assert live.current(site.pk).disabled_slots == frozenset()
    assert "servus" in shown()
    actions = AuditEntry.objects.filter(actor="Ada").values_list("action", flat=True)
    assert set(actions) == {"slot.switched_off", "slot.switched_on"}


def test_a_site_switched_off_shows_defaults_everywhere(site, publish, shown, a_second_later):
    publish()

    switch_site(site, False, by="Ada")
    a_second_later()

    assert "plain" in shown()
    assert not live.current(site.pk).enabled
    switch_site(site, True, by="Ada")
    a_second_later()
    assert "servus" in shown()


def test_switching_what_is_off_already_is_not_audited_again(site, publish, hero):
    switch_slot(hero, False, by="Ada")
    switch_slot(hero, False, by="Ada")

    assert AuditEntry.objects.filter(action="slot.switched_off").count() == 1


def test_a_stricter_privacy_setting_works_without_publishing(site, publish, a_second_later):
    publish()
    live.current(site.pk)

    Site.objects.filter(pk=site.pk).update(gpc_opts_out=["analytics"], revision=99)
    a_second_later()

    assert Purpose.ANALYTICS in live.current(site.pk).release.settings.gpc_opts_out


def test_with_the_database_away_pages_keep_what_the_process_has(
    site, publish, shown, a_second_later, caplog
):
    publish()
    known = live.current(site.pk)

    with caplog.at_level(logging.ERROR), _database_away():
        for _each in range(3):
            a_second_later()
            assert live.current(site.pk) is known
    a_second_later()

    assert live.current(site.pk) is known
    assert caplog.text.count("database.away") == 1, "said once, not at every look"


def test_a_process_that_starts_without_a_database_serves_nothing_rather_than_failing(site, publish):
    publish()
    live.forget()

    with _database_away():
        assert live.current(site.pk).release is None
    live.expire(site.pk)

    assert live.current(site.pk).release.number == 1


def test_a_release_that_was_damaged_leaves_the_page_with_the_one_before(
    site, publish, a_second_later, caplog
):
    publish()
    live.current(site.pk)
    publish()
    PublishedRelease.objects.filter(number=2).update(document="{}")

    a_second_later()

    assert live.current(site.pk).release.number == 1
    assert "release.unreadable" in caplog.text


def test_a_site_that_is_not_there_has_nothing_live(db):
    assert live.current(987654).release is None


def _database_away():
    from django.db import OperationalError

    def refuse(execute, sql, params, many, context):
        raise OperationalError("server closed the connection unexpectedly")

    return connection.execute_wrapper(refuse)


def test_switching_a_slot_by_its_document_works_at_once_too(site, publish, shown, a_second_later):
    publish()
    assert "servus" in shown()

    document = {"key": "home.hero", "default": "plain", "enabled": False}
    documents.save_slot(site, document, by="test")
    a_second_later()

    assert "plain" in shown()


def test_a_campaign_switched_off_takes_nobody_and_is_back_when_switched_on(
    site, publish, shown, note
):
    note("gift")
    campaign = documents.save_campaign(site, {"key": "xmas"}, by="test")
    rule = {"key": "gift", "slot": "home.hero", "content": "gift", "campaign": "xmas"}
    documents.save_rule(site, {**rule, "position": 0}, by="test")
    publish()

    def after(on):
        switch_campaign(campaign, on, by="test")
        live.expire(site.pk)
        return shown("FR")

    assert shown("FR") == "<p>gift</p>"
    assert after(False) == "<p>plain</p>"
    assert after(True) == "<p>gift</p>"


def test_a_campaign_that_is_off_can_be_published_and_waits_for_its_switch(
    site, publish, shown, note
):
    note("gift")
    documents.save_campaign(site, {"key": "xmas", "enabled": False}, by="test")
    rule = {"key": "gift", "slot": "home.hero", "content": "gift", "campaign": "xmas"}
    documents.save_rule(site, {**rule, "position": 0}, by="test")
    publish()

    assert shown("FR") == "<p>plain</p>"
    switch_campaign(site.campaigns.get(), True, by="test")
    live.expire(site.pk)
    assert shown("FR") == "<p>gift</p>"
