"""A yes is a person's own, of somebody else's text, to exactly the text that they saw."""

from datetime import timedelta

import pytest

from personalization import clock
from personalization.drafts.approvals import is_approved, missing, provenance_of
from personalization.drafts.assigning import assign, set_due
from personalization.drafts.guides import save_guide
from personalization.drafts.models import Draft, Review
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import (
    UNDO,
    approve,
    approve_all,
    reject,
    request_changes,
    undo,
)
from personalization.drafts.revisions import current, edit
from personalization.exceptions import Conflict, Forbidden, Malformed
from personalization.govern.models import AuditEntry
from personalization.targeting.models import CustomBlock
from tests.drafts.conftest import DRY, WARM, order_of, receive, sha_of, soft_of


def yes(draft, by, **options):
    options = {"sha256": sha_of(draft), "acknowledged": soft_of(draft), **options}
    return approve(draft, by=by, **options)


def test_a_colleagues_yes_approves_and_says_who_and_what(written, mara, ruben):
    draft = yes(written(segment="germans"), ruben)

    assert is_approved(draft)
    said = provenance_of(draft)
    assert (said.author, said.reviewers, said.model) == ("Mara", ("Ruben",), "writer-1")
    assert (said.segment, said.prompt) == ("germans", "shipped:1a2b3c4d")
    assert said.is_of({"text": WARM}, block="note", locale="en")
    entry = AuditEntry.objects.get(action="draft.approved")
    assert (entry.actor, entry.changes["sha256"]) == ("Ruben", said.sha256)


def test_who_asked_does_not_approve(written, people):
    admin = people("Ada", "admin")
    draft = written(by=admin)

    with pytest.raises(Forbidden, match="colleague"):
        yes(draft, admin)
    assert not is_approved(draft)


def test_who_edited_does_not_approve_and_not_what_others_edit_after_them(written, ruben, grace):
    draft = written()
    edit(draft, {"text": DRY}, by=ruben, sha256=sha_of(draft))
    edit(draft, {"text": DRY + " Now!"}, by=grace, sha256=sha_of(draft))

    for who in (ruben, grace):
        with pytest.raises(Forbidden):
            yes(draft, who)


def test_who_asked_anew_does_not_approve_what_came_of_it(brief, mara, ruben, grace):
    order = order_of(brief(), round=2)
    order.author, order.by = ruben.account, ruben.name
    order.save()
    draft = receive(order, {"text": WARM})

    with pytest.raises(Forbidden):
        yes(draft, ruben)
    assert is_approved(yes(draft, grace))


def test_an_account_that_was_deleted_still_has_a_hand_in_its_text(written, people, grace):
    ada = people("Ada", "admin")
    draft = written(by=ada)
    ada.account.delete()

    with pytest.raises(Forbidden):
        yes(draft, people("Ada", "admin"))


@pytest.mark.parametrize("role", ["marketer", "editor", "analyst", "privacy_officer"])
def test_roles_without_review_decide_nothing(written, people, role):
    draft, somebody = written(), people("Sam", role)

    with pytest.raises(Forbidden, match="role"):
        yes(draft, somebody)
    with pytest.raises(Forbidden):
        reject(draft, by=somebody, sha256=sha_of(draft), reason="other")


def test_a_yes_to_a_text_that_changed_meanwhile_is_refused(written, mara, ruben):
    draft = written()
    before = sha_of(draft)
    edit(draft, {"text": DRY}, by=mara, sha256=before)

    with pytest.raises(Conflict, match="changed meanwhile"):
        yes(draft, ruben, sha256=before)


def test_an_edit_takes_the_yes_back(written, mara, ruben):
    draft = yes(written(), ruben)
    edit(draft, {"text": DRY}, by=mara, sha256=sha_of(draft))

    draft.refresh_from_db()
    assert draft.state == Draft.WAITING
    assert not is_approved(draft)


def test_an_edit_that_changes_nothing_is_none(written, mara, ruben):
    draft = yes(written(), ruben)
    edit(draft, {"text": WARM}, by=mara, sha256=sha_of(draft))

    draft.refresh_from_db()
    assert is_approved(draft)
    assert draft.revisions.count() == 1


