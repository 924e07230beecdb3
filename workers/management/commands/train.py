"""`train`: learn a model from a site's consented events, wait for it, and say how good it is."""

from time import sleep
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.outbox import Job, after_commit
from workers import jobs

FIGURES = ("precision", "recall", "f1", "map", "ndcg")
POLL_SECONDS = 0.5


class Command(SiteCommand):
    help = "Train a model from consented events and wait for the result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--engine", choices=["local", "spark"], default="local")
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--trials",
            type=int,
            default=None,
            help=_("Forms of each family to try beyond the grid; else the setting TUNING_TRIALS"),
        )

        parser.add_argument(
            "--fresh", action="store_true", help=_("Start from nothing, not from the last model")
        )

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
            trials=options["trials"],
            fresh=options["fresh"],
        )
        self._wait_for(job)
        if job.state != Job.DONE:
            why = job.error.strip().splitlines()[-1:]
            raise CommandError(_("Training failed: %(why)s") % {"why": "".join(why)})
        self._report(job.result or {})

    def _wait_for(self, job: Job) -> None:
        """Work on it here; if a worker was faster, print what it says until it is done."""
        said = ""
        while not jobs.run_now(job, say=self.say):
            job.refresh_from_db()
            if job.state in {Job.DONE, Job.FAILED}:
                break
            if job.progress != said:
                said = job.progress
                self.say(said)
            sleep(POLL_SECONDS)

    def _report(self, result: dict[str, Any]) -> None:  # JSON values
        metrics = result.get("metrics")
        if metrics:
            self.say(f"{'':<12}" + "".join(f"{name + '@10':>14}" for name in FIGURES))
            for whose in ("model", "popularity"):
                figures = "".join(f"{metrics[whose][name]:>14.4f}" for name in FIGURES)
                self.say(f"{whose:<12}{figures}")
        self.say(result.get("sentence", ""))
