"""A command that works on one site: `--site` may be left out when there is only one."""

from abc import abstractmethod
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.govern.sites import find_site

BY = "command"  # the actor in the audit trail


class SiteCommand(BaseCommand):
    """Says a refusal, with the place of each error, and exits with 1."""

    def create_parser(self, prog_name: str, subcommand: str, **kwargs: Any) -> CommandParser:
        self.help = str(self.help)  # argparse takes no lazy text
        parser = super().create_parser(prog_name, subcommand, **kwargs)
        parser.add_argument("--site", help=_("the site's key; not needed when there is one site"))
        return parser

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            self.work(find_site(options["site"]), options)
        except Refusal as refusal:
            raise CommandError(told(refusal)) from refusal

    @abstractmethod
    def work(self, site: Site, options: dict[str, Any]) -> None:
        """What the command does; every line by `say`."""

    def say(self, line: str = "") -> None:
        self.stdout.write(line)


def told(refusal: Refusal) -> str:
    """The refusal, then each place; what the first line has said already is not said again."""
    places = [f"  {error.path}: {error.detail}" for error in refusal.errors if error.path]
    return "\n".join([refusal.detail, *places])
