"""In: a site. Out: the privacy officer's report, counts of visitors floored and rounded."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.apps import apps
from django.utils.translation import gettext as _

from personalization import conf
from personalization.govern import ledger
from personalization.govern.models import ErasureReceipt, Site
from personalization.govern.purposes import to_bits
from personalization.govern.rounding import shown_count
from personalization.govern.subjects import models_with_visitors
from personalization.privacy import NoVisitorData
from personalization.profiles.allowing import allowing, by_purposes
from rules.purposes import Purpose


@dataclass(frozen=True, slots=True)
class Report:
    """Lines for people, and what the ledger's check found."""

    lines: tuple[str, ...]
    ledger: ledger.Verification


def report(site: Site) -> Report:
    """What visitors allowed, what is held and for how long, and whether the ledger is intact."""
    verified = ledger.verify(site)
    lines = [*_choices(site), "", *_holdings(site), "", *_ledger(site, verified)]
    return Report(tuple(lines), verified)


def _choices(site: Site) -> Iterator[str]:
    counts = by_purposes(site)
    yield _("Visitors who chose: %s") % shown_count(sum(counts.values()))
    for purpose in Purpose:
        allow = allowing(counts, to_bits(frozenset({purpose})))
        yield f"  {purpose.value:<16}{shown_count(allow):>12}"


def _holdings(site: Site) -> Iterator[str]:
    yield _("What is held of visitors:")
    for model, subject in models_with_visitors():
        count = shown_count(model._default_manager.filter(site=site).count())
        days = _("%s days") % conf.get("EVENT_DAYS") if subject.ages_by else _("until erased")
        kept = _("kept, unreadable") if subject.on_erasure == "keep" else _("deleted")
        yield (
            f"  {model._meta.verbose_name!s:<24}{count:>12}  {days}; " + _("on erasure: %s") % kept
        )
    yield _("Tables that hold nothing of visitors:")
    for model in apps.get_app_config("personalization").get_models():
        said = getattr(model, "privacy", None)
        if isinstance(said, NoVisitorData):
            yield f"  {model._meta.verbose_name!s:<32}  {said.why}"


def _ledger(site: Site, verified: ledger.Verification) -> Iterator[str]:
    state = _("intact") if verified.is_intact else _("BROKEN")
    yield _("Consent ledger: %(records)d records, %(state)s, head %(head)s") % {
        "records": verified.records,
        "state": state,
        "head": verified.head,
    }
    yield _("Erasures: %d") % ErasureReceipt.objects.filter(site=site).count()
