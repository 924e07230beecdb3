"""Between two installations: what was edited here is not lost to what comes from there."""

import pytest

from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry
from personalization.publish.config import export_config
from personalization.publish.config_imports import plan, take_in, upload
from personalization.publish.config_text import write_text
from personalization.publish.models import ConfigImport
from personalization.targeting import documents
from personalization.targeting.models import Segment, Slot


def named(site, name):
    documents.save_segment(
        site, {**documents.to_document(Segment.objects.get(key="german")), "name": name}, by="test"
    )


def text_with(site, name):
    """The site's configuration as it would come from staging, where the segment has this name."""
    config = export_config(site)
    config["segments"][0]["name"] = name
    return write_text(config)


def taken_in(site, text, **options):
    row = upload(site, text, by="Ada")
    return take_in(row, by="Ada", fingerprint=plan(row).fingerprint, **options)


def the_name():
    return Segment.objects.get(key="german").name


def test_what_was_changed_there_only_is_taken(drafts):
    taken_in(drafts, text_with(drafts, "Germans"))

    row = upload(drafts, text_with(drafts, "People in Germany"), by="Ada")

    assert plan(row).edited_here == frozenset()
    take_in(row, by="Ada", fingerprint=plan(row).fingerprint)
    assert the_name() == "People in Germany"


def test_what_was_edited_here_since_is_shown_and_stays_if_it_is_kept(drafts):
    taken_in(drafts, text_with(drafts, "Germans"))
    text = text_with(drafts, "People in Germany")
    named(drafts, "Our Germans")

    row = upload(drafts, text, by="Ada")

    assert plan(row).edited_here == {("segments", "german")}
    take_in(row, by="Ada", fingerprint=plan(row).fingerprint, keep=[("segments", "german")])
    assert the_name() == "Our Germans"
    assert AuditEntry.objects.filter(action="config.imported").first().changes["kept"] == [
        "segments german"
    ]


def test_theirs_is_taken_where_a_person_says_so(drafts):
    taken_in(drafts, text_with(drafts, "Germans"))
    text = text_with(drafts, "People in Germany")
    named(drafts, "Our Germans")

    taken_in(drafts, text)

    assert the_name() == "People in Germany"


def test_the_first_time_all_that_differs_is_shown_as_edited_here(drafts):
    text = text_with(drafts, "Germans")

    assert plan(upload(drafts, text, by="Ada")).edited_here == {("segments", "german")}


def test_drafts_changed_after_the_look_have_to_be_looked_at_again(drafts):
    row = upload(drafts, text_with(drafts, "Germans"), by="Ada")
    seen = plan(row).fingerprint
    named(drafts, "Meanwhile")

    with pytest.raises(Conflict, match="Look at the differences again"):
        take_in(row, by="Ada", fingerprint=seen)
    assert the_name() == "Meanwhile"
    assert ConfigImport.objects.get().applied_at is None


def test_a_file_is_taken_in_once(drafts):
    row = upload(drafts, text_with(drafts, "Germans"), by="Ada")
    take_in(row, by="Ada", fingerprint=plan(row).fingerprint)

    with pytest.raises(Conflict, match="already"):
        take_in(row, by="Ada", fingerprint=plan(row).fingerprint)


def test_what_the_file_lacks_is_kept_where_it_was_edited_here(drafts):
    documents.save_slot(drafts, {"key": "side"}, by="test")
    config = export_config(drafts)
    config["slots"] = [each for each in config["slots"] if each["key"] != "side"]
    row = upload(drafts, write_text(config), by="Ada", prune=True)

    assert [(c.kind, c.key, c.what) for c in plan(row).changes] == [("slots", "side", "removed")]
    take_in(row, by="Ada", fingerprint=plan(row).fingerprint, keep=[("slots", "side")])
    assert Slot.objects.filter(key="side").exists()


def test_a_file_that_cannot_be_taken_in_is_refused_at_once(drafts):
    with pytest.raises(Malformed):
        upload(drafts, "segments: [{key: x, condition: {combinator: xor}}]", by="Ada")
    assert not ConfigImport.objects.exists()
