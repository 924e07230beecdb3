"""Contents of a campaign that are shown outside of it, so that they outlive it."""

from collections.abc import Iterator

from django.db.models import Q
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.publish.findings import Finding, warn
from personalization.targeting.models import Content
from rules.types import Release


def check_campaigns(site: Site, release: Release) -> Iterator[Finding]:
    """A content has no window of its own: only rules of its campaign end with the campaign."""
    bound = Q(campaign__start__isnull=False) | Q(campaign__end__isnull=False)
    rows = Content.objects.filter(bound, site=site).values_list("key", "campaign__key")
    campaign_of = dict(rows)
    for slot in release.slots.values():
        for rule in slot.rules:
            campaign = campaign_of.get(rule.content)
            if campaign is not None and rule.campaign != campaign:
                sentence = _(
                    "Its content belongs to the campaign “%s” and it does not, so it shows it "
                    "before and after the campaign too."
                )
                yield warn("outside_campaign", f"rules.{rule.key}", sentence % campaign)
