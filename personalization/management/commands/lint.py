"""Look over the drafts before they are published."""

from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from personalization.govern.models import Site
from personalization.management.site_command import SiteCommand
from personalization.publish.findings import ERROR
from personalization.publish.lint import lint


class Command(SiteCommand):
    help = gettext_lazy(  # type: ignore[assignment] # SiteCommand unwraps it
        "Say what is wrong or worth a look. Exits with 1 when something cannot be published."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--strict", action="store_true", help=_("exit with 1 on warnings too"))

    def work(self, site: Site, options: dict[str, Any]) -> None:
        findings = lint(site)
        for finding in findings:
            self.say(f"{finding.severity:<8} {finding.where}: {finding.sentence} [{finding.code}]")
        errors = sum(finding.severity == ERROR for finding in findings)
        if errors or (findings and options["strict"]):
            raise CommandError(f"{_errors(errors)}, {_warnings(len(findings) - errors)}")
        self.say(_warnings(len(findings)) if findings else _("Nothing to say."))


def _errors(count: int) -> str:
    return ngettext("%d error", "%d errors", count) % count


def _warnings(count: int) -> str:
    return ngettext("%d warning", "%d warnings", count) % count
