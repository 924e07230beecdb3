"""A person's yes or no to a draft, bound to the hash of the text that they looked at.

Nobody approves what they asked for or edited. A hard finding stands in the way of a yes; a soft
one must be acknowledged by everybody who gives theirs.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization import clock
from personalization.catalog.pictures import offer_picture
from personalization.drafts.approvals import has_said_yes, missing
from personalization.drafts.checks import check
from personalization.drafts.lapses import put_back
from personalization.drafts.lessons import learn_from_no, learn_from_yes, unlearn
from personalization.drafts.models import Draft, Review, Revision
from personalization.drafts.people import Person, demand, has_a_hand_in
from personalization.drafts.revisions import (
    add_findings,
    current,
    findings_of,
    hash_of,
    locked,
    note,
    seen,
)
from personalization.drafts.subjects import subject_of
from personalization.drafts.terms import terms_of
from personalization.drafts.values import Finding
from personalization.exceptions import Conflict, FieldError, Forbidden, Malformed, Refusal
from personalization.targeting.reading import malformed

REASONS: Final = {
    "wrong_fact": gettext_lazy("a fact is wrong"),
    "off_brand": gettext_lazy("not how we speak"),
    "claim": gettext_lazy("a claim that we cannot make"),
    "audience": gettext_lazy("not for this audience"),
    "language": gettext_lazy("bad language or spelling"),
    "repetitive": gettext_lazy("says nothing new"),
    "unsafe": gettext_lazy("unsafe, or not ours to say"),
    "other": gettext_lazy("something else"),
}
UNDO: Final = timedelta(hours=1)
Where = tuple[str, str]  # a finding's (code, path)


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of approving many: the drafts' numbers, and why the others were left."""

    approved: tuple[int, ...]
    left: Mapping[int, str]


def approve(
    draft: Draft,
    *,
    by: Person,
    sha256: str,
    acknowledged: Collection[Where] = (),
    step: str = Review.EDITORIAL,
    remark: str = "",
    audience: str | None = None,
) -> Draft:
    """Say yes to the text with this hash; it is approved once nobody's yes is missing any more.

    `audience`: the hash of the segment's condition that was looked at, where the caller knows it.
    """
    demand(by, "legal" if step == Review.LEGAL else "review")
    _keep_to_invitation(by, draft, sha256)
    recheck(draft)
    return _approve(draft, by, sha256, frozenset(acknowledged), step, remark, audience)


def approve_all(seen_texts: Mapping[int, str], drafts: Iterable[Draft], *, by: Person) -> Batch:
    """Yes to each of these drafts that has no finding at all. `seen_texts`: draft -> sha256."""
    approved: list[int] = []
    left: dict[int, str] = {}
    for draft in drafts:
        try:
            _refuse_any_finding(draft)
            approve(draft, by=by, sha256=seen_texts.get(draft.pk, ""))
            approved.append(draft.pk)
        except Refusal as refused:
            left[draft.pk] = refused.detail
    return Batch(tuple(approved), left)


@transaction.atomic
def request_changes(
    draft: Draft, *, by: Person, sha256: str, remark: str, state: str | None = None
) -> Draft:
    """Send it back with a word on what to change; whoever edits it puts it up again.

    `state`: the one that was looked at, where the caller knows it.
    """
    demand(by, "review", "legal")
    _keep_to_invitation(by, draft, sha256)
    if not remark.strip():
        raise malformed("remark", "required", _("Say what should change."))
    draft = locked(draft)
    revision = seen(draft, sha256)
    if state is not None and state != draft.state:
        raise Conflict(decided_meanwhile(draft))
    _refuse_state(draft, Draft.REJECTED)
    _say(draft, revision, by, Review.CHANGES, remark=remark)
    return _decide(draft, Draft.CHANGES, "sent_back", by, {"remark": remark})


@transaction.atomic
def reject(
    draft: Draft,
    *,
    by: Person,
    sha256: str,
    reason: str,
    remark: str = "",
    state: str | None = None,
) -> Draft:
    """Say no for good, for one of `REASONS`. An approved one too: it is refused when publishing.

    `state`: the one that was looked at, where the caller knows it: nobody overrules a colleague
    whose word they have not seen.
    """
    demand(by, "review", "legal")
    _keep_to_invitation(by, draft, sha256)
    if reason not in REASONS:
        raise malformed("reason", "unknown_reference", _("Choose one of the reasons."))
    draft = locked(draft)
    revision = seen(draft, sha256)
    if state is not None and state != draft.state:
        raise Conflict(decided_meanwhile(draft))
    _refuse_state(draft, Draft.REJECTED)
    _say(draft, revision, by, Review.REJECT, reason=reason, remark=remark)
    learn_from_no(draft, revision, why=remark or str(REASONS[reason]))
    changes = {"reason": reason, "remark": remark}
    return _decide(draft, Draft.REJECTED, "rejected", by, changes)


@transaction.atomic
def undo(draft: Draft, *, by: Person) -> Draft:
    """Take back one's own last word on the newest text, within the hour."""
    draft = locked(draft)
    standing = draft.reviews.filter(revision=draft.revision, undone_at__isnull=True)
    last = standing.order_by("pk").last()
    if last is None or last.by != by.name or last.invited_by != by.invited_by:
        raise Conflict(_("There is nothing of yours to take back here."))
    if clock.now() - last.created_at > UNDO:
        raise Conflict(_("An hour has passed; say something new instead."))
    last.undone_at = clock.now()
    last.save(update_fields=["undone_at"])
    unlearn(draft)
    state = _state_before(draft, standing.exclude(pk=last.pk).order_by("pk").last())
    if state == Draft.APPROVED:
        learn_from_yes(draft, current(draft))
    return _decide(draft, state, "put_back", by, {"verdict": [last.verdict, None]})


