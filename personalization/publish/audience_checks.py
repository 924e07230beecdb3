"""Audiences that nobody, or hardly anybody, belongs to."""

from collections.abc import Iterator
from datetime import datetime

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.publish.findings import Finding, warn
from personalization.targeting.audience import SMALL, exact_counts, fields_of_the_page
from rules import Analysis, Condition, analyse
from rules.types import Release


def check_audiences(site: Site, release: Release, now: datetime) -> Iterator[Finding]:
    conditions = release.conditions
    countable: dict[str, Condition] = {}
    for name, condition in conditions.items():
        found = analyse(condition, conditions, release.labels, _)
        if found.never:
            yield warn("never_true", _where(name), _("It matches nobody, ever: %s.") % _why(found))
        elif not fields_of_the_page(site, condition, conditions):
            countable[name] = condition
    for name, count in exact_counts(site, countable, conditions, now=now).items():
        yield from _few(_where(name), count)


def _why(found: Analysis) -> str:
    return " – ".join(part.text for reason in found.reasons for part in reason.parts)


def _where(name: str) -> str:
    return f"rules.{name.removeprefix('rule:')}" if ":" in name else f"segments.{name}"


def _few(where: str, count: int) -> Iterator[Finding]:
    if count == 0:
        yield warn("empty_audience", where, _("No visitor matches it now."))
    elif count < SMALL:
        sentence = _("Fewer than %d visitors match it: too few to learn from.") % SMALL
        yield warn("small_audience", where, sentence)
