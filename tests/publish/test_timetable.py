"""What runs when: those of a campaign behind it, within its window; releases at their time."""

from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model

from personalization.publish.timetable import timetable
from personalization.targeting import documents
from rules.types import Window

FIRST = datetime(2030, 5, 1, tzinfo=UTC)
MAY = Window(FIRST, FIRST + timedelta(days=31))


def day(number, month=5):
    return datetime(2030, month, number, tzinfo=UTC)


@pytest.fixture
def save(drafts):
    def rule(key, slot="home.hero", **more):
        document = {"key": key, "slot": slot, "content": "plain", **more}
        return documents.save_rule(drafts, document, by="test")

    return rule


def keys(found):
    return [getattr(entry.row, "key", None) or entry.kind for entry in found]


def test_rules_stand_behind_their_campaign_within_its_window(drafts, save):
    documents.save_campaign(drafts, {"key": "late", "start": day(20)}, by="test")
    documents.save_campaign(drafts, {"key": "c", "start": day(5), "end": day(9)}, by="test")
    save("second", campaign="c", start=day(7))
    save("first", campaign="c", end=day(30))

    found = timetable(drafts, MAY).entries

    assert keys(found) == ["c", "first", "second", "late"]
    assert [each.is_member for each in found] == [False, True, True, False]
    assert found[1].window == Window(day(5), day(9))


def test_what_has_no_time_of_its_own_always_runs(drafts, save):
    save("always")
    save("off", enabled=False)
    save("weekends", when={"days": [6, 7]})
    save("may", start=day(3))

    found = timetable(drafts, MAY)

    assert keys(found.entries) == ["weekends", "may"]
    assert set(keys(found.always)) == {"always", "germany"}


@pytest.mark.parametrize(
    ("window", "is_there"),
    [
        ({"end": day(1)}, False),
        ({"end": day(2)}, True),
        ({"start": day(31)}, True),
        ({"start": day(1, 6)}, False),
        ({"start": day(1, 4), "end": day(1, 7)}, True),
    ],
)
def test_only_what_meets_the_span_is_listed(drafts, save, window, is_there):
    save("r", **window)

    assert ("r" in keys(timetable(drafts, MAY).entries)) is is_there


def test_a_scheduled_release_stands_at_its_time_until_it_is_live(drafts, publish):
    from personalization.publish.models import PublishedRelease

    publish(due_at=day(11))
    assert keys(timetable(drafts, MAY).entries) == ["publishedrelease"]

    PublishedRelease.objects.update(activated_at=day(11))
    assert keys(timetable(drafts, MAY).entries) == []


def test_a_scheduled_release_that_a_newer_one_replaced_stands_nowhere(drafts, publish):
    publish(due_at=day(11))
    publish()

    assert keys(timetable(drafts, MAY).entries) == []


def test_it_can_be_narrowed_to_a_slot_or_an_owner(drafts, save):
    ada = get_user_model().objects.create_superuser("ada")
    side = documents.save_slot(drafts, {"key": "side"}, by="test")
    documents.save_campaign(drafts, {"key": "c", "owner": "ada"}, by="test")
    documents.save_campaign(drafts, {"key": "d"}, by="test")
    save("mine", campaign="c")
    save("loose", slot="side", start=day(2))

    assert keys(timetable(drafts, MAY, owner=ada.pk).entries) == ["c", "mine"]
    assert keys(timetable(drafts, MAY, slot=side.pk).entries) == ["loose"]


def test_it_takes_few_queries_however_much_runs(drafts, save, django_assert_max_num_queries):
    for number in range(20):
        documents.save_campaign(drafts, {"key": f"c{number}"}, by="test")
        save(f"r{number}", campaign=f"c{number}", start=day(2))

    with django_assert_max_num_queries(4):
        assert len(timetable(drafts, MAY).entries) == 40
