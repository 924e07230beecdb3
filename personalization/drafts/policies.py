"""What a site asks of generated copy before it may be shown, and what it may cost."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts.brand_models import WritingPolicy
from personalization.drafts.guides import texts
from personalization.drafts.settings_rows import put_settings
from personalization.drafts.writers import writers
from personalization.govern.models import Site
from personalization.targeting.keyed import look_up
from personalization.targeting.models import Segment, Webhook
from personalization.targeting.reading import Document

MOST_BUDGET = 2**53  # millionths


@dataclass(frozen=True, slots=True)
class Policy:
    """Money in millionths of the currency that prices of models are given in."""

    monthly_budget: int
    two_approvals: bool = False
    legal_words: tuple[str, ...] = ()
    legal_segments: frozenset[str] = frozenset()
    must_disclose: bool = False
    most_lessons: int = 6
    webhook: str = ""
    mails_reviewers: bool = True


@transaction.atomic
def save_policy(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> WritingPolicy:
    """Save it. It holds for what was approved too, from the next release on."""
    reading = Document(document)
    defaults = WritingPolicy()
    segments = texts(reading, "legal_segments")
    for place, key in enumerate(segments):
        look_up(Segment, site, reading, f"legal_segments[{place}]", key)
    webhook = reading.text("webhook", longest=100)
    columns = {
        "monthly_budget": reading.integer(
            "monthly_budget", defaults.monthly_budget, most=MOST_BUDGET
        ),
        "two_approvals": reading.flag("two_approvals", False),
        "legal_words": texts(reading, "legal_words"),
        "legal_segments": segments,
        "must_disclose": reading.flag("must_disclose", False),
        "most_lessons": reading.integer("most_lessons", defaults.most_lessons, most=20),
        "webhook": webhook,
        "mails_reviewers": reading.flag("mails_reviewers", True),
        "writer": _writer(reading),
    }
    if webhook:
        look_up(Webhook, site, reading, "webhook", webhook)
    reading.finish()
    return put_settings(WritingPolicy, site, columns, by=by, unchanged_since=unchanged_since)


def policy_row(site: Site) -> WritingPolicy:
    """The site's, or one with the defaults that is not saved yet."""
    return WritingPolicy.objects.filter(site=site).first() or WritingPolicy(site=site)


def policy_document(row: WritingPolicy) -> dict[str, Any]:  # JSON
    return {
        "monthly_budget": row.monthly_budget,
        "two_approvals": row.two_approvals,
        "legal_words": row.legal_words,
        "legal_segments": row.legal_segments,
        "must_disclose": row.must_disclose,
        "most_lessons": row.most_lessons,
        "webhook": row.webhook,
        "mails_reviewers": row.mails_reviewers,
        "writer": row.writer,
    }


def policy_of(site: Site) -> Policy:
    row = policy_row(site)
    return Policy(
        monthly_budget=row.monthly_budget,
        two_approvals=row.two_approvals,
        legal_words=tuple(row.legal_words),
        legal_segments=frozenset(row.legal_segments),
        must_disclose=row.must_disclose,
        most_lessons=row.most_lessons,
        webhook=row.webhook,
        mails_reviewers=row.mails_reviewers,
    )


def _writer(reading: Document) -> str:
    """ "" is the first of the settings."""
    name = reading.text("writer", longest=60)
    if name and name not in writers():
        known = ", ".join(writers())
        detail = _("There is no model “%(name)s”. The settings name: %(known)s.")
        reading.refuse("writer", "unknown_reference", detail % {"name": name, "known": known})
    return name
