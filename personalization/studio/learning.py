"""Models and suggestion snapshots: how good they are, and which one pages use."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from personalization.exceptions import Refusal
from personalization.govern.roles import may
from personalization.learn import registry
from personalization.learn.models import LearnedSnapshot, ModelVersion
from personalization.studio.scoped import ReadOnlyAdmin


class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "is_live", "ndcg", "popularity_ndcg", "seconds", "created_at", "site")
    list_filter = ("site", "family")
    search_fields = ("family", "fingerprint")
    fields = (
        *("name", "site", "is_live", "created_at", "seconds", "promoted_at", "promoted_by"),
        *("quality", "trained_on", "parameters", "fingerprint", "artefact", "sha256"),
    )
    actions_detail: ClassVar = ["promote"]

    @display(description=_("model"))
    def name(self, row: ModelVersion) -> str:
        return str(row)

    @display(description=_("in use"), boolean=True)
    def is_live(self, row: ModelVersion) -> bool:
        return row.promoted_at is not None and row == registry.promoted(row.site)

    @display(description="NDCG@10")
    def ndcg(self, row: ModelVersion) -> str:
        return _figure(row.metrics.get("model", {}).get("ndcg"))

    @display(description=_("popularity's NDCG@10"))
    def popularity_ndcg(self, row: ModelVersion) -> str:
        return _figure(row.metrics.get("popularity", {}).get("ndcg"))

    @display(description=_("quality on held-out events"))
    def quality(self, row: ModelVersion) -> SafeString:
        lines = [
            (name, _figure(value), _figure(row.metrics.get("popularity", {}).get(name)))
            for name, value in row.metrics.get("model", {}).items()
        ]
        body = format_html_join("", "<tr><th>{}</th><td>{}</td><td>{}</td></tr>", lines)
        return format_html(
            '<table class="pz-table"><thead><tr><th></th><th>{}</th><th>{}</th></tr></thead>'
            "<tbody>{}</tbody></table>",
            _t("this model"),
            _t("popularity"),
            body,
        )

    @display(description=_("trained on"))
    def trained_on(self, row: ModelVersion) -> str:
        return ", ".join(f"{count:,} {what}" for what, count in row.counts.items())

    @action(description=_("Use this model"), url_path="promote", icon="upgrade")
    def promote(self, request: HttpRequest, object_id: int) -> HttpResponseRedirect:
        model = self.get_object(request, str(object_id))
        if model is None or not self.may_train(request, model):
            raise PermissionDenied
        try:
            registry.promote(model, by=str(request.user))
        except Refusal as refusal:
            messages.error(request, refusal.detail)
        else:
            messages.success(request, _t("Pages use this model from now on."))
        return HttpResponseRedirect(
            reverse("admin:personalization_modelversion_change", args=(object_id,))
        )

    def may_train(self, request: HttpRequest, model: ModelVersion) -> bool:
        return may(request.user, "train", model.site_id)


class LearnedSnapshotAdmin(ReadOnlyAdmin):
    list_display = ("number", "site", "model", "created_at", "contains")
    list_filter = ("site",)
    search_fields = ("number",)
    fields = ("number", "site", "model", "created_at", "contains", "artefact", "sha256")

    @display(description=_("contains"))
    def contains(self, row: LearnedSnapshot) -> str:
        return ", ".join(f"{count} {what}" for what, count in row.counts.items())


def _figure(value: Any) -> str:  # what a metrics document holds
    return f"{value:.4f}" if isinstance(value, int | float) else "-"


LEARNING = ((ModelVersion, ModelVersionAdmin), (LearnedSnapshot, LearnedSnapshotAdmin))
