"""Take drafts in from YAML, all or nothing."""

import sys
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.management.site_command import BY, SiteCommand
from personalization.publish.config import import_config
from personalization.publish.config_text import read_text

SIGNS = {"added": "+", "changed": "~", "removed": "-"}


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Save the drafts in a YAML file; nothing is written unless all of them can be."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help=_("as export_config writes it; - for the standard input"))
        parser.add_argument("--dry-run", action="store_true", help=_("only show what would change"))
        parser.add_argument("--prune", action="store_true", help=_("delete what the file lacks"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        changes = import_config(
            site,
            read_text(_text_of(options["file"])),
            by=BY,
            prune=options["prune"],
            dry_run=options["dry_run"],
        )
        for change in changes:
            name = f"{change.kind} {change.key}".rstrip()
            summary = f": {change.summary}" if change.summary else ""
            self.say(f"{SIGNS[change.what]} {name}{summary}")
        done = _("%d would change.") if options["dry_run"] else _("%d changed.")
        self.say(done % len(changes) if changes else _("Nothing to change."))


def _text_of(file: str) -> str:
    try:
        return sys.stdin.read() if file == "-" else Path(file).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise CommandError(
            _("%(file)s cannot be read: %(why)s") % {"file": file, "why": error}
        ) from error
