"""Contents that nobody but their author has seen, where publishing takes two people."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.publish.findings import Finding, warn
from personalization.publish.models import PublishedRelease
from personalization.publish.reading import release_of
from rules.types import Release


def check_approvals(site: Site, release: Release) -> Iterator[Finding]:
    """Approved is what stands, to the letter, in the release that a colleague approved last."""
    if not site.two_people:
        return
    approved = PublishedRelease.objects.filter(site=site, approved_at__isnull=False)
    last = approved.order_by("-approved_at").first()
    seen = release_of(last).contents if last else {}
    for key, content in release.contents.items():
        if seen.get(key) != content:
            sentence = _("No colleague has approved this text yet.")
            yield warn("content_not_approved", f"content.{key}", sentence)
