"""Approved drafts whose yes would not be enough any more: back they go to whoever reviews.

In:  a site in which a segment, a picture or a rule changed.
Out: drafts that wait again. What is live stays until the next release, which refuses them.
"""

from django.db import transaction

from personalization.catalog.pictures import offer_picture
from personalization.drafts.approvals import lapse
from personalization.drafts.forbidding import forbidden_in
from personalization.drafts.lessons import unlearn
from personalization.drafts.models import Draft
from personalization.drafts.notices import ask_to_tell
from personalization.drafts.revisions import add_findings, current, locked
from personalization.drafts.terms import Terms, terms_of
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.blocks import find_block

LAPSED = "draft.lapsed"
BY = "review"  # nobody decided this; it follows


def look_again(site: Site) -> list[int]:
    """Numbers of the drafts that wait again. Doing it twice changes nothing."""
    terms = terms_of(site)
    rows = Draft.objects.filter(site=site, state=Draft.APPROVED)
    rows = rows.select_related("site", "brief", "order", "picture")
    lapsed = [
        row.pk for row in rows.prefetch_related("revisions", "reviews") if lapse(row, terms=terms)
    ]
    return [number for number in lapsed if _put_back(number, terms)]


def put_back(draft: Draft, *, terms: Terms) -> bool:
    """If it is approved, and its yes holds no more. The draft is locked."""
    why = lapse(draft, terms=terms) if draft.state == Draft.APPROVED else ""
    if not why:
        return False
    if find_block(draft.site, draft.block) is not None:
        revision = current(draft)
        add_findings(revision, forbidden_in(draft, revision, terms.guide))
    draft.state, draft.decided_at = Draft.WAITING, None
    draft.save(update_fields=["state", "decided_at"])
    unlearn(draft)
    if draft.picture is not None:
        offer_picture(draft.picture, by=BY, is_offered=False)
    audit.record(
        site=draft.site, actor=BY, action=LAPSED, target=str(draft.pk), changes={"reason": why}
    )
    ask_to_tell(draft.site_id)
    return True


@transaction.atomic
def _put_back(number: int, terms: Terms) -> bool:
    return put_back(locked(Draft(pk=number)), terms=terms)
