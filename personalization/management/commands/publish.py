"""Freeze the drafts into the next release and make it live."""

from datetime import UTC, datetime
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.dateparse import parse_datetime
from django.utils.timezone import is_naive
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.management.site_command import BY, SiteCommand
from personalization.publish.releases import publish


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Publish the drafts as a new release, now or at a given time."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--note", default="", help=_("what the release is for"))
        parser.add_argument("--at", help=_("when it goes live: 2026-12-01T08:00:00+01:00"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        due_at = _moment(options["at"]) if options["at"] else None
        release = publish(site, note=options["note"], by=BY, due_at=due_at)
        if release.is_waiting:
            self.say(_("Release %d waits in the studio for a second person.") % release.number)
        elif due_at is not None and release.activated_at is None:
            when = due_at.astimezone(UTC)
            said = {"number": release.number, "when": f"{when:%Y-%m-%d %H:%M} UTC"}
            self.say(_("Release %(number)d goes live at %(when)s.") % said)
        else:
            self.say(_("Release %d is live. Pages show it within a second.") % release.number)


def _moment(text: str) -> datetime:
    try:
        moment = parse_datetime(text)
    except ValueError:
        moment = None
    if moment is None or is_naive(moment):
        raise CommandError(_("Write --at with its offset: 2026-12-01T08:00:00+01:00"))
    return moment
