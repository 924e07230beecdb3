"""Where an approved text can go, for the panel on its page."""

from typing import Any

from django.http import HttpRequest

from personalization.drafts.approvals import is_approved
from personalization.drafts.models import Brief, Draft
from personalization.drafts.using import contents_of
from personalization.studio.current import allowed
from personalization.targeting.models import Experiment, Slot


def use_offer(request: HttpRequest, draft: Draft) -> dict[str, Any]:
    """What the panel of an approved text offers to those who edit the site's pages."""
    may_use = (
        draft.brief.kind == Brief.TEXT
        and allowed(request, "edit", draft.site)
        and is_approved(draft)
    )
    if not may_use:
        return {"may_use": False}
    slots = Slot.objects.filter(site=draft.site_id).order_by("name", "key")
    tests = Experiment.objects.filter(site=draft.site_id).select_related("slot", "segment")
    return {
        "may_use": True,
        "slots": slots,
        "tests": [
            each for each in tests if (each.segment.key if each.segment else "") == draft.segment
        ],
        "used_in": contents_of(draft),
    }
