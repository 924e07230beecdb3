"""What the site recorded, to look at: visitors, events, exposures, consent, audit, jobs."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import ClassVar

from django.contrib import admin
from django.db.models import QuerySet
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
from personalization.govern.models import AuditEntry, ConsentRecord, ErasureReceipt
from personalization.govern.purposes import to_bits
from personalization.outbox import Job
from personalization.profiles.models import Profile
from personalization.studio.scoped import NEVER, ReadOnlyAdmin
from rules.purposes import Purpose

PURPOSES = (
    (1, _("analytics")),
    (2, _("personalization")),
    (4, _("training")),
    (8, _("AI profiling")),
)


def moment(microseconds: int | None) -> str:
    """Microseconds since 1970 as a person reads them, in the site's language and zone."""
    if microseconds is None:
        return "-"
    at = datetime.fromtimestamp(microseconds / 1_000_000, tz=UTC)
    return date_format(localtime(at), "SHORT_DATETIME_FORMAT")


def purpose_in_words(name: str) -> str:
    """What a person calls a purpose; in another context than its bit."""
    return str(dict(PURPOSES)[to_bits(frozenset([Purpose(name)]))])


def purposes_in_words(bits: int) -> str:
    return ", ".join(str(label) for bit, label in PURPOSES if bits & bit) or str(_("none"))


def only_viewed_with(ability: str) -> Mapping[str, str]:
    return {"view": ability, "add": NEVER, "change": NEVER, "delete": NEVER}


class ProfileAdmin(ReadOnlyAdmin):
    """Visitors appear under their keyed hash; personal traits stay sealed."""

    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("short_key", "site", "allowed", "seen_last", "visits", "frequency")
    list_filter = ("site",)
    search_fields = ("key",)
    fields = ("key", "site", "allowed", "policy", "seen_first", "seen_last", "visits", "frequency")

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


class EventAdmin(ReadOnlyAdmin):
    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("when", "type", "item", "category", "visitor", "allowed")
    list_filter = ("site", "type")
    search_fields = ("item", "event")
    list_select_related = ("profile",)
    fields = ("event", "when", "type", "item", "category", "visitor", "allowed")

    @display(description=_("at"), ordering="at")
    def when(self, row: Event) -> str:
        return moment(row.at)

    @display(description=_("visitor"))
    def visitor(self, row: Event) -> str:
        return row.profile.key[:12]

    @display(description=_("allowed for"))
    def allowed(self, row: Event) -> str:
        return purposes_in_words(row.purposes)


class ExposureAdmin(ReadOnlyAdmin):
    abilities: ClassVar = only_viewed_with("report")
    list_display = ("when", "slot", "content", "reason", "rule", "experiment", "arm", "release")
    list_filter = ("site", "slot", ("reason", admin.AllValuesFieldListFilter))
    search_fields = ("slot", "content", "rule", "experiment", "token")
    fields = (
        *("when", "slot", "content", "reason", "rule", "experiment", "arm", "phase"),
        *("bucket", "propensity", "release", "learned", "shown_items", "token", "why"),
    )

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


class ConsentRecordAdmin(ReadOnlyAdmin):
    """The ledger: each row is sealed under the visitor's own key and chained to the one before."""

    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("sequence", "site", "at", "short_digest")
    list_filter = ("site",)
    search_fields = ("digest",)
    fields = ("sequence", "site", "at", "digest", "previous")
    ordering = ("-at",)

    @display(description=_("digest"))
    def short_digest(self, row: ConsentRecord) -> str:
        return row.digest[:16]


class ErasureReceiptAdmin(ReadOnlyAdmin):
    abilities: ClassVar = only_viewed_with("privacy")
    list_display = ("reference", "site", "at", "rows")
    list_filter = ("site",)
    search_fields = ("reference",)


class AuditEntryAdmin(ReadOnlyAdmin):
    """Who changed what, from what to what."""

    abilities: ClassVar = only_viewed_with("view")
    list_display = ("at", "actor", "deed", "differences", "site")
    list_select_related = ("site",)
    list_filter = ("site", ("action", admin.AllValuesFieldListFilter), "actor")
    search_fields = ("actor", "action", "target")
    date_hierarchy = "at"
    fields = ("at", "actor", "deed", "site", "before_and_after")

    @display(description=_("what"), ordering="action")
    def deed(self, row: AuditEntry) -> str:
        return row.in_words

    @display(description=_("changed"))
    def differences(self, row: AuditEntry) -> str:
        return ", ".join(str(name).replace("_", " ") for name in row.changes) or "-"

    @display(description=_("from what to what"))
    def before_and_after(self, row: AuditEntry) -> SafeString:
        """A pair of values was and is; anything else is a fact about the deed."""
        pairs = [
            (name.replace("_", " "), *(value if _is_pair(value) else (None, value)))
            for name, value in row.changes.items()
        ]
        return SafeString(render_to_string("studio/audit_changes.html", {"pairs": pairs}))


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
