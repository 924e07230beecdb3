"""Webhooks: where the site is told, and what became of each message."""

from typing import Any, ClassVar, Final

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.decorators import display
from unfold.widgets import UnfoldAdminURLInputWidget

from personalization.exceptions import Refusal
from personalization.govern.roles import may
from personalization.journeys.deliveries import send_again, send_test
from personalization.journeys.models import Delivery
from personalization.studio.documents import free_key
from personalization.studio.large_lists import LargeAdmin
from personalization.studio.records import moment
from personalization.studio.row_form import RowForm
from personalization.studio.scoped import NEVER, SiteScopedAdmin
from personalization.targeting.addresses import check_url
from personalization.targeting.models import Webhook
from personalization.targeting.webhooks import (
    change_webhook,
    delete_webhook,
    make_webhook,
    renew_secret,
)

SEEN: Final = "edit"  # who writes journeys sees whether they are heard
LATEST: Final = 10
STATES: Final = {Delivery.SENT: "success", Delivery.WAITING: "info", Delivery.FAILED: "danger"}


class WebhookForm(RowForm):
    url = forms.URLField(
        label=_("Address"),
        max_length=500,
        assume_scheme="https",
        widget=UnfoldAdminURLInputWidget,
        help_text=_("Of your own server, by https. It is told of each who enters a stage."),
    )

    class Meta:
        model = Webhook
        fields = ("site", "name", "key", "url", "is_enabled")

    def clean_url(self) -> str:
        url = str(self.cleaned_data["url"])
        try:
            check_url(url)
        except Refusal as refusal:
            self.add_error("url", refusal.detail)
        return url

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if self.instance.pk is None:
            rows = Webhook.objects.filter(site=cleaned.get("site"))
            name = cleaned.get("name") or ""
            cleaned["key"] = cleaned.get("key") or free_key(rows, name, "webhook")
            if rows.filter(key=cleaned["key"]).exists():
                self.add_error("key", _t("Something else has this key already; choose another."))
        return cleaned

    def document(self) -> dict[str, Any]:
        cleaned = self.cleaned_data
        return {
            "key": self.instance.key or cleaned["key"],
            "name": cleaned["name"],
            "url": cleaned["url"],
            "enabled": cleaned["is_enabled"],
        }


