"""Where a draft stands with one reviewer: what they may do, and what they are told beforehand.

In:  a draft with its newest revision, a person. Out: a `Standing`; refusing is the verbs' part.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from personalization.drafts.approvals import (
    has_said_yes,
    lapse,
    missing,
    segment_name,
    was_for_others,
    yeses,
)
from personalization.drafts.models import Brief, Draft, Review, Revision
from personalization.drafts.people import Person, has_a_hand_in
from personalization.drafts.terms import terms_of

OPEN = (Draft.WAITING, Draft.CHANGES)
LABELS = {
    Draft.WAITING: "pz-changed",
    Draft.CHANGES: "pz-warning",
    Draft.APPROVED: "pz-added",
    Draft.REJECTED: "pz-removed",
}


@dataclass(frozen=True, slots=True)
class Notice:
    kind: str  # "info", "warning" or "error"
    sentence: str


@dataclass(frozen=True, slots=True)
class Standing:
    """`step`: the yes that this person would give; `audience`: what it would be bound to."""

    may_review: bool
    may_edit: bool
    may_decide: bool
    may_approve: bool
    step: str
    audience: str
    notices: tuple[Notice, ...]

    @property
    def approve_words(self) -> str:
        return _("Approve (legal)") if self.step == Review.LEGAL else _("Approve")


def standing(draft: Draft, revision: Revision, who: Person) -> Standing:
    reviews = not who.abilities.isdisjoint({"review", "legal"})
    terms = terms_of(draft.site)
    why = lapse(draft, terms=terms) if draft.state == Draft.APPROVED else ""
    waits = draft.state == Draft.WAITING or bool(why)
    wanting = missing(draft, terms=terms) if waits else ()
    step = Review.LEGAL if _gives_legal(who, wanting) else Review.EDITORIAL
    has_hand = has_a_hand_in(draft, who)
    said_yes = bool(wanting) and has_said_yes(draft, who, terms=terms)
    n_hard = sum(each["is_hard"] for each in revision.findings)
    may_decide = "review" in who.abilities and draft.state != Draft.REJECTED
    is_free = waits and not (has_hand or said_yes or n_hard)
    return Standing(
        may_review=reviews,
        may_edit=not who.abilities.isdisjoint({"review", "edit"}) and draft.state != Draft.REJECTED,
        may_decide=may_decide,
        may_approve=reviews and is_free and (step in wanting or not wanting),
        step=step,
        audience=terms.audience(draft.segment),
        notices=(
            *_lapsed(draft, why, waits and was_for_others(draft, terms=terms)),
            *_notices(draft, who, wanting, n_hard, has_hand=has_hand, said_yes=said_yes),
            *_steps(who, wanting, given=any(True for _each in yeses(draft, revision, terms))),
        ),
    )


def _lapsed(draft: Draft, why: str, was_for_others: bool) -> Iterator[Notice]:
    """An approval that was given and holds no more, whether or not it stands in the queue yet."""
    if why:
        yield Notice("warning", _("It has to be looked at again. %s") % why)
    elif was_for_others:
        said = _(
            "It was approved before, and then the condition of its segment “%s” changed. Does it "
            "still suit this audience?"
        )
        yield Notice("warning", said % segment_name(draft))


def _gives_legal(who: Person, wanting: tuple[str, ...]) -> bool:
    return "legal" in who.abilities and Review.LEGAL in wanting


def _notices(
    draft: Draft,
    who: Person,
    wanting: tuple[str, ...],
    n_hard: int,
    *,
    has_hand: bool,
    said_yes: bool,
) -> Iterator[Notice]:
    if "review" not in who.abilities:
        yield Notice("info", _("You may look. Reviewers decide."))
    elif has_hand and draft.state in OPEN:
        yield Notice(
            "warning",
            _(
                "You asked for this text or edited it, so a colleague has to approve it. You may "
                "still edit it, request changes or reject it."
            ),
        )
    elif said_yes and draft.state == Draft.WAITING:
        yield Notice("info", _("You said yes. The other yes must be somebody else's."))
    if n_hard and draft.state == Draft.WAITING:
        yield Notice("warning", _cannot(n_hard))
    if draft.state == Draft.CHANGES:
        asked = _("Changes are requested. Whoever edits it puts it up for review again.")
        yield Notice("info", asked)
    if draft.state in OPEN and draft.brief.kind == Brief.IMAGE:
        said = _(
            "You decide on the picture and on its words. The other texts are the slot's own, to "
            "show it in its place."
        )
        yield Notice("info", said)
    if draft.state == Draft.APPROVED and draft.brief.kind == Brief.IMAGE:
        yield Notice("info", _("The picture is in the media library now: choose it in a content."))


def _cannot(n_hard: int) -> str:
    return (
        ngettext(
            "It cannot be approved as it stands: %d finding must change. Edit it, request "
            "changes, or reject it.",
            "It cannot be approved as it stands: %d findings must change. Edit it, request "
            "changes, or reject it.",
            n_hard,
        )
        % n_hard
    )


def _steps(who: Person, wanting: tuple[str, ...], *, given: bool) -> Iterator[Notice]:
    """Said only where one yes is not all there is to it."""
    editorial = wanting.count(Review.EDITORIAL)
    if editorial > 1 or (editorial and given):
        said = ngettext(
            "%d more person has to approve it.", "%d people have to approve it.", editorial
        )
        yield Notice("info", said % editorial)
    if Review.LEGAL in wanting:
        mine = "legal" in who.abilities
        yield Notice(
            "info",
            _("This one needs a legal yes: yours is the legal one.")
            if mine
            else _("This one needs a legal yes too, from a legal reviewer."),
        )
