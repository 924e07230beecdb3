"""What both imports share: a file, renamed columns, a rejects file."""

import codecs
from argparse import ArgumentTypeError
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from personalization.management.site_command import SiteCommand
from workers.imports.columns import Columns
from workers.imports.rejects import usual_path
from workers.imports.rows import NoRow, TheirRow, read_rows
from workers.imports.text_files import UTF_8


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
            "--encoding",
            type=_encoding,
            default=UTF_8,
            help=_("Of a text file that is not UTF-8: cp1252, latin-1, utf-16"),
        )
        parser.add_argument(
            "--rejects", type=Path, help=_("Where refused lines go; usually in DATA_DIR/rejects")
        )

    def columns(self, options: dict[str, Any]) -> Columns:
        return Columns.read(self.known, options["map"], options["set"], options["only"])

    def rows(
        self, options: dict[str, Any], columns: Columns
    ) -> Iterator[tuple[int, TheirRow | NoRow]]:
        """Their rows; a column to rename that the file does not have is refused."""
        return read_rows(options["file"], columns.renamed, options["encoding"])

    def rejects_path(self, options: dict[str, Any]) -> Path:
        return options["rejects"] or usual_path(options["file"])


def _encoding(name: str) -> str:
    try:
        "".encode(name)
    except LookupError:
        raise ArgumentTypeError(
            _("there is no encoding “%(name)s”; try utf-8, cp1252, latin-1 or utf-16")
            % {"name": name}
        ) from None
    return UTF_8 if codecs.lookup(name).name == "utf-8" else name
