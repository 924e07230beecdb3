"""Publishing in the studio: read, decide, go back."""

import re
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from personalization import clock
from personalization.govern.models import Site
from personalization.publish import releases
from personalization.publish.config import export_config
from personalization.publish.config_text import read_text, write_text
from personalization.publish.models import PublishedRelease
from personalization.targeting import documents
from personalization.targeting.models import Segment
from tests.publish.conftest import drafts  # noqa: F401 - fixtures
from tests.studio.sent_forms import sent_by
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

PUBLISH = reverse("admin:personalization_publish")
CONFIGURATION = reverse("admin:personalization_configuration")


def page_of(number):
    return reverse("admin:personalization_release", args=(number,))


def text(response):
    return response.content.decode()


def publish(client, **form):
    return client.post(PUBLISH, form, follow=True)


@pytest.fixture
def marketer(drafts, colleague):  # noqa: F811
    return colleague("marketer")


def test_the_page_says_what_would_change_in_names_and_words(drafts, marketer, note):  # noqa: F811
    publish(marketer, note="first")
    note("servus", "Griaß di")

    page = text(marketer.get(PUBLISH))

    assert "content “servus”" in page
    assert "<ins>Griaß di</ins>" in re.sub(r"</ins>\s*<ins>", "", page)


def test_what_is_live_already_is_not_offered_to_be_published(drafts, marketer, note):  # noqa: F811
    assert 'id="pz-publish-form"' in text(marketer.get(PUBLISH))
    publish(marketer, note="first")

    assert 'id="pz-publish-form"' not in text(marketer.get(PUBLISH))

    note("servus", "Griaß di")
    assert 'id="pz-publish-form"' in text(marketer.get(PUBLISH))


def test_a_draft_that_cannot_be_published_links_to_its_page(drafts, marketer):  # noqa: F811
    Segment.objects.filter(key="german").update(condition={"combinator": "xor", "rules": []})

    page = text(marketer.get(PUBLISH))

    pk = Segment.objects.get(key="german").pk
    assert reverse("admin:personalization_segment_change", args=(pk,)) in page
    assert "<button" not in page.split("What would change")[1].split("Releases")[0]


def test_a_time_is_read_in_the_sites_zone(drafts, marketer):  # noqa: F811
    Site.objects.update(zone="Asia/Tokyo")

    publish(marketer, when="later", due_at="2100-01-01T09:00")

    release = PublishedRelease.objects.get()
    assert release.due_at.isoformat() == "2100-01-01T00:00:00+00:00"
    assert release.is_scheduled


@pytest.mark.parametrize("moment", ["", "soon", "2100-13-45T00:00", "1999-01-01T00:00"])
def test_a_wrong_time_publishes_nothing(marketer, moment):
    page = publish(marketer, when="later", due_at=moment)

    assert "Nothing was published" in text(page)
    assert "due_at:" not in text(page)
    assert not PublishedRelease.objects.exists()


def test_a_schedule_is_taken_back(marketer):
    publish(marketer, when="later", due_at="2100-01-01T09:00")

    marketer.post(reverse("admin:personalization_unschedule", args=(1,)))

    assert PublishedRelease.objects.get().due_at is None


def test_a_planned_release_that_a_newer_one_replaced_is_not_promised(drafts, marketer):  # noqa: F811
    releases.publish(drafts, by="test", due_at=clock.now() + timedelta(days=2))
    assert "goes live" in text(marketer.get(PUBLISH))

    newer = releases.publish(drafts, by="test")

    page = text(marketer.get(PUBLISH))
    assert f"gives way to release {newer.number}" in page
    assert "goes live 1" not in page and "is due on" not in page
    release = text(marketer.get(reverse("admin:personalization_release", args=(1,))))
    assert f"gives way to release {newer.number}" in release


