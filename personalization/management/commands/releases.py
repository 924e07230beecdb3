"""List what was published."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.publish.models import PublishedRelease


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "List the releases, newest first; the live one is marked."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-n", type=int, default=20, help=_("how many (20)"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        rows = PublishedRelease.objects.filter(site=site).defer("document")[: options["n"]]
        for row in rows:
            mark = "*" if row.number == site.live_release else " "
            state = _state(row, site.live_release)
            line = f"{mark} {row.number:>5}  {row.created_at:%Y-%m-%d %H:%M}  {row.author}"
            self.say(f"{line}  {row.note}{state}".rstrip())
        if not rows:
            self.say(_("Nothing was published yet: manage.py publish"))


def _state(row: PublishedRelease, live: int | None) -> str:
    match row.state(live):
        case "waiting":
            return _("  waits for a second person")
        case "declined":
            return _("  declined by %s") % row.declined_by
        case "scheduled":
            return _("  due %s") % f"{row.due_at:%Y-%m-%d %H:%M}"
        case _:
            return ""
