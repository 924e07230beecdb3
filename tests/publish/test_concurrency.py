"""Several people publish, switch and look at the same time; nothing is lost, nobody waits."""

import threading

import pytest
from django.db import connection

from personalization.exceptions import Conflict
from personalization.govern.models import Site
from personalization.publish import live, releases
from personalization.publish.models import PublishedRelease
from personalization.targeting import documents
from personalization.targeting.models import Segment
from tests.collect.test_concurrency import at_once

pytestmark = pytest.mark.django_db(transaction=True)


def test_publishing_at_once_gives_each_a_number_of_its_own(drafts):
    sites = [Site.objects.get(pk=drafts.pk) for _each in range(4)]

    at_once(*(lambda site=site: releases.publish(site, by="test") for site in sites))

    numbers = PublishedRelease.objects.values_list("number", flat=True)
    assert sorted(numbers) == [1, 2, 3, 4]
    drafts.refresh_from_db()
    assert drafts.live_release == 4


def test_publishing_and_switching_back_at_once_leave_one_of_both_live(drafts):
    releases.publish(drafts, by="test")
    releases.publish(drafts, by="test")
    one, other = Site.objects.get(pk=drafts.pk), Site.objects.get(pk=drafts.pk)

    at_once(
        lambda: releases.publish(one, by="test"), lambda: releases.activate(other, 1, by="test")
    )

    drafts.refresh_from_db()
    assert drafts.live_release in (1, 3)
    assert live.current(drafts.pk).release.number == drafts.live_release


def test_making_the_same_key_at_once_makes_it_once(site):
    document = {"key": "s", "condition": {"combinator": "and", "rules": []}}
    refused = []

    def save():
        try:
            documents.save_segment(Site.objects.get(pk=site.pk), document, by="test")
        except Conflict as conflict:
            refused.append(conflict)

    at_once(save, save, save)

    assert Segment.objects.count() == 1


def test_nobody_waits_while_one_thread_asks_what_is_live(drafts):
    """The database hangs for one look; every other page goes on with what is known."""
    releases.publish(drafts, by="test")
    known = live.current(drafts.pk)
    hangs, goes_on = threading.Event(), threading.Event()

    def hang(execute, sql, params, many, context):
        hangs.set()
        goes_on.wait(timeout=30)
        return execute(sql, params, many, context)

    def look_slowly():
        with connection.execute_wrapper(hang):
            live.current(drafts.pk)
        connection.close()

    live.expire(drafts.pk)
    slow = threading.Thread(target=look_slowly)
    slow.start()
    assert hangs.wait(timeout=30)

    seen = live.current(drafts.pk)

    assert seen is known
    assert slow.is_alive(), "it still waits for its answer"
    goes_on.set()
    slow.join()