def test_going_back_before_a_planned_release_warns_of_it_again(drafts, marketer):  # noqa: F811
    first = releases.publish(drafts, by="test")
    planned = releases.publish(drafts, by="test", due_at=clock.now() + timedelta(days=2))
    releases.publish(drafts, by="test")

    address = reverse("admin:personalization_switch_to", args=(first.number,))
    page = text(marketer.post(address, follow=True))

    assert f"release {planned.number} still goes live by itself" in page
    assert "gives way" not in page


def test_what_nobody_looked_at_is_not_published(drafts, marketer, note):  # noqa: F811
    form = sent_by(text(marketer.get(PUBLISH)), "pz-publish-form")
    note("servus", "Griaß di")  # by somebody else

    page = text(publish(marketer, **{**form, "note": "Winter"}))

    assert "Something was changed or published meanwhile" in page
    assert "Griaß di" in page
    assert 'value="Winter"' in page, "what was typed is not lost"
    assert not PublishedRelease.objects.exists()
    publish(marketer, **sent_by(page, "pz-publish-form"))
    assert PublishedRelease.objects.get().note == "Winter"


def test_a_form_that_is_sent_twice_publishes_once(drafts, marketer):  # noqa: F811
    form = sent_by(text(marketer.get(PUBLISH)), "pz-publish-form")

    publish(marketer, **form)
    publish(marketer, **form)

    assert PublishedRelease.objects.count() == 1


def test_who_publishes_or_goes_back_is_told_what_is_still_due(drafts, marketer):  # noqa: F811
    publish(marketer)
    publish(marketer)
    publish(marketer, when="later", due_at="2100-01-01T09:00")

    page = text(marketer.get(PUBLISH))
    back = marketer.post(reverse("admin:personalization_switch_to", args=(1,)), follow=True)

    assert "Release 3 is due on Jan. 1, 2100, 9 a.m.;" in page
    assert "On Jan. 1, 2100, 9 a.m. release 3 still goes live by itself." in text(back)


def test_a_planned_release_that_no_worker_took_up_is_told_as_late(drafts, marketer):  # noqa: F811
    publish(marketer, when="later", due_at="2100-01-01T09:00")
    PublishedRelease.objects.update(due_at=clock.now() - timedelta(hours=1))

    page = text(marketer.get(PUBLISH))

    assert "waits for a worker" in page
    assert "is due on" not in page


def test_a_reviewer_finds_the_way_to_what_waits(drafts, marketer, colleague):  # noqa: F811
    Site.objects.update(two_people=True)
    publish(marketer)

    assert "Look at it" in text(colleague("reviewer").get(PUBLISH))


def test_two_people_publish_with_the_second_one_seeing_what_goes_live(
    drafts,  # noqa: F811
    marketer,
    colleague,
    note,  # noqa: F811
):
    publish(marketer, note="first")
    Site.objects.update(two_people=True)
    note("servus", "Griaß di")
    assert "waits for a colleague" in text(publish(marketer, note="second"))
    reviewer = colleague("reviewer")

    page = text(reviewer.get(page_of(2)))
    form = dict(re.findall(r'name="(sha256|replaces)" value="([^"]*)"', page))
    answer = reviewer.post(
        reverse("admin:personalization_decide", args=(2,)), {**form, "answer": "yes"}, follow=True
    )

    assert "Griaß di" in page
    assert "Release 2 is live" in text(answer)
    drafts.refresh_from_db()
    assert drafts.live_release == 2


def test_who_proposed_a_release_may_take_it_back_but_not_approve_it(drafts, marketer):  # noqa: F811
    Site.objects.update(two_people=True)
    publish(marketer)
    release = PublishedRelease.objects.get()
    decide = reverse("admin:personalization_decide", args=(1,))

    page = text(marketer.get(page_of(1)))
    assert 'value="yes"' not in page
    yes = {"answer": "yes", "sha256": release.sha256, "replaces": ""}
    assert "Ask a colleague" in text(marketer.post(decide, yes, follow=True))

    marketer.post(decide, {"answer": "no", "reason": "not yet"})
    assert PublishedRelease.objects.get().reason == "not yet"


