"""Write down everything that is stored of a visitor."""

import json
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser

from personalization.govern.export import export
from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.profiles.ids import check_visitor_id


class Command(SiteCommand):
    help = "Write everything that is stored of a visitor as JSON."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("visitor", help="the id as the website sends it")
        parser.add_argument("--output", type=Path, help="a file; otherwise it is printed")

    def work(self, site: Site, options: dict[str, Any]) -> None:
        document = export(site, check_visitor_id(options["visitor"]))
        text = json.dumps(document, indent=2, ensure_ascii=False)
        if options["output"] is None:
            self.say(text)
        else:
            options["output"].write_text(text + "\n", encoding="utf-8")
            self.say(f"Written to {options['output']}.")
