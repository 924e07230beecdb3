"""`promote ID`: let pages use this model."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.exceptions import Refusal
from personalization.govern.sites import find_site
from personalization.learn import registry, snapshots
from personalization.learn.models import ModelVersion


class Command(BaseCommand):
    help = gettext_lazy(  # type: ignore[assignment]  # Django prints lazy text
        "Put a model in use. `models` lists them with their IDs."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("id", type=int, help=_("The ID that `models` shows"))
        parser.add_argument("--site", help=_("The site's key, if there are several"))

    def handle(self, *args: Any, **options: Any) -> None:  # Django's signature
        try:
            site = find_site(options["site"])
            model = ModelVersion.objects.filter(site=site, number=options["id"]).first()
            if model is None:
                raise CommandError(
                    _("There is no model %(id)s; `models` lists them.") % {"id": options["id"]}
                )
            registry.promote(model, by="command")
            snapshot = snapshots.refresh(site)
        except Refusal as refusal:
            raise CommandError(refusal.detail) from refusal
        self.stdout.write(
            _("%(model)s is in use from snapshot %(number)d on.")
            % {"model": model, "number": snapshot.number}
        )