class WebhookAdmin(SiteScopedAdmin):
    """Its secret is shown once, when it is made or renewed."""

    form = WebhookForm
    abilities: ClassVar = {"view": SEEN, "add": "manage", "change": "manage", "delete": "manage"}
    list_display = ("webhook", "url", "is_enabled", "site")
    list_display_links = ("webhook",)
    list_filter = ("site", "is_enabled")
    search_fields = ("key", "name", "url")
    fields: Any = ("site", "name", "key", "url", "is_enabled")
    change_form_outer_after_template = "studio/webhook_after.html"

    def get_form(
        self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any
    ) -> type[RowForm]:
        form = super().get_form(request, obj, change, **kwargs)
        if "key" in form.base_fields:
            form.base_fields["key"].required = False
            form.base_fields["key"].help_text = _("Made from the name when left empty.")
        return form

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:  # Django's type
        return () if obj is None else ("site", "key")

    @display(description=_("webhook"), ordering="key")
    def webhook(self, row: Webhook) -> str:
        return str(row)

    def get_urls(self) -> Any:  # Django's own type
        wrap = self.admin_site.admin_view
        return [
            path(f"<int:pk>/{name}/", wrap(require_POST(view)), name=f"personalization_{name}")
            for name, view in (("webhook_test", self.test), ("webhook_renew", self.renew))
        ] + super().get_urls()

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        if row is not None:
            told = row.deliveries.select_related("step")[:LATEST]
            may_manage = self.has_change_permission(request, row)
            extra_context = {**(extra_context or {}), "told": told, "may_manage": may_manage}
        return super().change_view(request, object_id, form_url, extra_context)

    def save_model(self, request: HttpRequest, obj: Webhook, form: Any, change: bool) -> None:
        by = str(request.user)
        if change:
            change_webhook(obj, form.document(), by=by)
            return
        made, secret = make_webhook(obj.site, form.document(), by=by)
        obj.pk = made.pk
        obj.refresh_from_db()
        _show_once(request, secret)

    def get_deleted_objects(self, objs: Any, request: HttpRequest) -> Any:  # Django's own type
        """Its messages go with it: nobody may delete them alone, and there may be many."""
        rows = list(objs)
        counted = (
            (Webhook, len(rows)),
            (Delivery, Delivery.objects.filter(webhook__in=rows).count()),
        )
        counts = {str(model._meta.verbose_name_plural): count for model, count in counted if count}
        return [str(row) for row in rows], counts, set(), []

    def delete_view(
        self, request: HttpRequest, object_id: str, extra_context: Any = None
    ) -> HttpResponse:
        try:
            return super().delete_view(request, object_id, extra_context)
        except Refusal as refusal:
            messages.error(request, refusal.detail)
            return HttpResponseRedirect("../change/")

    def delete_model(self, request: HttpRequest, obj: Webhook) -> None:
        delete_webhook(obj, by=str(request.user))

    def delete_queryset(self, request: HttpRequest, queryset: Any) -> None:
        for row in queryset:
            try:
                delete_webhook(row, by=str(request.user))
            except Refusal as refusal:
                messages.error(request, refusal.detail)

    def test(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._mine(request, pk)
        send_test(row, by=str(request.user))
        messages.success(request, _t("A test is on its way; look below what becomes of it."))
        return HttpResponseRedirect(_address(row))

    def renew(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = self._mine(request, pk)
        _show_once(request, renew_secret(row, by=str(request.user)))
        return HttpResponseRedirect(_address(row))

    def _mine(self, request: HttpRequest, pk: int) -> Webhook:
        row: Webhook | None = self.get_object(request, str(pk))
        if row is None or not self.has_change_permission(request, row):
            raise PermissionDenied
        return row


class DeliveryAdmin(LargeAdmin):
    """Messages, the newest first. What was given up can be sent again."""

    abilities: ClassVar = {"view": SEEN, "add": NEVER, "change": NEVER, "delete": NEVER}
    list_display = ("made", "webhook", "about", "state_label", "attempts", "answer", "next_try")
    list_filter = ("site", "webhook", "state")
    search_fields = ("message", "answer")
    list_select_related = ("webhook", "step")
    fields: Any = (
        *("made", "webhook", "about", "state", "attempts", "answer", "next_try"),
        *("sent_at", "message"),
    )
    change_form_outer_after_template = "studio/delivery_after.html"

    @display(description=_("made"), ordering="at")
    def made(self, row: Delivery) -> str:
        return moment(row.at)

    @display(description=_("about"))
    def about(self, row: Delivery) -> str:
        if row.news is not None:
            return _t("drafts that wait for review")
        return f"{row.step.journey} → {row.step.stage}" if row.step else _t("a test")

    @display(description=_("state"), label=STATES)
    def state_label(self, row: Delivery) -> tuple[str, str]:
        return row.state, row.get_state_display()

    @display(description=_("next try"), ordering="due_at")
    def next_try(self, row: Delivery) -> Any:  # a moment, or nothing
        return row.due_at if row.state == Delivery.WAITING else "-"

    def get_urls(self) -> Any:  # Django's own type
        view = self.admin_site.admin_view(require_POST(self.again))
        again = path("<int:pk>/again/", view, name="personalization_delivery_again")
        return [again, *super().get_urls()]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        row = self.get_object(request, object_id)
        may_manage = row is not None and may(request.user, "manage", row.site_id)
        context = {**(extra_context or {}), "may_manage": may_manage}
        return super().change_view(request, object_id, form_url, context)

    def again(self, request: HttpRequest, pk: int) -> HttpResponse:
        row: Delivery | None = self.get_object(request, str(pk))
        if row is None or not may(request.user, "manage", row.site_id):
            raise PermissionDenied
        try:
            send_again(row, by=str(request.user))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _t("It is on its way again."))
        return HttpResponseRedirect(_address(row))


def _address(row: Webhook | Delivery) -> str:
    return reverse(f"admin:personalization_{row._meta.model_name}_change", args=(row.pk,))


def _show_once(request: HttpRequest, secret: str) -> None:
    sentence = _t("Copy this secret now, it is not shown again: {}")
    messages.warning(request, format_html(sentence, secret))


WEBHOOKS: Final = ((Webhook, WebhookAdmin), (Delivery, DeliveryAdmin))
