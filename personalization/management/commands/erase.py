"""Erase a visitor for good."""

from typing import Any

from django.core.management.base import CommandParser

from personalization.govern.erasure import erase
from personalization.govern.models import Site
from personalization.management.site_command import BY, SiteCommand
from personalization.profiles.ids import check_visitor_id


class Command(SiteCommand):
    help = "Delete a visitor's rows and destroy their key. May be repeated; cannot be undone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("visitor", help="the id as the website sends it")

    def work(self, site: Site, options: dict[str, Any]) -> None:
        receipt = erase(site, check_visitor_id(options["visitor"]), by=BY)
        self.say(f"receipt {receipt.reference}  {receipt.at:%Y-%m-%d %H:%M:%S %Z}")
