"""Whatever people do, in whatever order: what is shown had a yes of somebody else.

A machine of verbs against a book of its own: who asked, who edited, who said yes to which text.
"""

import pytest
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

from personalization import clock
from personalization.drafts.briefs import save_brief
from personalization.drafts.guests import invite, open_invitation
from personalization.drafts.lapses import look_again
from personalization.drafts.models import Draft
from personalization.drafts.reviewing import approve, reject, request_changes, undo
from personalization.drafts.revisions import current, edit
from personalization.drafts.using import use_as_arm, use_as_default, use_as_rule
from personalization.exceptions import Refusal
from personalization.publish.freeze import freeze
from personalization.render.core import page
from personalization.targeting import documents
from personalization.targeting.models import Content, Experiment, Rule, Slot
from rules.types import ALL_PURPOSES, NOTHING_LEARNED, Request, Visitor
from tests.drafts.conftest import order_of, receive, soft_of

PEOPLE = ("Mara", "Ada", "Ruben", "Grace")
TEXTS = (
    "Stay warm this winter, with boots that last.",
    "Dry feet on every path: boots for wet days.",
    "A tent that stands before the kettle boils.",
)
PLAIN = "People wrote this default themselves."

pytestmark = pytest.mark.django_db


class Desk(RuleBasedStateMachine):
    """`book`: each (text, segment, its country then) that had a yes. `hands`: draft -> who asked
    for it or edited.

    `models_words`: texts that nobody had on the site before a draft held them.
    """

    site = people = None  # set by the test

    def __init__(self):
        super().__init__()
        self.book: set[tuple[str, str, str]] = set()
        self.country = "DE"  # of whom the segment is
        self.models_words: set[str] = set()
        self.hands: dict[int, set[str]] = {}

    names = st.sampled_from(PEOPLE)
    texts = st.sampled_from(TEXTS)
    picks = st.integers(0, 3)

    def draft(self, pick):
        drafts = list(Draft.objects.order_by("pk"))
        return drafts[pick % len(drafts)]

    def attempt(self, deed):
        """Refusals are fine; the invariant says what must not have happened."""
        try:
            return deed()
        except Refusal:
            return None

    def has_drafts(self):
        return Draft.objects.exists()

    @rule(name=st.sampled_from(("Mara", "Ada")), text=texts, for_germans=st.booleans())
    def ask_and_receive(self, name, text, for_germans):
        if Draft.objects.count() >= 4:
            return
        document = {"block": "note", "slot": "home.hero", "goal": "Sell", "locales": ["en"]}
        document["segment"] = "germans" if for_germans else None
        brief = save_brief(self.site, document, by=self.people(name))
        self.note_words(text)
        draft = receive(order_of(brief), {"text": text})
        self.hands[draft.pk] = {name}

    @precondition(has_drafts)
    @rule(pick=picks, name=names, text=texts)
    def edit(self, pick, name, text):
        draft = self.draft(pick)
        before = current(draft)
        if text != before.fields["text"]:
            self.note_words(text)
        after = self.attempt(
            lambda: edit(draft, {"text": text}, by=self.people(name), sha256=before.sha256)
        )
        if after is not None and after.number != before.number:
            self.hands[draft.pk].add(name)

    @precondition(has_drafts)
    @rule(pick=picks, name=names)
    def approve(self, pick, name):
        draft = self.draft(pick)
        self.say_yes(draft, self.people(name), {name})

    @precondition(has_drafts)
    @rule(pick=picks, name=names, guest=st.sampled_from((*PEOPLE, "Dr. Weiss")))
    def approve_as_guest(self, pick, name, guest):
        draft = self.draft(pick)
        sha256 = current(draft).sha256
        by = self.people(name)
        token = self.attempt(lambda: invite(draft, name=guest, by=by, sha256=sha256))
        if token is not None:
            self.say_yes(draft, open_invitation(self.site.pk, token).guest, {name, guest})

    def say_yes(self, draft, who, roots):
        revision = current(draft)
        said = self.attempt(
            lambda: approve(draft, by=who, sha256=revision.sha256, acknowledged=soft_of(draft))
        )
        if said is not None:
            assert roots.isdisjoint(self.hands[draft.pk])
            self.book.add((revision.fields["text"], draft.segment, self.country_of(draft.segment)))

    def country_of(self, segment):
        return self.country if segment else ""

    @rule(country=st.sampled_from(("DE", "FR")), a_worker_comes=st.booleans())
    def change_the_segment(self, country, a_worker_comes):
        rules = [{"field": "country", "operator": "=", "value": country}]
        condition = {"combinator": "and", "rules": rules}
        document = {"key": "germans", "name": "Germans", "condition": condition}
        documents.save_segment(self.site, document, by="Eve")
        self.country = country
        if a_worker_comes:
            look_again(self.site)

    @precondition(has_drafts)
    @rule(pick=picks, name=names, how=st.sampled_from(("reject", "changes", "undo")))
    def say_no(self, pick, name, how):
        draft, by = self.draft(pick), self.people(name)
        sha256 = current(draft).sha256
        deeds = {
            "reject": lambda: reject(draft, by=by, sha256=sha256, reason="other"),
            "changes": lambda: request_changes(draft, by=by, sha256=sha256, remark="Shorter"),
            "undo": lambda: undo(draft, by=by),
        }
        self.attempt(deeds[how])

    @precondition(has_drafts)
    @rule(pick=picks, how=st.sampled_from((use_as_rule, use_as_arm, use_as_default)))
    def use(self, pick, how):
        draft, slot = self.draft(pick), Slot.objects.get(site=self.site)
        self.attempt(lambda: how(draft, slot=slot, by=self.people("Mara")))

    @rule(text=texts, keep_mark=st.booleans(), segment=st.sampled_from(("germans", None)))
    def write_by_hand(self, text, keep_mark, segment):
        """An editor saves other words, or another's, and shows them to somebody."""
        row = Content.objects.exclude(generated={}).order_by("pk").first()
        key = row.key if row is not None and keep_mark else "own"
        document = {"key": key, "block": "note", "fields": {"en": {"text": text}}}
        self.attempt(lambda: documents.save_content(self.site, document, by="Eve"))
        shown = {"key": "own-rule", "slot": "home.hero", "content": key, "segment": segment}
        self.attempt(lambda: documents.save_rule(self.site, shown, by="Eve"))

    @rule()
    def clear(self):
        """Somebody takes everything off the page, so that publishing can go on."""
        Rule.objects.all().delete()
        Experiment.objects.all().delete()
        slot = documents.to_document(Slot.objects.get(site=self.site))
        documents.save_slot(self.site, {**slot, "default": "plain"}, by="Eve")

    @invariant()
    def what_would_be_shown_had_its_yes(self):
        try:
            release = freeze(self.site, 1)
        except Refusal:
            return
        for text, written in self.shown(release):
            if written is not None:
                assert (text, written.segment, self.country_of(written.segment)) in self.book
                assert self.hands[written.draft].isdisjoint(written.reviewers)
            else:
                assert text not in self.models_words or self.is_approved(text)

    def shown(self, release):
        """Every text that some visitor would see, and where it came from."""
        for country in ("DE", "FR"):
            for number in range(6):
                visitor = Visitor(unit=f"v{number}", purposes=ALL_PURPOSES)
                request = Request(("home.hero",), clock.now(), {"country": country}, locale="en")
                slot = page(release, NOTHING_LEARNED, visitor, request).slots["home.hero"]
                yield slot.html.removeprefix("<p>").removesuffix("</p>"), slot.provenance

    def is_approved(self, text):
        rows = Draft.objects.filter(state=Draft.APPROVED)
        return any(current(row).fields["text"] == text for row in rows)

    def note_words(self, text):
        """A model's, unless somebody had them on the site before."""
        if not Content.objects.filter(generated={}, fields__en__text=text).exists():
            self.models_words.add(text)


@pytest.fixture
def desk(site, people, hero, note, germans):
    note("plain", PLAIN)
    for name, role in zip(PEOPLE, ("marketer", "admin", "reviewer", "reviewer"), strict=True):
        people(name, role)
    Desk.site, Desk.people = site, staticmethod(people)
    return Desk


def test_nothing_gets_to_a_page_without_a_yes_of_somebody_else(desk):
    class InItsOwnTransaction(desk):
        """Each run begins with the same empty desk."""

        def __init__(self):
            super().__init__()
            self.atomic = transaction.atomic()
            self.atomic.__enter__()

        def teardown(self):
            transaction.set_rollback(True)
            self.atomic.__exit__(None, None, None)

    run_state_machine_as_test(
        InItsOwnTransaction,
        settings=settings(
            max_examples=15,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
