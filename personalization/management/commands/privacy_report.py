"""What a privacy officer asks for: who allowed what, what is held, and whether the ledger holds."""

from typing import Any

from django.core.management.base import CommandError

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.profiles.privacy_report import report


class Command(SiteCommand):
    help = "Report choices, holdings, ages and the state of the ledger. Exits 1 if it is broken."

    def work(self, site: Site, options: dict[str, Any]) -> None:
        found = report(site)
        for line in found.lines:
            self.say(line)
        if not found.ledger.is_intact:
            raise CommandError(f"The ledger is broken at record {found.ledger.broken_at}.")
