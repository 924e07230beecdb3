"""Delete what has served its time."""

from typing import Any

from django.core.management.base import BaseCommand

from personalization.collect.retention import retain


class Command(BaseCommand):
    help = "Delete events and exposures older than EVENT_DAYS, jobs done, keys that nobody holds."

    def handle(self, *_args: object, **_options: Any) -> None:  # Django's own signature
        for kind, count in retain().items():
            self.stdout.write(f"{kind:<10} {count:>8} removed")