@pytest.mark.parametrize("role", ["editor", "analyst", "privacy_officer"])
def test_other_roles_decide_nothing(drafts, marketer, colleague, role):  # noqa: F811
    Site.objects.update(two_people=True)
    publish(marketer)

    answer = colleague(role).post(
        reverse("admin:personalization_decide", args=(1,)), {"answer": "no"}
    )

    assert answer.status_code == 403
    assert PublishedRelease.objects.get().is_waiting


def test_the_history_of_a_release_says_who_did_what(marketer):
    publish(marketer, note="first")
    publish(marketer, note="second")
    marketer.post(reverse("admin:personalization_switch_to", args=(1,)))

    page = text(marketer.get(page_of(1)))

    assert "marketer@example.com" in page
    assert "published release “1”" in page
    assert "switched to release “1”" in page


def test_a_release_of_another_site_is_not_found(marketer, other_site):
    PublishedRelease.objects.create(site=other_site, number=7, document="", author="x")

    assert marketer.get(page_of(7)).status_code == 404


def test_configuration_is_downloaded_and_taken_in_after_a_look(drafts, marketer):  # noqa: F811
    file = marketer.get(reverse("admin:personalization_configuration_file"))
    config = read_text(text(file))
    assert config == export_config(drafts)
    config["slots"].append({"key": "side", "name": "Side"})
    config["segments"][0]["name"] = "Germans"

    upload = SimpleUploadedFile("shop.yaml", write_text(config).encode())
    looked = marketer.post(CONFIGURATION, {"file": upload}, follow=True)
    assert not Segment.objects.filter(name="Germans").exists()
    form = re.findall(r'name="(upload|fingerprint|conflict)" value="([^"]*)"', text(looked))
    marketer.post(CONFIGURATION, {**dict(form), "take": "segments german"})

    assert documents.to_document(Segment.objects.get(key="german"))["name"] == "Germans"
    assert "edited here" in text(looked)


@pytest.mark.parametrize("content", [b"\xff\xfe", b"a: [", b"format: 99", b""])
def test_a_file_that_cannot_be_read_is_refused_in_words(marketer, content):
    page = marketer.post(
        CONFIGURATION, {"file": SimpleUploadedFile("x.yaml", content)}, follow=True
    )

    assert page.status_code == 200
    assert "errornote" in text(page) or "bg-red" in text(page)


def test_an_upload_says_what_differs_however_long_the_text(drafts, marketer, note):  # noqa: F811
    """The end of a long field, and a condition as a sentence."""
    note("servus", f"{'Servus, ' * 30}ihr alle")
    config = export_config(drafts)
    (servus,) = (each for each in config["content"] if each["key"] == "servus")
    servus["fields"]["en"]["text"] = f"{'Servus, ' * 30}ihr zwei"
    config["segments"][0]["condition"]["rules"][0]["value"] = "AT"

    upload = SimpleUploadedFile("shop.yaml", write_text(config).encode())
    page = text(marketer.post(CONFIGURATION, {"file": upload}, follow=True))

    assert "fields · en · text" in page
    assert "<del>alle</del><ins>zwei</ins>" in page
    assert "<del>DE</del><ins>AT</ins>" in page
    assert "combinator" not in page


def test_an_upload_needs_the_right_to_edit(drafts, colleague):  # noqa: F811
    upload = SimpleUploadedFile("x.yaml", b"format: 1")

    assert colleague("analyst").post(CONFIGURATION, {"file": upload}).status_code == 403


def test_a_release_that_fell_due_says_so_in_its_history(drafts, marketer):  # noqa: F811
    from personalization.publish import releases

    publish(marketer, when="later", due_at="2100-01-01T09:00")
    due = PublishedRelease.objects.get().due_at
    assert releases.activate_due(due + timedelta(seconds=1)) == 1

    assert "made release “1” live at its time" in text(marketer.get(page_of(1)))
    assert clock.now() < due
