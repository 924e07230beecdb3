"""Replay a page view for many known visitors, and say what they would see."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization import clock
from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.publish.freeze import freeze
from personalization.publish.reading import read_release
from personalization.report.simulating import simulate
from rules.types import Release, Request


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Show which share of visitors would see what, as rounded shares of a sample."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "-n", type=int, default=1000, help=_("how many visitors to draw (1000)")
        )
        parser.add_argument("--seed", type=int, default=1, help=_("another seed draws others"))
        parser.add_argument("--release", type=int, help=_("a release other than the live one"))
        parser.add_argument(
            "--drafts", action="store_true", help=_("the drafts, before publishing")
        )
        for name in ("url", "referrer", "country", "device", "locale"):
            parser.add_argument(f"--{name}", help=_("the page view's %s") % name)

    def work(self, site: Site, options: dict[str, Any]) -> None:
        if options["n"] < 1:
            raise CommandError(_("Draw at least one visitor: -n 1000"))
        release = _release(site, options)
        names = ("url", "referrer", "country", "device")
        request = Request(
            slots=tuple(release.slots),
            now=clock.now(),
            context={name: options[name] for name in names if options[name]},
            locale=options["locale"],
        )
        shares = simulate(
            site, release, request, draw=options["n"], seed=options["seed"], progress=self._progress
        )
        for share in shares:
            content = share.content or _("(nothing)")
            self.say(f"{share.slot:<24} {share.share:>6}  {content} ({share.reason})")
        if not shares:
            self.say(_("There is no visitor who allows personalization, or no slot."))

    def _progress(self, done: int, of: int) -> None:
        if self.stderr.isatty() and (done % 100 == 0 or done == of):
            self.stderr.write(f"\r{done} of {of}", ending="\n" if done == of else "")


def _release(site: Site, options: dict[str, Any]) -> Release:
    if options["drafts"]:
        return freeze(site, (site.live_release or 0) + 1)
    number = options["release"] or site.live_release
    if number is None:
        raise CommandError(_("Nothing is published yet; try --drafts."))
    return read_release(site.pk, number)
