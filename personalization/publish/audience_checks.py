"""Audiences that nobody, or hardly anybody, belongs to."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.publish.contradictions import contradiction
from personalization.publish.findings import Finding, warn
from personalization.targeting.audience import SMALL, exact_count, fields_of_the_page
from rules import Condition
from rules.types import Release


def check_audiences(site: Site, release: Release, now: datetime) -> Iterator[Finding]:
    conditions = release.conditions
    for name, condition in conditions.items():
        where = f"rules.{name.removeprefix('rule:')}" if ":" in name else f"segments.{name}"
        why = contradiction(condition, conditions, release.labels)
        if why:
            yield warn("never_true", where, _("It matches nobody, ever: %s.") % why)
        elif not fields_of_the_page(site, condition, conditions):
            yield from _few(site, where, condition, conditions, now)


def _few(
    site: Site, where: str, condition: Condition, named: Mapping[str, Condition], now: datetime
) -> Iterator[Finding]:
    count = exact_count(site, condition, now=now)
    if count == 0:
        yield warn("empty_audience", where, _("No visitor matches it now."))
    elif count < SMALL:
        sentence = _("Fewer than %d visitors match it: too few to learn from.") % SMALL
        yield warn("small_audience", where, sentence)
