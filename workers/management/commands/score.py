"""`score`: what the nightly work on visitors does, now: likelihoods, RFM, affinities, groups."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.outbox import Job, after_commit
from workers.jobs import wait_for


class Command(SiteCommand):
    help = "Score the visitors who allow it, look for groups of alike ones, and wait for it."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--seed", type=int, default=1)

    def work(self, site: Site, options: dict[str, Any]) -> None:
        job = after_commit(
            "learn.score",
            unique=f"learn.score:{site.pk}:{options['seed']}",
            site_id=site.pk,
            seed=options["seed"],
        )
        wait_for(job, self.say)
        if job.state != Job.DONE:
            why = job.error.strip().splitlines()[-1:]
            raise CommandError(_("Scoring failed: %(why)s") % {"why": "".join(why)})
        self.say((job.result or {})["sentence"])
