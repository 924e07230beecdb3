"""`promote ID`: let pages use this model."""

from typing import Any

from django.core.management.base import CommandParser
from django.utils.translation import gettext as _

from personalization.exceptions import NotFound
from personalization.govern.models import Site
from personalization.learn import registry, snapshots
from personalization.learn.models import ModelVersion
from personalization.management.site_command import BY, SiteCommand


class Command(SiteCommand):
    help = "Put a model in use. `models` lists them with their IDs."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("id", type=int, help=_("The ID that `models` shows"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        model = ModelVersion.objects.filter(site=site, number=options["id"]).first()
        if model is None:
            raise NotFound(
                _("There is no model %(id)s; `models` lists them.") % {"id": options["id"]}
            )
        registry.promote(model, by=BY)
        snapshot = snapshots.refresh(site)
        self.stdout.write(
            _("%(model)s is in use from snapshot %(number)d on.")
            % {"model": model, "number": snapshot.number}
        )
