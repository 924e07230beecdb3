"""Make a site and print its keys."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from personalization.exceptions import Refusal
from personalization.govern.sites import make_site
from personalization.management.site_command import BY


class Command(BaseCommand):
    help = "Make a site; prints its publishable key, and its secret key for the only time."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the site's name; its key is made from it")
        parser.add_argument(
            "--origin",
            action="append",
            default=[],
            help="an address of its pages, as https://shop.example; may be repeated",
        )
        parser.add_argument("--key", help="the site's key, if not made from the name")
        parser.add_argument(
            "--currency",
            default="EUR",
            help="in which its shop sells; what visitors spent is counted in it (EUR)",
        )
        parser.add_argument("--json", action="store_true", help="print the keys as JSON")

    def handle(self, *_args: object, **options: Any) -> None:  # Django's own signature
        try:
            made = make_site(
                name=options["name"],
                origins=options["origin"],
                by=BY,
                key=options["key"],
                currency=options["currency"],
            )
        except Refusal as refused:
            raise CommandError(refused.detail) from refused
        keys = {"site": made.site.key, "publishable": made.publishable, "secret": made.secret}
        if options["json"]:
            self.stdout.write(json.dumps(keys))
            return
        for kind, value in keys.items():
            self.stdout.write(f"{kind:<12} {value}")
        self.stdout.write("The secret key is not kept: note it now.")
