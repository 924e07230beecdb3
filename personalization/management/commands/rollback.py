"""Make an earlier (or later) release the live one."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.management.site_command import BY, SiteCommand
from personalization.publish.releases import activate


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Switch to another release. Drafts stay as they are."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("number", type=int, help=_("the release, as `releases` lists them"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        release = activate(site, options["number"], by=BY)
        self.say(_("Release %d is live. Pages show it within a second.") % release.number)