def recheck(draft: Draft) -> None:
    """The brand guide may have changed since it was written: what is hard now stands in the way.

    Refused once, with the new findings kept for the reviewer to see.
    """
    revision = current(draft)
    found = check(subject_of(draft, revision.fields))
    new = add_findings(revision, (each for each in found if each.is_hard))
    if new:
        raise Conflict(
            _("Your rules changed since this was written. Look at it again: %s") % new[0].sentence
        )


@transaction.atomic
def _approve(
    draft: Draft,
    by: Person,
    sha256: str,
    acknowledged: frozenset[Where],
    step: str,
    remark: str,
    audience: str | None,
) -> Draft:
    draft = locked(draft)
    revision = seen(draft, sha256)
    if hash_of(draft, revision.fields) != sha256:
        raise Conflict(
            _(
                "The library says something else of this picture by now. Edit the draft and save "
                "it, so that both say the same, then decide."
            )
        )
    terms = terms_of(draft.site)
    put_back(draft, terms=terms)
    now_for = terms.audience(draft.segment)
    if audience is not None and audience != now_for:
        raise Conflict(_("The segment's condition changed meanwhile. Look at it again."))
    _refuse_state(draft, Draft.APPROVED, Draft.CHANGES, Draft.REJECTED)
    if has_a_hand_in(draft, by):
        raise Forbidden(_("You asked for this text or edited it. A colleague has to approve it."))
    if missing(draft, terms=terms) and has_said_yes(draft, by, terms=terms):
        raise Conflict(_("You said yes already; the other yes must be somebody else's."))
    _refuse_findings(findings_of(revision), acknowledged)
    _say(
        draft,
        revision,
        by,
        Review.APPROVE,
        step=step,
        remark=remark,
        acknowledged=acknowledged,
        audience=now_for,
    )
    changes = {"revision": revision.number, "sha256": sha256, "step": step}
    wanting = missing(draft, terms=terms)
    if wanting:
        note(draft, "approved", by, {**changes, "missing": list(wanting)})
        return draft
    learn_from_yes(draft, revision)
    return _decide(draft, Draft.APPROVED, "approved", by, changes)


def _state_before(draft: Draft, last: Review | None) -> str:
    """What the words that still stand make of it."""
    if last is None:
        return Draft.WAITING
    if last.verdict != Review.APPROVE:
        return Draft.CHANGES if last.verdict == Review.CHANGES else Draft.REJECTED
    return Draft.WAITING if missing(draft) else Draft.APPROVED


def _refuse_findings(findings: Iterable[Finding], acknowledged: frozenset[Where]) -> None:
    hard = [each for each in findings if each.is_hard]
    if hard:
        detail = _("This cannot be approved as it stands: %s") % hard[0].sentence
        raise Conflict(detail, errors=_told(hard))
    soft = [each for each in findings if (each.code, each.path) not in acknowledged]
    if soft:
        detail = _("Look at what was found and tick it off first: %s") % soft[0].sentence
        raise Malformed(detail, errors=_told(soft))


def _refuse_any_finding(draft: Draft) -> None:
    if current(draft).findings:
        raise Conflict(_("Something was found in it; it has to be looked at alone."))


def _told(findings: Iterable[Finding]) -> tuple[FieldError, ...]:
    return tuple(FieldError(each.path, each.code, each.sentence) for each in findings)


def decided_meanwhile(draft: Draft) -> str:
    review = draft.reviews.order_by("pk").last()
    said = {"who": review.by if review else _("Somebody"), "what": draft.get_state_display()}
    return _("%(who)s decided meanwhile: %(what)s.") % said


def _refuse_state(draft: Draft, *states: str) -> None:
    if draft.state in states:
        raise Conflict(_("It waits for nobody's word any more: %s.") % draft.get_state_display())


def _keep_to_invitation(by: Person, draft: Draft, sha256: str) -> None:
    if by.bound_to is not None and by.bound_to != (draft.pk, sha256):
        raise Forbidden(_("Your invitation is for another text."))


def _say(
    draft: Draft,
    revision: Revision,
    by: Person,
    verdict: str,
    *,
    step: str = Review.EDITORIAL,
    reason: str = "",
    remark: str = "",
    acknowledged: Collection[Where] = (),
    audience: str = "",
) -> None:
    Review.objects.create(
        draft=draft,
        revision=revision.number,
        sha256=revision.sha256,
        verdict=verdict,
        step=step,
        reason=reason,
        remark=remark.strip(),
        acknowledged=sorted(map(list, acknowledged)),
        audience=audience,
        reviewer=by.account,
        by=by.name[:200],
        invited_by=by.invited_by[:200],
    )


def _decide(draft: Draft, state: str, deed: str, by: Person, changes: Mapping[str, Any]) -> Draft:
    """`changes`: JSON for the audit trail."""
    draft.state = state
    draft.decided_at = None if state == Draft.WAITING else clock.now()
    draft.save(update_fields=["state", "decided_at"])
    if draft.picture is not None:
        offer_picture(draft.picture, by=by.name, is_offered=state == Draft.APPROVED)
    note(draft, deed, by, changes)
    return draft
