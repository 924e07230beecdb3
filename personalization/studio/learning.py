"""Models and suggestion snapshots: how good they are, and which one pages use."""

import json
from typing import Any, ClassVar

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from personalization.clock import now
from personalization.exceptions import Refusal
from personalization.govern.roles import may
from personalization.learn import artefacts, registry
from personalization.learn.models import LearnedSnapshot, ModelVersion
from personalization.report import model_words
from personalization.report.model_chart import chart
from personalization.report.model_health import health
from personalization.report.models_compared import difference
from personalization.studio.scoped import ReadOnlyAdmin


class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "is_live", "ndcg", "popularity_ndcg", "seconds", "created_at", "site")
    list_filter = ("site", "family")
    search_fields = ("family", "fingerprint")
    fields = ()
    change_form_template = "studio/model.html"
    actions_detail: ClassVar = ["promote"]

    @display(description=_("model"))
    def name(self, row: ModelVersion) -> str:
        return str(row)

    @display(description=_("in use"), boolean=True)
    def is_live(self, row: ModelVersion) -> bool:
        return row.promoted_at is not None and row == registry.promoted(row.site)

    @display(description="NDCG@10")
    def ndcg(self, row: ModelVersion) -> str:
        return _figure(model_words.ndcg_of(row))

    @display(description=_("popularity's NDCG@10"))
    def popularity_ndcg(self, row: ModelVersion) -> str:
        return _figure(model_words.ndcg_of(row, "popularity"))

    def render_change_form(
        self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any
    ) -> Any:  # Django's own types
        model = kwargs.get("obj")
        context.update(_page_of(model, request.GET.get("with", "")) if model else {})
        return super().render_change_form(request, context, *args, **kwargs)

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


def _page_of(model: ModelVersion, other: str) -> dict[str, Any]:
    """Everything that the page of one model says."""
    site = model.site
    versions = list(ModelVersion.objects.filter(site=site).order_by("number"))
    live = registry.promoted(site)
    compared = next((each for each in versions if str(each.number) == other), None)
    found = model_words.against(model)
    return {
        "model": model,
        "live": live,
        "headline": model_words.headline(model),
        "improved": model_words.what_improved(model),
        "against": found and {"number": found[0], "rows": found[1]},
        "figures": list(model_words.figures(model)),
        "visitors": list(model_words.by_visitors(model)),
        "items": list(model_words.by_items(model)),
        "members": model_words.members(model),
        "who": model_words.who_gets_what(model),
        "chart": chart(versions),
        "others": [each for each in reversed(versions) if each != model],
        "compared": compared and _compared(model, compared),
        "health": health(site, model, now()) if model == live else None,
        "details": _details(model),
    }


def _compared(model: ModelVersion, other: ModelVersion) -> dict[str, Any]:
    """Both beside each other: their figures, and what visitors would see."""
    theirs = {each.label: each for each in model_words.figures(other)}
    rows = [(each.label, each, theirs.get(each.label)) for each in model_words.figures(model)]
    try:
        changes = difference(model.site, model, other, now())
    except artefacts.Tampered as tampered:
        return {"other": other, "rows": rows, "refusal": str(tampered)}
    return {"other": other, "rows": rows, "changes": changes}


def _details(model: ModelVersion) -> list[tuple[str, str]]:
    counts = ", ".join(
        f"{count:,} {_t(what.replace('_', ' '))}" for what, count in model.counts.items()
    )
    memory = model.metrics.get("memory")
    return [
        (_t("trained on"), counts),
        (_t("training time"), f"{model.seconds:,.0f} s"),
        (_t("memory"), f"{memory:,} MB" if memory else "-"),
        (_t("data fingerprint"), model.fingerprint),
        (_t("artefact"), f"{model.artefact} (SHA-256 {model.sha256})"),
        (_t("parameters"), json.dumps(model.parameters.get("trainers", {}), indent=1)),
    ]


class LearnedSnapshotAdmin(ReadOnlyAdmin):
    list_display = ("number", "site", "model", "created_at", "contains")
    list_filter = ("site",)
    search_fields = ("number",)
    fields = ("number", "site", "model", "created_at", "contains", "artefact", "sha256")

    @display(description=_("contains"))
    def contains(self, row: LearnedSnapshot) -> str:
        return ", ".join(f"{count} {what}" for what, count in row.counts.items())


def _figure(value: float | None) -> str:
    return "-" if value is None else f"{value:.4f}"


LEARNING = ((ModelVersion, ModelVersionAdmin), (LearnedSnapshot, LearnedSnapshotAdmin))
