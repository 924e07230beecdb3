"""`models`: the models of a site, newest first, and which one pages use."""

from typing import Any

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.learn import registry
from personalization.learn.models import ModelVersion
from personalization.management.site_command import SiteCommand
from workers.training import lightfm_hybrid

COLUMNS = "{:>6}  {:<16} {:<17} {:>8} {:>8} {:>8} {:>11}  {}"


class Command(SiteCommand):
    help = "List the trained models with their quality."

    def work(self, site: Site, options: dict[str, Any]) -> None:
        models = list(ModelVersion.objects.filter(site=site).order_by("-number"))
        if models:
            live = registry.promoted(site)
            self.stdout.write(
                COLUMNS.format(
                    "ID",
                    _("family"),
                    _("trained"),
                    "P@10",
                    "MAP@10",
                    "NDCG@10",
                    _("popularity"),
                    "",
                )
            )
            for model in models:
                self.stdout.write(_line(model, model == live))
        else:
            self.stdout.write(_("No model yet: `train` makes one. Popularity serves."))
        if not lightfm_hybrid.is_installed():
            self.stdout.write(lightfm_hybrid.MISSING)


def _line(model: ModelVersion, is_live: bool) -> str:
    mine, popular = model.metrics.get("model", {}), model.metrics.get("popularity", {})
    return COLUMNS.format(
        model.number,
        model.family,
        f"{model.created_at:%Y-%m-%d %H:%M}",
        *(f"{mine.get(name, 0):.4f}" for name in ("precision", "map", "ndcg")),
        f"{popular.get('ndcg', 0):.4f}",
        _("in use, promoted by %(who)s") % {"who": model.promoted_by} if is_live else "",
    ).rstrip()