def test_a_text_altered_in_the_database_is_not_approved(written, ruben):
    draft = yes(written(), ruben)
    draft.revisions.update(fields={"text": "Something else entirely."})

    assert not is_approved(draft)


def test_a_hard_finding_stands_in_the_way(site, written, ruben):
    save_guide(site, {"forbidden": [{"text": "boots", "why": "we say shoes"}]}, by="Ada")
    draft = written()

    with pytest.raises(Conflict, match="boots") as refused:
        yes(draft, ruben)
    assert [(e.path, e.code) for e in refused.value.errors] == [("text", "forbidden")]


def test_what_became_forbidden_since_it_was_written_stands_in_the_way_too(site, written, ruben):
    draft = written()
    save_guide(site, {"forbidden": [{"text": "boots", "why": ""}]}, by="Ada")

    with pytest.raises(Conflict, match="rules changed"):
        yes(draft, ruben)
    assert current(draft).findings[0]["code"] == "forbidden"


def test_a_soft_finding_must_be_ticked_off(site, written, ruben):
    save_guide(site, {"forbidden": [{"text": "boots", "why": "", "is_hard": False}]}, by="Ada")
    draft = written()

    with pytest.raises(Malformed, match="tick it off"):
        yes(draft, ruben, acknowledged=[])
    assert is_approved(yes(draft, ruben, acknowledged=soft_of(draft)))
    assert ["forbidden", "text"] in Review.objects.get().acknowledged


class TestTwoApprovals:
    @pytest.fixture(autouse=True)
    def _asked(self, site):
        save_policy(site, {"two_approvals": True}, by="Ada")

    def test_one_is_not_enough(self, written, ruben):
        draft = yes(written(), ruben)

        assert missing(draft) == ("editorial",)
        assert not is_approved(draft)

    def test_the_same_person_twice_is_one(self, written, ruben):
        draft = yes(written(), ruben)

        with pytest.raises(Conflict, match="somebody else"):
            yes(draft, ruben)

    def test_two_people_approve(self, written, ruben, grace):
        draft = yes(yes(written(), ruben), grace)

        assert is_approved(draft)
        assert provenance_of(draft).reviewers == ("Ruben", "Grace")

    def test_a_no_in_between_takes_the_first_yes_back(self, written, mara, ruben, grace):
        draft = yes(written(), ruben)
        request_changes(draft, by=grace, sha256=sha_of(draft), remark="Shorter")
        edit(draft, {"text": DRY}, by=mara, sha256=sha_of(draft))

        assert missing(yes(draft, grace)) == ("editorial",)


class TestTheLegalStep:
    @pytest.fixture(autouse=True)
    def _asked(self, site, germans):
        document = {"legal_words": ["guarantee*"], "legal_segments": ["germans"]}
        save_policy(site, document, by="Ada")

    @pytest.mark.parametrize(
        ("text", "segment"), [("We guarantee warm feet.", None), (WARM, "germans")]
    )
    def test_words_and_segments_need_a_lawyer_beside_the_editor(
        self, written, ruben, lena, text, segment
    ):
        draft = yes(written(text, segment=segment), ruben)

        assert missing(draft) == ("legal",)
        assert is_approved(yes(draft, lena, step=Review.LEGAL))

    def test_other_texts_do_not(self, written, ruben):
        assert is_approved(yes(written(), ruben))

    def test_only_a_legal_reviewer_says_the_legal_yes(self, written, ruben, lena):
        draft = written(segment="germans")

        with pytest.raises(Forbidden):
            yes(draft, ruben, step=Review.LEGAL)
        yes(draft, lena, step=Review.LEGAL)
        with pytest.raises(Conflict, match="somebody else"):
            yes(draft, lena)


