"""What the site recorded, to look at: visitors, events, exposures, consent, audit, jobs."""

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from functools import partial
from typing import Any, ClassVar

from django.contrib import admin
from django.contrib.admin.utils import display_for_value
from django.db.models import Model, QuerySet
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.http import urlencode
from django.utils.safestring import SafeString
from django.utils.timezone import localtime
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from personalization.collect.models import Event, Exposure
from personalization.govern.audit_words import part_in_words
from personalization.govern.models import AuditEntry, ConsentRecord, ErasureReceipt
from personalization.govern.purpose_words import purposes_in_words
from personalization.govern.roles import sites_of
from personalization.outbox import Job
from personalization.profiles.models import Profile
from personalization.profiles.visitors import with_pseudonym
from personalization.studio.differing import parts_that_differ
from personalization.studio.large_lists import (
    LargeAdmin,
    RecentActions,
    RecentReasons,
    RecentValues,
)
from personalization.studio.reasons import reason_in_words
from personalization.studio.scoped import NEVER, ReadOnlyAdmin


def moment(microseconds: int | None) -> str:
    """Microseconds since 1970 as a person reads them, in the site's language and zone."""
    if microseconds is None:
        return "-"
    at = datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC)
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def only_viewed_with(ability: str) -> Mapping[str, str]:
    return {"view": ability, "add": NEVER, "change": NEVER, "delete": NEVER}


def labelled(name: str, words: Any) -> Callable[[Any, Any], str]:
    """A column whose model gives it no words that people read; `words`: lazy or plain."""

    @display(description=words, ordering=name)
    def read(_page: object, row: Model) -> str:
        return str(display_for_value(getattr(row, name), "-"))

    return read


class ProfileAdmin(LargeAdmin):
    """Visitors appear under their keyed hash; personal traits stay sealed."""

    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("short_key", "site", "allowed", "seen_last", "visits", "frequency")
    list_filter = ("site",)
    search_fields = ("key__startswith",)
    fields = ("key", "site", "allowed", "policy", "seen_first", "seen_last", "visits", "frequency")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Profile], search_term: str
    ) -> tuple[QuerySet[Profile], bool]:
        """By the beginning of a pseudonym, in each of the person's sites: keys are indexed so."""
        if not search_term:
            return queryset, False
        mine = list(sites_of(request.user, self.abilities["view"]).values_list("pk", flat=True))
        return with_pseudonym(queryset.filter(site__in=mine), search_term.strip()), False

    @display(description=_("visitor"))
    def short_key(self, row: Profile) -> str:
        return row.key[:12]

    @display(description=_("allows"))
    def allowed(self, row: Profile) -> str:
        return purposes_in_words(row.purposes)

    @display(description=_("last seen"), ordering="last_seen")
    def seen_last(self, row: Profile) -> str:
        return moment(row.last_seen)

    @display(description=_("first seen"), ordering="first_seen")
    def seen_first(self, row: Profile) -> str:
        return moment(row.first_seen)


class EventAdmin(LargeAdmin):
    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("when", "type", "item", "what_kind", "visitor", "allowed")
    list_filter = ("site", ("type", RecentValues))
    search_fields = ("event__exact", "item__startswith")
    list_select_related = ("profile",)
    fields = ("event", "when", "type", "item", "what_kind", "visitor", "allowed")
    what_kind = labelled("category", _("category"))

    @display(description=_("at"), ordering="at")
    def when(self, row: Event) -> str:
        return moment(row.at)

    @display(description=_("visitor"))
    def visitor(self, row: Event) -> str:
        return row.profile.key[:12]

    @display(description=_("allowed for"))
    def allowed(self, row: Event) -> str:
        return purposes_in_words(row.purposes)


