"""A release is frozen once, numbered, and live is only a pointer to it."""

from datetime import timedelta

import pytest

from personalization import clock
from personalization.exceptions import Malformed, NotFound
from personalization.govern.models import AuditEntry
from personalization.outbox import Job
from personalization.publish import live, releases
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import Unreadable, read_release
from personalization.targeting import documents
from tests.targeting.conftest import NOTE


def test_a_draft_shows_only_once_it_is_published(site, publish, shown, note):
    publish()
    before = shown()

    note("servus", "Griaß di")
    live.expire(site.pk)

    assert "servus" in before
    assert shown() == before
    publish()
    assert "Griaß di" in shown()


def test_releases_are_numbered_in_order_and_audited(site, publish):
    assert [publish(note="first").number, publish().number] == [1, 2]

    entries = AuditEntry.objects.filter(action="release.published").order_by("id")
    assert [(e.target, e.changes["note"]) for e in entries] == [("1", "first"), ("2", "")]


def test_an_old_release_shows_the_same_bytes_after_its_drafts_and_blocks_changed(
    site, publish, shown, note
):
    publish()
    first = shown()
    documents.save_block(site, NOTE | {"template": "<b>{{ content.text }}</b>"}, by="test")
    note("servus", "anders")
    publish()
    assert shown() != first

    releases.activate(site, 1, by="test")
    live.expire(site.pk)

    assert shown() == first


def test_switching_back_is_audited_from_what_to_what(site, publish):
    publish()
    publish()

    releases.activate(site, 1, by="Ada")

    entry = AuditEntry.objects.get(action="release.activated")
    assert (entry.actor, entry.changes) == ("Ada", {"live_release": [2, 1]})


def test_a_release_that_is_not_there_cannot_be_switched_to(site, publish):
    publish()

    with pytest.raises(NotFound, match="no release 7"):
        releases.activate(site, 7, by="test")
    site.refresh_from_db()
    assert site.live_release == 1


@pytest.mark.parametrize("harm", ["cut", "format"])
def test_a_release_that_cannot_be_read_is_refused_and_the_live_one_stays(site, publish, harm):
    from personalization.publish.reading import checksum

    publish()
    publish()
    row = PublishedRelease.objects.get(number=1)
    if harm == "cut":
        row.document = row.document[:-10]
    else:
        row.document = row.document.replace('"format":5', '"format":99')
        row.sha256 = checksum(row.document)
    row.save()

    with pytest.raises(Unreadable):
        releases.activate(site, 1, by="test")
    site.refresh_from_db()
    assert site.live_release == 2


def test_drafts_that_cannot_go_live_are_all_named(site, publish, hero):
    from personalization.targeting.models import Content, Segment

    Segment.objects.filter(key="german").update(condition={"combinator": "xor", "rules": []})
    Content.objects.filter(key="plain").update(fields={"en": {"txt": "?"}})

    with pytest.raises(Malformed) as caught:
        publish()

    paths = {error.path for error in caught.value.errors}
    assert "segments.german.condition.combinator" in paths
    assert "content.plain.fields.en" in paths
    assert not PublishedRelease.objects.exists()
    site.refresh_from_db()
    assert site.live_release is None


def test_a_scheduled_release_waits_for_its_time_and_goes_live_once(site, publish):
    publish()
    due = clock.now() + timedelta(hours=1)
    scheduled = publish(due_at=due)
    site.refresh_from_db()
    assert site.live_release == 1
    job = Job.objects.get(task=releases.ACTIVATE_DUE)
    assert job.due_at == due

    early = releases.activate_due(due - timedelta(seconds=1))
    on_time = releases.activate_due(due)
    again = releases.activate_due(due)

    site.refresh_from_db()
    assert (early, on_time, again) == (0, 1, 0)
    assert site.live_release == scheduled.number


