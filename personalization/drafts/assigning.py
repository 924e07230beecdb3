"""Whose turn a draft is, and until when."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts.models import Brief, Draft
from personalization.drafts.people import Person, demand, has_a_hand_in, person
from personalization.drafts.revisions import locked, note
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.reading import malformed


@transaction.atomic
def assign(draft: Draft, *, to: Any, by: Person) -> Draft:  # a user model of the host's choosing
    """Whose turn it is; None: anybody's. Somebody who could not say yes is refused."""
    demand(by, "review", "edit")
    draft = locked(draft)
    if to is not None:
        _refuse_unfit(draft, to)
    before, draft.assigned_to = draft.assigned_to, to
    draft.save(update_fields=["assigned_to"])
    names = [str(each) if each is not None else None for each in (before, to)]
    note(draft, "assigned", by, {"assigned_to": names})
    return draft


@transaction.atomic
def set_due(draft: Draft, *, due_at: datetime | None, by: Person) -> Draft:
    demand(by, "review", "edit")
    draft = locked(draft)
    before, draft.due_at = draft.due_at, due_at
    draft.save(update_fields=["due_at"])
    moments = [each.isoformat() if each else None for each in (before, due_at)]
    note(draft, "assigned", by, {"due_at": moments})
    return draft


@transaction.atomic
def assign_brief(brief: Brief, *, to: Any, by: Person) -> Brief:  # likewise
    """Who is to review what will be written; drafts take it over."""
    demand(by, "edit")
    if to is not None:
        _refuse_no_reviewer(to, brief.site)
        if brief.author_id == to.pk:
            detail = _("%s asks for this text. Choose somebody else.")
            raise malformed("assigned_to", "own", detail % to)
    before, brief.assigned_to = brief.assigned_to, to
    brief.save(update_fields=["assigned_to"])
    audit.record(
        site=brief.site,
        actor=by.name,
        action="brief.assigned",
        target=str(brief.pk),
        changes={"assigned_to": [str(each) if each is not None else None for each in (before, to)]},
    )
    return brief


def _refuse_unfit(draft: Draft, to: Any) -> None:  # likewise
    reviewer = _refuse_no_reviewer(to, draft.site)
    if has_a_hand_in(draft, reviewer):
        detail = _("%s asked for this text or edited it. Choose somebody else.")
        raise malformed("assigned_to", "own", detail % to)


def _refuse_no_reviewer(to: Any, site: Site) -> Person:  # likewise
    reviewer = person(to, site)
    if reviewer.abilities.isdisjoint({"review", "legal"}):
        detail = _("%s does not review on this site. Choose somebody else, or change their role.")
        raise malformed("assigned_to", "role", detail % to)
    return reviewer