class TestSayingNo:
    def test_it_needs_a_reason_of_the_list(self, written, ruben):
        draft = written()

        with pytest.raises(Malformed, match="one of the reasons"):
            reject(draft, by=ruben, sha256=sha_of(draft), reason="because")
        reject(draft, by=ruben, sha256=sha_of(draft), reason="claim")
        with pytest.raises(Conflict, match="rejected"):
            yes(draft, ruben)

    def test_an_approved_text_can_be_rejected_still(self, written, ruben, grace):
        draft = yes(written(), ruben)
        reject(draft, by=grace, sha256=sha_of(draft), reason="wrong_fact")

        draft.refresh_from_db()
        assert not is_approved(draft)

    def test_it_can_be_said_though_the_block_is_gone(self, written, ruben):
        draft = written()
        CustomBlock.objects.all().delete()

        with pytest.raises(Conflict, match="only be rejected"):
            yes(draft, ruben, acknowledged=[])
        assert reject(draft, by=ruben, sha256=sha_of(draft), reason="other").state == "rejected"

    def test_who_wants_changes_says_which(self, written, ruben):
        draft = written()

        with pytest.raises(Malformed, match="what should change"):
            request_changes(draft, by=ruben, sha256=sha_of(draft), remark=" ")


class TestTakingBack:
    def test_ones_own_no_within_the_hour(self, written, ruben):
        draft = written()
        reject(draft, by=ruben, sha256=sha_of(draft), reason="other")
        undo(draft, by=ruben)

        assert is_approved(yes(draft, ruben))

    def test_a_no_to_an_approved_text_leaves_it_approved(self, written, ruben, grace):
        draft = yes(written(), ruben)
        reject(draft, by=grace, sha256=sha_of(draft), reason="other")

        assert is_approved(undo(draft, by=grace))

    def test_ones_own_yes(self, written, ruben):
        draft = undo(yes(written(), ruben), by=ruben)

        assert draft.state == Draft.WAITING
        assert not is_approved(draft)

    def test_never_somebody_elses(self, written, ruben, grace):
        draft = yes(written(), ruben)

        with pytest.raises(Conflict, match="nothing of yours"):
            undo(draft, by=grace)

    def test_not_after_an_hour(self, written, ruben):
        draft = yes(written(), ruben)
        Review.objects.update(created_at=clock.now() - UNDO - timedelta(seconds=1))

        with pytest.raises(Conflict, match="hour"):
            undo(draft, by=ruben)


class TestManyAtOnce:
    def test_those_without_findings_are_approved_and_the_others_left(
        self, site, brief, written, ruben
    ):
        save_guide(site, {"forbidden": [{"text": "boots", "why": "", "is_hard": False}]}, by="Ada")
        clean, doubtful = written("Welcome to our shop in the woods."), written(WARM)
        seen = {draft.pk: sha_of(draft) for draft in (clean, doubtful)}

        batch = approve_all(seen, [clean, doubtful], by=ruben)

        assert batch.approved == (clean.pk,)
        assert "looked at alone" in batch.left[doubtful.pk]

    def test_one_that_changed_since_the_list_was_drawn_is_left(self, written, mara, ruben):
        draft = written("Welcome to our shop in the woods.")
        seen = {draft.pk: sha_of(draft)}
        edit(draft, {"text": "Come in, the kettle is on."}, by=mara, sha256=sha_of(draft))
        draft.refresh_from_db()

        assert approve_all(seen, [draft], by=ruben).approved == ()


class TestWhoseTurnItIs:
    def test_a_reviewer_is_assigned_until_a_date(self, written, mara, ruben):
        due = clock.now() + timedelta(days=2)
        draft = set_due(assign(written(), to=ruben.account, by=mara), due_at=due, by=mara)

        assert (draft.assigned_to, draft.due_at) == (ruben.account, due)

    def test_nobody_who_could_not_say_yes(self, written, people, mara):
        draft, admin = written(by=people("Ada", "admin")), people("Ada", "admin")

        with pytest.raises(Malformed, match="asked for this"):
            assign(draft, to=admin.account, by=mara)
        with pytest.raises(Malformed, match="does not review"):
            assign(draft, to=mara.account, by=mara)
