"""Sites, their keys and their items."""

from typing import Any, ClassVar

from django.contrib import messages
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.catalog.models import Item
from personalization.figures import decimal
from personalization.govern import audit, keys, sites
from personalization.govern.models import ApiKey, Site
from personalization.money import exponent, to_major
from personalization.studio.audit_form import AUDIT_FIELDS
from personalization.studio.pages import addresses
from personalization.studio.records import labelled
from personalization.studio.scoped import NEVER, ReadOnlyAdmin, SiteScopedAdmin
from personalization.studio.site_form import CHANGED, PARTS, SiteForm, written
from personalization.targeting.models import UndeclaredSlot

MANAGED = dict.fromkeys(("view", "add", "change", "delete"), "manage")


class SiteAdmin(SiteScopedAdmin):
    """Settings of a site; new ones are made by the command `site`, which prints the keys."""

    form = SiteForm
    change_form_before_template = "studio/site_top.html"
    site_path = "pk"
    abilities: ClassVar = {**MANAGED, "add": NEVER, "delete": NEVER}
    list_display = ("name", "key", "is_enabled", "live_release", "live_learned")
    search_fields = ("key", "name")
    readonly_fields = ("key",)
    fields: Any = (
        *("name", "key", "origins_text", "locale", "zone", "currency"),
        *("holdout_share", "min_audience", "two_people"),
        *AUDIT_FIELDS,
    )

    def site_id_of(self, row: Any) -> int | None:
        return row.pk

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Site, form: Any, change: bool) -> None:
        """What the form shows, and nothing else: a release may go live at the same moment."""
        before = written(Site.objects.get(pk=obj.pk))
        obj.origins = form.cleaned_data["origins_text"]
        obj.save(update_fields=PARTS)
        sites.touch(obj)
        pairs = {name: [before[name], now] for name, now in written(obj).items()}
        audit.record(
            site=obj,
            actor=str(request.user),
            action=CHANGED,
            target=obj.key,
            changes={name: [was, now] for name, (was, now) in pairs.items() if was != now},
        )

    def get_urls(self) -> Any:  # Django's own type
        return [*addresses(self.admin_site.admin_view), *super().get_urls()]


class ApiKeyAdmin(SiteScopedAdmin):
    """Keys are made and revoked here; a secret one is shown once."""

    abilities: ClassVar = {**MANAGED, "change": NEVER}
    list_display = ("shown_key", "kind", "name", "site", "is_active", "created_at")
    list_filter = ("site", "kind", "is_active")
    search_fields = ("name", "shown")
    fields: Any = ("site", "kind", "name")
    actions = ("revoke",)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    @display(description=_("key"))
    def shown_key(self, row: ApiKey) -> SafeString:
        return format_html("<code>{}</code>", row.shown)

    def save_model(self, request: HttpRequest, obj: ApiKey, form: Any, change: bool) -> None:
        raw = keys.make_key(obj.site, obj.kind, name=obj.name, by=str(request.user))
        made = ApiKey.objects.get(digest=keys.digest_of(raw))
        obj.pk = made.pk
        obj.refresh_from_db()
        if obj.kind == ApiKey.SECRET:
            messages.warning(
                request,
                format_html(_t("Copy this key now, it is not shown again: {}"), raw),
            )

    def delete_model(self, request: HttpRequest, obj: ApiKey) -> None:
        keys.revoke(obj, by=str(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            keys.revoke(row, by=str(request.user))

    def revoke(self, request: HttpRequest, queryset: Any) -> None:
        self.delete_queryset(request, queryset)
        messages.success(request, _t("Revoked. Calls with these keys are refused within a second."))

    revoke.short_description = _("Revoke")  # type: ignore[attr-defined] # how Django names actions


class ItemAdmin(ReadOnlyAdmin):
    """What can be suggested; items come in by feed or API."""

    list_display = ("picture", "title", "key", "category", "cost", "is_available")
    list_display_links = ("title",)
    list_filter = ("site", "is_available", "category")
    search_fields = ("key", "title", "category")
    fields: Any = (
        *("picture", "title", "key", "category", "cost", "is_available", "tags", "url"),
        *("text", "attributes", "changed"),
    )
    changed = labelled("updated_at", _("changed"))

    @display(description=_("picture"))
    def picture(self, row: Item) -> SafeString | str:
        if not row.image:
            return "-"
        return format_html('<img src="{}" alt="" class="pz-thumbnail" loading="lazy">', row.image)

    @display(description=_("price"), ordering="price")
    def cost(self, row: Item) -> str:
        if row.price is None:
            return "-"
        places = exponent(row.currency)
        return f"{decimal(to_major(row.price, row.currency), places)} {row.currency}"


class UndeclaredSlotAdmin(ReadOnlyAdmin):
    list_display = ("key", "url", "first_at", "last_at")
    list_filter = ("site",)
    search_fields = ("key", "url")


SITES = (
    (Site, SiteAdmin),
    (ApiKey, ApiKeyAdmin),
    (Item, ItemAdmin),
    (UndeclaredSlot, UndeclaredSlotAdmin),
)