def test_a_scheduled_release_gives_way_to_a_newer_one(site, publish):
    due = clock.now() + timedelta(hours=1)
    publish(due_at=due)
    newer = publish()

    assert releases.activate_due(due) == 0

    site.refresh_from_db()
    assert site.live_release == newer.number
    assert AuditEntry.objects.filter(action="release.superseded", target="1").exists()


def test_a_release_that_is_due_already_goes_live_at_once(site, publish):
    publish(due_at=clock.now() - timedelta(days=1))

    site.refresh_from_db()
    assert site.live_release == 1


def test_any_old_release_stays_readable(site, publish):
    for _each in range(3):
        publish()

    assert [read_release(site.pk, number).number for number in (1, 2, 3)] == [1, 2, 3]


def test_a_rule_shows_within_its_window_and_that_of_its_campaign(site, publish, drafts):
    documents.save_campaign(
        site,
        {"key": "xmas", "start": "2026-12-01T00:00:00Z", "end": "2026-12-24T00:00:00Z"},
        by="test",
    )
    rule = {"key": "germany", "slot": "home.hero", "content": "servus", "campaign": "xmas"}
    documents.save_rule(site, rule | {"end": "2026-12-10T00:00:00+00:00"}, by="test")

    publish()

    window = read_release(site.pk, 1).slots["home.hero"].rules[0].window
    assert (window.start.day, window.end.day) == (1, 10)


def test_what_is_switched_off_as_a_draft_is_not_frozen(site, publish, drafts):
    rule = {"key": "germany", "slot": "home.hero", "content": "servus", "enabled": False}
    documents.save_rule(site, rule, by="test")

    publish()

    assert read_release(site.pk, 1).slots["home.hero"].rules == ()


def test_a_site_may_refuse_audiences_that_are_too_small(site, publish):
    from personalization.govern.models import Site

    visits = {"combinator": "and", "rules": [{"field": "visits", "operator": ">", "value": 1}]}
    documents.save_segment(site, {"key": "regulars", "condition": visits}, by="test")
    rule = {"key": "r", "slot": "home.hero", "segment": "regulars", "content": "servus"}
    documents.save_rule(site, rule, by="test")
    Site.objects.filter(pk=site.pk).update(min_audience=100)

    with pytest.raises(Malformed, match="fewer visitors"):
        publish()


@pytest.mark.parametrize(
    ("setting", "path"),
    [
        ({"zone": "Mars/Olympus"}, "settings.zone"),
        ({"zone": "../../etc/passwd"}, "settings.zone"),
        ({"zone": ""}, "settings.zone"),
        ({"holdout_share": 1.5}, "settings.holdout_share"),
    ],
)
def test_settings_that_would_break_pages_are_refused(site, publish, setting, path):
    from personalization.govern.models import Site

    Site.objects.filter(pk=site.pk).update(**setting)
    site.refresh_from_db()

    with pytest.raises(Malformed) as caught:
        publish()
    assert [error.path for error in caught.value.errors] == [path]


def test_a_reference_that_lost_its_end_is_refused_by_name(site, publish, drafts):
    from personalization.targeting.models import Segment

    tree = {"combinator": "and", "rules": [{"field": "segment", "operator": "in", "value": ["x"]}]}
    Segment.objects.filter(key="german").update(condition=tree)

    with pytest.raises(Malformed, match="x"):
        publish()
    assert not PublishedRelease.objects.exists()


def test_an_arm_that_lost_its_content_is_refused_by_name(site, publish, drafts):
    from personalization.targeting.models import Experiment

    arms = [{"key": "a", "content": "servus"}, {"key": "b", "content": None}]
    document = {"key": "x", "slot": "home.hero", "arms": arms}
    documents.save_experiment(drafts, document, by="test")
    Experiment.objects.update(arms=[{"key": "a", "content": "gone"}, {"key": "b", "content": None}])

    with pytest.raises(Malformed) as caught:
        publish()
    assert [error.path for error in caught.value.errors] == ["content.gone"]
