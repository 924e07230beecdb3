"""Write all drafts of a site down as YAML."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.publish.config import export_config
from personalization.publish.config_text import write_text


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Write traits, blocks, segments, contents, slots, rules and experiments as YAML."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("-o", "--output", help=_("the file; without it, the standard output"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        text = write_text(export_config(site))
        if options["output"]:
            Path(options["output"]).write_text(text, encoding="utf-8")
            self.say(_("Written to %s.") % options["output"])
        else:
            self.stdout.write(text, ending="")
