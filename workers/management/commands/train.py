"""`train`: learn a model from a site's consented events, wait for it, and say how good it is."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.outbox import Job, after_commit
from workers.jobs import wait_for

FIGURES = ("precision", "recall", "f1", "map", "ndcg")


class Command(SiteCommand):
    help = "Train a model from consented events and wait for the result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", choices=["local", "spark"], default="local")
        parser.add_argument("--seed", type=int, default=1)

    def work(self, site: Site, options: dict[str, Any]) -> None:
        if options["engine"] == "spark":
            raise CommandError(
                _("This version trains on this machine only: leave out --engine spark.")
            )
        job = after_commit(
            "learn.train",
            unique=f"learn.train:{site.pk}:{options['seed']}",
            site_id=site.pk,
            seed=options["seed"],
        )
        wait_for(job, self.say)
        if job.state != Job.DONE:
            why = job.error.strip().splitlines()[-1:]
            raise CommandError(_("Training failed: %(why)s") % {"why": "".join(why)})
        self._report(job.result or {})

    def _report(self, result: dict[str, Any]) -> None:  # JSON values
        metrics = result.get("metrics")
        if metrics:
            self.say(f"{'':<12}" + "".join(f"{name + '@10':>14}" for name in FIGURES))
            for whose in ("model", "popularity"):
                figures = "".join(f"{metrics[whose][name]:>14.4f}" for name in FIGURES)
                self.say(f"{whose:<12}{figures}")
        self.say(result.get("sentence", ""))
