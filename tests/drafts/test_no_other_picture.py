"""Whatever people do, in whatever order: a drawn picture is shown only as somebody else saw it.

A machine of verbs against a book of its own: which bytes with which words had a yes, and of whom.
"""

import pytest
from django.core.files.base import ContentFile
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from personalization.catalog.models import Media
from personalization.catalog.pictures import delete_picture, save_picture
from personalization.drafts.briefs import save_brief
from personalization.drafts.lapses import look_again
from personalization.drafts.models import Draft
from personalization.drafts.reviewing import approve, reject, undo
from personalization.drafts.revisions import current, edit
from personalization.exceptions import Refusal
from personalization.publish.freeze import freeze
from personalization.render.core import page
from rules.types import NOTHING_LEARNED, STRANGER
from tests.drafts.conftest import soft_of
from tests.drafts.pictures import drawn_draft, png, save_gallery_block, show
from tests.rules.worlds import asking

PEOPLE = ("Mara", "Ada", "Ruben", "Grace")
WORDS = ("A tent at dawn", "A tent by the river", "A palace")

pytestmark = pytest.mark.django_db


class Wall(RuleBasedStateMachine):
    """`book`: each (shade, words) that had a yes. `hands`: draft -> who asked for it or edited."""

    site = people = None  # set by the test

    def __init__(self):
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.book: set[tuple[int, str]] = set()
        self.hands: dict[int, set[str]] = {}
        self.shades: dict[str, int] = {}  # address -> which picture it is

    def teardown(self):
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    names, words, picks = st.sampled_from(PEOPLE), st.sampled_from(WORDS), st.integers(0, 2)

    def attempt(self, deed):
        try:
            return deed()
        except Refusal:
            return None

    def has_drafts(self):
        return Draft.objects.exists()

    def draft(self, pick):
        drafts = list(Draft.objects.order_by("pk"))
        return drafts[pick % len(drafts)]

    def shade(self, draft):
        return self.shades[draft.picture.file.url]

    @rule(name=st.sampled_from(("Mara", "Ada")), words=words)
    def ask_and_receive(self, name, words):
        if Draft.objects.count() >= 3:
            return
        document = {"block": "gallery", "goal": "Sell", "locales": ["en"], "kind": "image"}
        brief = save_brief(self.site, document, by=self.people(name))
        shade = len(self.shades) + 1
        draft = drawn_draft(brief, shade=shade, words=words)
        self.shades[draft.picture.file.url] = shade
        self.hands[draft.pk] = {name}

    @precondition(has_drafts)
    @rule(pick=picks, name=names)
    def approve(self, pick, name):
        draft, who = self.draft(pick), self.people(name)
        seen, ticked = current(draft), soft_of(draft)
        said = self.attempt(lambda: approve(draft, by=who, sha256=seen.sha256, acknowledged=ticked))
        if said is not None:
            assert name not in self.hands[draft.pk]
            self.book.add((self.shade(draft), seen.fields["image_alt"]))

    @precondition(has_drafts)
    @rule(pick=picks, name=names, is_undone=st.booleans())
    def say_no(self, pick, name, is_undone):
        draft, by = self.draft(pick), self.people(name)
        sha256 = current(draft).sha256
        if is_undone:
            self.attempt(lambda: undo(draft, by=by))
        else:
            self.attempt(lambda: reject(draft, by=by, sha256=sha256, reason="other"))

    @precondition(has_drafts)
    @rule(pick=picks, name=names, words=words)
    def edit_the_draft(self, pick, name, words):
        draft, by = self.draft(pick), self.people(name)
        before = current(draft)
        fields = {**before.fields, "image_alt": words}
        after = self.attempt(lambda: edit(draft, fields, by=by, sha256=before.sha256))
        if after is not None and after.number != before.number:
            self.hands[draft.pk].add(name)

    @precondition(has_drafts)
    @rule(pick=picks, words=words, a_worker_comes=st.booleans())
    def edit_in_the_library(self, pick, words, a_worker_comes):
        row = self.draft(pick).picture
        save_picture(self.site, title="Tent", alternative=words, by="Eve", row=row)
        if a_worker_comes:
            look_again(self.site)

    @precondition(has_drafts)
    @rule(pick=picks)
    def take_out_of_the_library(self, pick):
        delete_picture(Media.objects.get(pk=self.draft(pick).picture_id), by="Eve")

    @precondition(has_drafts)
    @rule(pick=picks, words=words, how=st.sampled_from(("drawn", "copied", "in HTML", "in a row")))
    def show(self, pick, words, how):
        draft = self.draft(pick)
        address = draft.picture.file.url
        if how == "copied":
            shade = self.shade(draft)
            file = ContentFile(png(shade), name="mine.png")
            copy = save_picture(self.site, title="M", alternative="", by="Eve", file=file)
            address = copy.file.url
            self.shades[address] = shade
        fields = {
            "in HTML": {"text": f'<img src="{address}" alt="{words}">'},
            "in a row": {"frames": [{"image": address, "image_alt": words}]},
        }.get(how, {"image": address, "image_alt": words})
        show(self.site, {"en": fields})

    @invariant()
    def what_would_be_shown_had_its_yes(self):
        try:
            release = freeze(self.site, 1)
        except Refusal:
            return
        slot = page(release, NOTHING_LEARNED, STRANGER, asking("home.hero")).slots["home.hero"]
        shown = [shade for address, shade in self.shades.items() if f'"{address}"' in slot.html]
        assert bool(shown) == bool(slot.pictures)
        for written in slot.pictures:
            draft = Draft.objects.get(pk=written.draft)
            assert {self.shade(draft)} == set(shown)
            assert (self.shade(draft), draft.picture.alternative) in self.book
            assert self.hands[written.draft].isdisjoint(written.reviewers)


def test_no_drawn_picture_gets_to_a_page_without_a_yes_of_somebody_else(site, people, hero, folder):
    save_gallery_block(site)
    for name, role in zip(PEOPLE, ("marketer", "admin", "reviewer", "reviewer"), strict=True):
        people(name, role)
    Wall.site, Wall.people = site, staticmethod(people)

    run_state_machine_as_test(
        Wall,
        settings=settings(
            max_examples=25,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )


@pytest.fixture
def folder(request, tmp_path):
    request.getfixturevalue("settings").MEDIA_ROOT = tmp_path
