"""`train`: learn a model from a site's consented events, wait for it, and say how good it is."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.learn import audited
from personalization.management.site_command import SiteCommand
from personalization.outbox import Job, after_commit
from workers.jobs import wait_for
from workers.learning import engines

ASKED = ("seed", "reweight", "engine", "trials", "fresh")
FIGURES = ("precision", "recall", "f1", "map", "ndcg")


class Command(SiteCommand):
    help = "Train a model from consented events and wait for the result."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--engine",
            choices=[engines.LOCAL, engines.SPARK],
            default=engines.LOCAL,
            help=_(
                "Where: this machine, or Apache Spark (SPARK_MASTER) for logs beyond its memory"
            ),
        )
        parser.add_argument("--seed", type=int, default=1)
        parser.add_argument(
            "--reweight",
            metavar="ATTRIBUTE",
            help=_("Let small groups of visitors by this attribute count more; “” for nobody"),
        )
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
        if options["engine"] == engines.SPARK:
            engines.require_spark()
            if options["reweight"]:
                raise CommandError(_("Spark does not reweight: leave out --reweight."))
            if options["trials"]:
                raise CommandError(_("Spark tries a fixed grid of forms: leave out --trials."))
        if options["reweight"]:
            audited.find(site, options["reweight"])
        job = after_commit(
            "learn.train",
            unique=":".join(["learn.train", str(site.pk), *(str(options[name]) for name in ASKED)]),
            site_id=site.pk,
            seed=options["seed"],
            reweight=options["reweight"],
            engine=options["engine"],
            trials=options["trials"],
            fresh=options["fresh"],
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
