"""What both imports share: a file, renamed columns, a rejects file."""

from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from personalization.management.site_command import SiteCommand
from workers.imports.columns import Columns
from workers.imports.rejects import usual_path


class ImportCommand(SiteCommand):
    known: frozenset[str]

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path, help=_("CSV, JSON Lines (gzip too) or Parquet"))
        parser.add_argument(
            "--map",
            action="extend",
            nargs="+",
            default=[],
            metavar="theirs=ours",
            help=_("Their column as ours: %(ours)s") % {"ours": ", ".join(sorted(self.known))},
        )
        parser.add_argument(
            "--set",
            action="extend",
            nargs="+",
            default=[],
            metavar="ours=value",
            help=_("One value for all rows"),
        )
        parser.add_argument(
            "--only",
            action="extend",
            nargs="+",
            default=[],
            metavar="ours=pattern",
            help=_("Take rows whose value matches the pattern, with * ? [0-9]"),
        )
        parser.add_argument(
            "--rejects", type=Path, help=_("Where refused lines go; usually in DATA_DIR/rejects")
        )

    def columns(self, options: dict[str, Any]) -> Columns:
        return Columns.read(self.known, options["map"], options["set"], options["only"])

    def rejects_path(self, options: dict[str, Any]) -> Path:
        return options["rejects"] or usual_path(options["file"])
