"""`evaluate`: fit the recommender on files and write what it would suggest."""

import csv
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from personalization.exceptions import Refusal
from workers.learning.evaluation import predict
from workers.learning.files import read_catalogue, read_events, read_visitors


class Command(BaseCommand):
    help = "Fit the recommender on files and nothing else, and write visitor,rank,item,score."
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--train", type=Path, required=True, help=_("CSV: visitor,item,at[,type,value]")
        )
        parser.add_argument(
            "--items",
            type=Path,
            required=True,
            help=_("CSV: item,title,category,tags[,price,available and columns of your own]"),
        )
        parser.add_argument(
            "--predict", type=Path, required=True, help=_("Text: one visitor a line")
        )
        parser.add_argument("--top", type=int, default=10, help=_("How many items a visitor"))
        parser.add_argument("--output", type=Path, required=True, help=_("Where the CSV goes"))
        parser.add_argument("--seed", type=int, default=1)

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        if options["top"] < 1:
            raise CommandError(_("--top must be at least 1."))
        try:
            self._write(options)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal

    def _write(self, options: dict[str, Any]) -> None:
        """To a file beside the output, renamed when it is whole."""
        predictions = predict(
            read_events(options["train"]),
            read_catalogue(options["items"]),
            read_visitors(options["predict"]),
            top=options["top"],
            seed=options["seed"],
            say=self.stderr.write,
        )
        output: Path = options["output"]
        beside = output.with_name(f".{output.name}.part")
        visitors = 0
        with beside.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(["visitor", "rank", "item", "score"])
            for prediction in predictions:
                visitors += 1
                for rank, found in enumerate(prediction.suggestions, start=1):
                    writer.writerow([prediction.visitor, rank, found.item, f"{found.score:.6g}"])
        beside.replace(output)
        self.stdout.write(_("%(n)d visitors in %(file)s.") % {"n": visitors, "file": output})
