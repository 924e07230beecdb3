"""Slots: the list, the page of one, and its settings."""

from typing import Any

from django.contrib.admin.utils import unquote
from django.core.exceptions import PermissionDenied
from django.db.models import BooleanField, ExpressionWrapper, Q
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.govern.roles import may, sites_of
from personalization.studio import slot_actions, slot_pictures
from personalization.studio.card_form import CardForm, card_form
from personalization.studio.documents import Document, DocumentAdmin, DocumentForm
from personalization.studio.scoped import note_saved
from personalization.studio.slot_page import rules_of, slot_context
from personalization.studio.zones import in_zone_of, rendered
from personalization.targeting import documents
from personalization.targeting.models import Rule, Slot


class SlotForm(DocumentForm):
    verb = documents.save_slot

    class Meta:
        model = Slot
        fields = ("site", "name", "key", "default", "min_height", "description")

    def document(self, cleaned: dict[str, Any]) -> Document:
        default = cleaned.get("default")
        return {
            "key": cleaned["key"],
            "name": cleaned["name"],
            "default": default.key if default else None,
            "min_height": cleaned.get("min_height") or 0,
            "description": cleaned["description"],
            "enabled": self.instance.is_enabled,
        }


class SlotAdmin(DocumentAdmin):
    """The page of a slot is not a form: its settings are, behind `?settings`."""

    form = SlotForm
    list_display = ("slot", "key", "default", "n_rules", "n_experiments", "switch")
    list_display_links = ("slot",)
    list_filter = ("site", "is_enabled")
    search_fields = ("key", "name", "description")
    list_select_related = ("default",)
    autocomplete_fields = ("default",)
    fields = ("site", "name", "key", "default", "min_height", "description")

    def get_queryset(self, request: HttpRequest) -> Any:  # Django's own type
        publishable = sites_of(request.user, "publish").values_list("pk", flat=True)
        may_switch = ExpressionWrapper(Q(site__in=list(publishable)), BooleanField())
        rows = super().get_queryset(request).prefetch_related("rules", "experiments")
        return rows.annotate(may_switch=may_switch)

    @display(description=_("slot"), ordering="key")
    def slot(self, row: Slot) -> str:
        return str(row)

    @display(description=_("rules"))
    def n_rules(self, row: Slot) -> int:
        return sum(rule.is_enabled for rule in row.rules.all())

    @display(description=_("experiments"))
    def n_experiments(self, row: Slot) -> int:
        return sum(test.is_enabled for test in row.experiments.all())

    @display(description=_("on"))
    def switch(self, row: Any) -> SafeString:  # a slot with its annotation
        """The list is a form already, so the button names its own address."""
        if not row.may_switch:
            return SafeString(_t("on") if row.is_enabled else _t("off"))
        return format_html(
            '<button class="pz-switch" role="switch" formmethod="post" formaction="{}" '
            'name="on" value="{}" aria-checked="{}" aria-label="{}"></button>',
            f"{reverse('admin:personalization_switch_slot', args=(row.pk,))}?back=slots",
            "0" if row.is_enabled else "1",
            "true" if row.is_enabled else "false",
            _t("%(slot)s is on") % {"slot": row},
        )

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        """Looking opens the page; what is sent is its settings."""
        if request.method == "GET" and "settings" not in request.GET:
            slot = self.get_object(request, unquote(object_id))
            if slot is not None:
                return self._page(request, slot)
        return super().change_view(request, object_id, form_url, extra_context)

    def response_post_save_change(self, request: HttpRequest, obj: Slot) -> HttpResponse:
        return HttpResponseRedirect(_address(obj))

    def response_post_save_add(self, request: HttpRequest, obj: Slot) -> HttpResponse:
        """What is new wants its first rule."""
        return HttpResponseRedirect(_address(obj))

    def get_urls(self) -> Any:  # Django's own type
        wrap = self.admin_site.admin_view
        one = "<int:pk>/"
        views = (
            ("rules/add/", self.add_rule, "add_rule"),
            ("rules/<int:rule>/", self.edit_rule, "edit_rule"),
            ("rules/<int:rule>/switch/", slot_actions.switch_rule, "switch_rule"),
            ("rules/<int:rule>/delete/", slot_actions.delete_rule, "delete_rule"),
            ("experiments/<int:test>/switch/", slot_actions.switch_test, "switch_test"),
            ("order/", slot_actions.order, "order"),
            ("undo/<int:entry>/", slot_actions.undo, "undo"),
            ("default/", slot_actions.change_default, "default"),
            ("switch/", slot_actions.switch, "switch"),
            ("picture/", slot_pictures.slot_picture, "picture"),
            ("picture/<int:content>/", slot_pictures.content_picture, "content_picture"),
            ("reach/", slot_pictures.reach, "reach"),
        )
        return [
            *(
                path(one + at, wrap(view), name=f"personalization_slot_{n}")
                for at, view, n in views
            ),
            *super().get_urls(),
        ]

    def add_rule(self, request: HttpRequest, pk: int) -> HttpResponse:
        """A rule's empty form among the cards, and what is sent from it."""
        slot = slot_actions.slot_of(request, pk, "edit")
        with in_zone_of(slot.site):
            form = card_form(request, slot)
            if request.method == "POST" and form.is_valid():
                return self._saved(request, slot, form)
            return rendered(self._page(request, slot, form=form))

    def edit_rule(self, request: HttpRequest, pk: int, rule: int) -> HttpResponse:
        """One card as a form, and what is sent from it."""
        slot = slot_actions.slot_of(request, pk, "edit")
        row = rules_of(slot).filter(pk=rule).first()
        if row is None:
            return HttpResponseRedirect(_address(slot))
        with in_zone_of(slot.site):
            form = card_form(request, slot, row)
            if request.method == "POST" and form.is_valid():
                return self._saved(request, slot, form)
            return rendered(self._page(request, slot, edited=rule, form=form))

    def _saved(self, request: HttpRequest, slot: Slot, form: CardForm) -> HttpResponse:
        saved: Rule = form.save_document()
        self.message_user(request, _t("Saved as a draft. Pages show it once you publish."))
        return note_saved(request, HttpResponseRedirect(f"{_address(slot)}#rule-{saved.pk}"))

    def _page(
        self, request: HttpRequest, slot: Slot, *, edited: int | None = None, form: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request, slot):
            raise PermissionDenied
        with in_zone_of(slot.site):
            context = {
                **self.admin_site.each_context(request),
                **slot_context(slot, edited=edited, form=form),
                "title": str(slot),
                "opts": self.opts,
                "media": self.media + form.media if form else self.media,
                "may_edit": may(request.user, "edit", slot.site_id),
                "may_publish": may(request.user, "publish", slot.site_id),
            }
            return rendered(TemplateResponse(request, "studio/slot.html", context))


def _address(slot: Slot) -> str:
    return reverse("admin:personalization_slot_change", args=(slot.pk,))