class ExposureAdmin(LargeAdmin):
    abilities: ClassVar = only_viewed_with("report")
    list_display = ("when", "slot", "content", "by", "rule", "experiment", "arm", "release")
    list_filter = ("site", ("slot", RecentValues), ("reason", RecentReasons))
    search_fields = (
        *("token__exact", "slot__startswith", "content__startswith", "rule__startswith"),
        "experiment__startswith",
    )
    fields = (
        *("when", "slot", "content", "by", "rule", "experiment", "arm", "of_phase"),
        *("of_bucket", "chance", "release", "of_learned", "shown_items", "of_token", "why"),
    )
    of_phase = labelled("phase", _("phase"))
    of_bucket = labelled("bucket", _("bucket"))
    chance = labelled("propensity", _("chance of being shown this"))
    of_learned = labelled("learned", _("suggestions of"))
    of_token = labelled("token", _("token"))

    @display(description=_("reason"), ordering="reason")
    def by(self, row: Exposure) -> str:
        return reason_in_words(row.reason)

    @display(description=_("why"))
    def why(self, row: Exposure) -> SafeString:
        address = f"{reverse('admin:personalization_why')}?{urlencode({'exposure': row.token})}"
        return format_html('<a class="pz-link" href="{}">{}</a>', address, _("Why this was shown"))

    @display(description=_("at"), ordering="at")
    def when(self, row: Exposure) -> str:
        return moment(row.at)

    @display(description=_("items"))
    def shown_items(self, row: Exposure) -> str:
        return ", ".join(json.loads(row.items)) if row.items else "-"


class ConsentRecordAdmin(LargeAdmin):
    """The ledger: each row is sealed under the visitor's own key and chained to the one before."""

    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("sequence", "site", "at", "short_digest")
    list_filter = ("site",)
    search_fields = ("digest__startswith",)
    fields = ("sequence", "site", "at", "digest", "before")
    before = labelled("previous", _("digest of the one before"))

    @display(description=_("digest"))
    def short_digest(self, row: ConsentRecord) -> str:
        return row.digest[:16]


class ErasureReceiptAdmin(ReadOnlyAdmin):
    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("reference", "site", "at", "rows")
    list_filter = ("site",)
    search_fields = ("reference",)


class AuditEntryAdmin(LargeAdmin):
    """Who changed what, from what to what."""

    abilities: ClassVar = only_viewed_with("view")
    list_display = ("at", "actor", "deed", "differences", "site")
    list_select_related = ("site",)
    list_filter = ("site", ("action", RecentActions), ("actor", RecentValues))
    search_fields = ("actor", "action", "target")
    date_hierarchy = "at"
    fields = ("at", "actor", "deed", "site", "before_and_after")

    @display(description=_("what"), ordering="action")
    def deed(self, row: AuditEntry) -> str:
        return row.in_words

    @display(description=_("changed"))
    def differences(self, row: AuditEntry) -> str:
        return ", ".join(part_in_words(row.action, name) for name in row.changes) or "-"

    @display(description=_("from what to what"))
    def before_and_after(self, row: AuditEntry) -> SafeString:
        """A pair of values was and is; anything else is a fact about the deed."""
        pairs = {
            name: value if _is_pair(value) else (None, value) for name, value in row.changes.items()
        }
        was, became = ({name: pair[side] for name, pair in pairs.items()} for side in (0, 1))
        parts = parts_that_differ(row.site, was, became, partial(part_in_words, row.action))
        return SafeString(render_to_string("studio/audit_changes.html", {"parts": list(parts)}))


def _is_pair(value: object) -> bool:
    return isinstance(value, list) and len(value) == 2


class JobAdmin(ReadOnlyAdmin):
    """Work handed to the workers; belongs to the installation, so administrators see it."""

    abilities: ClassVar = only_viewed_with("manage")
    list_display = (
        "id",
        "task",
        "state_label",
        "progress",
        "attempts",
        "created_at",
        "finished_at",
    )
    list_filter = (("state", ChoicesDropdownFilter), "task")
    search_fields = ("task", "error")
    fields = (
        *("task", "arguments", "only_one", "state", "due_at", "handed", "attempts"),
        *("worker", "until", "progress", "result", "error", "created_at", "finished_at"),
    )
    only_one = labelled("unique", _("one at a time of"))
    handed = labelled("handed_at", _("handed on"))
    worker = labelled("lease_owner", _("worker"))
    until = labelled("lease_until", _("held until"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Job]:
        return admin.ModelAdmin.get_queryset(self, request)

    @display(
        description=_("state"),
        label={"waiting": "info", "running": "warning", "done": "success", "failed": "danger"},
    )
    def state_label(self, row: Job) -> tuple[str, str]:
        return row.state, row.get_state_display()


RECORDS = (
    (Profile, ProfileAdmin),
    (Event, EventAdmin),
    (Exposure, ExposureAdmin),
    (ConsentRecord, ConsentRecordAdmin),
    (ErasureReceipt, ErasureReceiptAdmin),
    (AuditEntry, AuditEntryAdmin),
    (Job, JobAdmin),
)
