"""Somebody from outside says yes to one text by a link, and whoever sent it answers for it."""

import time

import pytest

from personalization.drafts.approvals import is_approved, missing, provenance_of
from personalization.drafts.guests import LASTS, invite, open_invitation
from personalization.drafts.models import Review
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import approve, reject
from personalization.drafts.revisions import edit
from personalization.exceptions import Conflict, Forbidden, Malformed, NotFound
from personalization.govern.models import AuditEntry, Membership
from personalization.govern.sites import make_site
from tests.drafts.conftest import DRY, sha_of, soft_of


def link(draft, by, name="Dr. Weiss", **options):
    return invite(draft, name=name, by=by, sha256=sha_of(draft), **options)


def yes(draft, who, **options):
    return approve(draft, by=who, sha256=sha_of(draft), acknowledged=soft_of(draft), **options)


def test_a_guest_approves_under_their_name(site, written, ruben):
    draft = written()
    invitation = open_invitation(site.pk, link(draft, ruben))

    assert is_approved(yes(invitation.draft, invitation.guest))
    assert provenance_of(draft).reviewers == ("Dr. Weiss",)
    review = Review.objects.get()
    assert (review.by, review.invited_by, review.reviewer) == ("Dr. Weiss", "Ruben", None)
    assert AuditEntry.objects.get(action="draft.invited").changes["guest"] == "Dr. Weiss"


def test_who_asked_or_edited_invites_nobody(written, mara, people, ruben):
    admin = people("Ada", "admin")
    draft = written(by=admin)
    with pytest.raises(Forbidden):
        link(draft, admin)

    other = written()
    edit(other, {"text": DRY}, by=ruben, sha256=sha_of(other))
    with pytest.raises(Forbidden):
        link(other, ruben)
    with pytest.raises(Forbidden, match="role"):
        link(other, mara)


@pytest.mark.parametrize("name", ["mara", " Mara ", "Mara Linde", "mara@shop.example"])
def test_who_asked_is_not_invited_under_any_of_their_names(written, mara, ruben, name):
    mara.account.first_name, mara.account.last_name = "Mara", "Linde"
    mara.account.save()

    with pytest.raises(Malformed, match="asked for this"):
        link(written(), ruben, name=name)


def test_the_guests_yes_and_the_inviters_are_one(site, written, ruben, grace):
    save_policy(site, {"two_approvals": True}, by="Ada")
    draft = written()
    guest = open_invitation(site.pk, link(draft, ruben)).guest
    yes(draft, guest)

    with pytest.raises(Conflict, match="somebody else"):
        yes(draft, ruben)
    assert missing(draft) == ("editorial",)
    assert is_approved(yes(draft, grace))


def test_a_lawyer_from_outside_says_the_legal_yes(site, written, germans, ruben, lena):
    save_policy(site, {"legal_segments": ["germans"]}, by="Ada")
    draft = yes(written(segment="germans"), ruben)
    with pytest.raises(Forbidden):
        link(draft, ruben, step=Review.LEGAL)
    invitation = open_invitation(site.pk, link(draft, lena, step=Review.LEGAL))

    with pytest.raises(Forbidden):
        yes(draft, invitation.guest)
    assert is_approved(yes(draft, invitation.guest, step=Review.LEGAL))


def test_the_link_dies_with_its_text(site, written, ruben, mara):
    draft = written()
    token = link(draft, ruben)
    guest = open_invitation(site.pk, token).guest
    edit(draft, {"text": DRY}, by=mara, sha256=sha_of(draft))

    with pytest.raises(Conflict, match="changed since"):
        open_invitation(site.pk, token)
    with pytest.raises(Forbidden, match="another text"):
        yes(draft, guest)


def test_the_link_is_for_one_draft(site, written, ruben):
    guest = open_invitation(site.pk, link(written(), ruben)).guest

    with pytest.raises(Forbidden, match="another text"):
        yes(written(DRY), guest)
    with pytest.raises(Forbidden, match="another text"):
        other = written(DRY)
        reject(other, by=guest, sha256=sha_of(other), reason="other")


def test_a_guest_edits_nothing_and_invites_nobody(site, written, ruben):
    draft = written()
    guest = open_invitation(site.pk, link(draft, ruben)).guest

    with pytest.raises(Conflict):
        edit(draft, {"text": DRY}, by=guest, sha256=sha_of(draft))
    with pytest.raises(Forbidden):
        link(draft, guest)


def test_the_link_expires(site, written, ruben, monkeypatch):
    token = link(written(), ruben)
    later = time.time() + LASTS.total_seconds() + 1
    monkeypatch.setattr(time, "time", lambda: later)

    with pytest.raises(NotFound, match="not valid any more"):
        open_invitation(site.pk, token)


def test_the_link_dies_when_its_inviter_leaves(site, written, ruben):
    token = link(written(), ruben)
    Membership.objects.filter(user=ruben.account).delete()

    with pytest.raises(NotFound):
        open_invitation(site.pk, token)


def test_a_link_of_another_site_or_a_changed_one_opens_nothing(site, written, ruben):
    token = link(written(), ruben)
    other = make_site(name="Other", origins=[], by="test").site

    for site_id, said in ((other.pk, token), (site.pk, "x" + token), (site.pk, "")):
        with pytest.raises(NotFound):
            open_invitation(site_id, said)
