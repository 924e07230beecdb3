"""`promote ID`: let pages use this model; `promote --back`: the one that they used before."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.exceptions import NotFound
from personalization.govern.models import Site
from personalization.learn import registry, snapshots
from personalization.learn.models import ModelVersion
from personalization.management.site_command import BY, SiteCommand


class Command(SiteCommand):
    help = "Put a model in use, or go back to the one before. `models` lists them with their IDs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, nargs="?", help=_("The ID that `models` shows"))
        parser.add_argument(
            "--back", action="store_true", help=_("The model that was in use before this one")
        )

    def work(self, site: Site, options: dict[str, Any]) -> None:
        if options["back"] == (options["id"] is not None):
            raise CommandError(_("Say which: the ID of a model, or --back."))
        if options["back"]:
            model = registry.roll_back(site, by=BY)
        else:
            model = registry.promote(_find(site, options["id"]), by=BY)
        snapshot = snapshots.refresh(site)
        self.stdout.write(
            _("%(model)s is in use from snapshot %(number)d on.")
            % {"model": model, "number": snapshot.number}
        )


def _find(site: Site, number: int) -> ModelVersion:
    model = ModelVersion.objects.filter(site=site, number=number).first()
    if model is None:
        raise NotFound(_("There is no model %(id)s; `models` lists them.") % {"id": number})
    return model
