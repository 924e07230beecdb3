"""What a yes is measured by today: the site's policy and guide, and its segments as they are now.

A yes was given under earlier terms, maybe; it holds as long as it would be enough under these.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from personalization.drafts.guides import guide_of
from personalization.drafts.policies import Policy, policy_of
from personalization.drafts.values import Guide
from personalization.govern.models import Site
from personalization.targeting.segments import site_segments
from rules import Condition, Invalid
from rules.provenance import audience_binding

UNREADABLE: Final = "unreadable"  # nothing can be published for such a segment anyway


@dataclass(frozen=True, slots=True)
class Terms:
    policy: Policy
    guide: Guide
    segments: Mapping[str, Condition]

    def audience(self, segment: str) -> str:
        """The hash that a yes for this segment is bound to; "" for everyone."""
        try:
            return audience_binding(segment, self.segments)
        except Invalid:
            return UNREADABLE


def terms_of(site: Site) -> Terms:
    return Terms(policy_of(site), guide_of(site), site_segments(site))
