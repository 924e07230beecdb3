"""What reviewers do teaches the next briefs: bounded, and theirs to switch off."""

from personalization.drafts import lessons
from personalization.drafts.models import Lesson
from personalization.drafts.reviewing import approve, reject, undo
from personalization.drafts.revisions import edit
from tests.drafts.conftest import DRY, WARM, sha_of, soft_of


def yes(draft, by):
    return approve(draft, by=by, sha256=sha_of(draft), acknowledged=soft_of(draft))


def taught(site, most=6):
    found = lessons.lessons_for(site, "note", "en", most)
    return [(each.kind, each.before, each.after, each.reason) for each in found]


def test_a_yes_teaches_the_text(site, written, ruben):
    yes(written(), ruben)

    assert taught(site) == [("approved", "", WARM, "")]


def test_an_edit_teaches_what_became_of_it_once_it_is_approved(site, written, mara, ruben):
    draft = written()
    edit(draft, {"text": DRY}, by=mara, sha256=sha_of(draft))
    assert taught(site) == []

    yes(draft, ruben)

    assert taught(site) == [("edited", WARM, DRY, "")]


def test_a_no_teaches_why(site, written, ruben):
    draft = written()
    reject(draft, by=ruben, sha256=sha_of(draft), reason="other", remark="Sounds like a leaflet")

    assert taught(site) == [("rejected", WARM, "", "Sounds like a leaflet")]


def test_what_is_taken_back_teaches_nothing(site, written, ruben):
    undo(yes(written(), ruben), by=ruben)

    assert taught(site) == []


def test_the_kinds_come_in_turn_and_no_more_than_asked(site, written, ruben):
    for number in range(3):
        yes(written(f"Text number {number} of those approved here."), ruben)
    draft = written()
    reject(draft, by=ruben, sha256=sha_of(draft), reason="other")

    assert [kind for kind, *_rest in taught(site, most=2)] == ["rejected", "approved"]


def test_the_oldest_make_room(site, written, ruben, monkeypatch):
    monkeypatch.setattr(lessons, "MOST_KEPT", 2)
    for number in range(4):
        yes(written(f"Text number {number} of those approved here."), ruben)

    assert Lesson.objects.count() == 2
    assert taught(site)[0][2].startswith("Text number 3")


def test_one_can_be_switched_off_and_removed(site, written, ruben, mara):
    yes(written(), ruben)
    lesson = Lesson.objects.get()

    lessons.switch(lesson, is_on=False, by=mara)
    assert taught(site) == []
    lessons.switch(lesson, is_on=True, by=mara)
    assert taught(site)
    lessons.remove(lesson, by=mara)
    assert taught(site) == []


def test_another_language_or_block_learns_nothing_of_it(site, written, ruben):
    yes(written(), ruben)

    assert not lessons.lessons_for(site, "note", "de", 6)
    assert not lessons.lessons_for(site, "hero_banner", "en", 6)
