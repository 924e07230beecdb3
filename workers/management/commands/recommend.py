"""`recommend VISITOR`: what pages would suggest to this visitor, and why."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.clock import now
from personalization.govern.models import Site
from personalization.learn.live import learned
from personalization.management.site_command import SiteCommand
from personalization.profiles.ids import check_visitor_id
from personalization.profiles.reading import read_visitor
from rules.consent import PROFILING, permitted_view
from rules.fields import BUILT_IN
from rules.recommendations import FOR_YOU, MOST, suggest
from rules.types import Learned, Request, SuggestionSpec, Visitor


class Command(SiteCommand):
    help = "Show what pages would suggest to a visitor, consent included."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("visitor", help=_("The visitor's id, as the website sends it"))
        parser.add_argument("-n", type=int, default=10, dest="count", help=_("How many items"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        if not 1 <= options["count"] <= MOST:
            raise CommandError(_("-n: ask for 1 to %d items.") % MOST)
        at = now()
        found = read_visitor(site, check_visitor_id(options["visitor"]), now=at)
        snapshot = learned(site.pk, site.live_learned)
        view = permitted_view(found, found.purposes, BUILT_IN)
        self.stdout.write(_why(view, snapshot))
        spec = SuggestionSpec(FOR_YOU, options["count"])
        for rank, one in enumerate(suggest(snapshot, spec, view, Request((), at)), start=1):
            self.stdout.write(
                f"{rank:>3}  {one.item.key:<16} {one.item.title[:48]:<48} "
                f"{one.score:>9.4f}  {one.reason}"
            )


def _why(view: Visitor, snapshot: Learned) -> str:
    """One sentence on what the list rests on."""
    if not view.purposes >= PROFILING:
        return _(
            "This visitor did not allow personalization and profiling_ai, or is unknown: "
            "what is popular is shown."
        )
    if snapshot.model is None:
        return _("No model is in use yet: what is popular is shown.")
    if not view.signals:
        return _("Nothing is known of this visitor's behaviour: what is popular is shown.")
    return _("%(model)s, from the visitor's last %(n)d events.") % {
        "model": snapshot.model,
        "n": len(view.signals),
    }
