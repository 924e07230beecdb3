"""An outside approver: a signed link to one text, for one person, until a day.

In:  a draft, a name. Out: a token; later, the `Invitation` that it proves.

Nothing is stored. The link dies with the text: any further revision has another hash. Whoever
gives it out answers for it, so it must be somebody who could say that yes; theirs and the guest's
count as one.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from django.contrib.auth import get_user_model
from django.db import transaction
from django.utils.translation import gettext as _

from personalization import clock
from personalization.drafts.models import Draft, Review
from personalization.drafts.people import Person, demand, has_a_hand_in, person
from personalization.drafts.revisions import current, note, seen
from personalization.exceptions import Conflict, Forbidden, NotFound
from personalization.govern.tokens import guest_token, read_guest_token
from personalization.targeting.reading import malformed

LASTS: Final = timedelta(days=7)
LONGEST: Final = 120  # characters of a name
ABILITY: Final = {Review.EDITORIAL: "review", Review.LEGAL: "legal"}


@dataclass(frozen=True, slots=True)
class Invitation:
    """`guest` decides on the draft's text with `sha256`, and on nothing else."""

    draft: Draft
    guest: Person
    step: str
    sha256: str
    until: datetime | None  # None: links made before it was told


@transaction.atomic
def invite(
    draft: Draft, *, name: str, by: Person, sha256: str, step: str = Review.EDITORIAL
) -> str:
    """A token for a link that this person may open for a week."""
    if by.is_guest or step not in ABILITY:
        raise Forbidden(_("A guest invites nobody."))
    demand(by, ABILITY[step])
    if has_a_hand_in(draft, by):
        raise Forbidden(_("You asked for this text or edited it. A colleague has to invite."))
    name = " ".join(name.split())
    if not name or len(name) > LONGEST:
        raise malformed("name", "required", _("Say who is invited, by name."))
    seen(draft, sha256)
    expires = clock.now() + LASTS
    claims = {
        "draft": draft.pk,
        "sha256": sha256,
        "name": name,
        "step": step,
        "by": by.account.pk,
        "until": clock.to_us(expires),
    }
    guest = _guest(draft, claims, by)
    if has_a_hand_in(draft, guest):
        detail = _("%s asked for this text or edited it. Invite somebody else.")
        raise malformed("name", "own", detail % name)
    note(draft, "invited", by, {"guest": name, "step": step, "until": expires.isoformat()})
    return guest_token(draft.site_id, claims, int(expires.timestamp()))


def open_invitation(site_id: int, token: str | None) -> Invitation:
    """Refused once it is too old, its text has changed, or its inviter may not review any more."""
    claims = read_guest_token(site_id, token)
    drafts = Draft.objects.select_related("site", "brief", "order").filter(site_id=site_id)
    draft = drafts.filter(pk=claims["draft"]).first() if claims else None
    if claims is None or draft is None:
        raise NotFound(_("This link is not valid any more. Ask whoever sent it for a new one."))
    if current(draft).sha256 != claims["sha256"]:
        raise Conflict(_("The text has changed since you were invited. Ask for a new link."))
    account = get_user_model()._default_manager.filter(pk=claims["by"]).first()
    inviter = person(account, draft.site) if account is not None else None
    if inviter is None or ABILITY[claims["step"]] not in inviter.abilities:
        raise NotFound(_("This link is not valid any more. Ask whoever sent it for a new one."))
    guest = _guest(draft, claims, inviter)
    until = clock.from_us(claims["until"]) if "until" in claims else None
    return Invitation(draft, guest, claims["step"], claims["sha256"], until)


def _guest(draft: Draft, claims: dict[str, Any], inviter: Person) -> Person:
    return Person(
        name=claims["name"],
        abilities=frozenset({ABILITY[claims["step"]]}),
        invited_by=inviter.name,
        bound_to=(draft.pk, claims["sha256"]),
    )
