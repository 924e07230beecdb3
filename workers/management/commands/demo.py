"""`manage.py demo`: an invented shop with everything that belongs to it, started at once."""

import os
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from personalization.exceptions import Refusal
from personalization.host.demo.household import Broken, Stopped, stopping_politely
from personalization.host.demo.opening import open_shop

VISITORS = 3000


class Command(BaseCommand):
    help = (
        "Seeds an invented shop (once), trains its model, and serves it with worker and scheduler "
        "until Ctrl-C. Starting again keeps the data."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument(
            "--port",
            type=int,
            default=int(os.environ.get("PORT") or 8000),
            help="where to serve on 127.0.0.1 (also the variable PORT)",
        )
        parser.add_argument(
            "--visitors",
            type=int,
            default=VISITORS,
            help="how many visitors to invent on the first start",
        )

    def handle(self, *args: Any, port: int, visitors: int, **options: Any) -> None:
        try:
            with stopping_politely():
                open_shop(port=port, visitors=visitors, say=self._say)
        except Stopped:
            self._say("\nEverything is stopped.")
        except (Broken, Refusal) as why:
            raise CommandError(str(why)) from why

    def _say(self, line: str) -> None:
        self.stdout.write(line)
        self.stdout.flush()
