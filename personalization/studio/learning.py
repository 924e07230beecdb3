"""Models and suggestion snapshots: how good they are, and which one pages use."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any, Final

from django.http import HttpRequest
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _
from unfold.decorators import display

from personalization.clock import now
from personalization.figures import decimal, whole
from personalization.govern.roles import may
from personalization.govern.rounding import shown_count
from personalization.learn import artefacts, audited, registry
from personalization.learn.models import LearnedSnapshot, ModelVersion
from personalization.report import model_audit, model_words
from personalization.report.model_chart import FIGURES, MEMORY, SECONDS, chart
from personalization.report.model_health import health
from personalization.report.models_compared import difference
from personalization.studio import model_deeds
from personalization.studio.records import labelled
from personalization.studio.scoped import ReadOnlyAdmin

COUNTED: Final = {
    "events": _("events"),
    "visitors": _("visitors"),
    "items": _("items"),
    "items_with_events": _("items with events"),
    "popular": _("popular"),
    "trending": _("trending"),
}


class ModelVersionAdmin(ReadOnlyAdmin):
    list_display = ("name", "is_live", "ndcg", "popularity_ndcg", "seconds", "created_at", "site")
    list_filter = ("site", "family")
    search_fields = ("family", "fingerprint")
    fields = ()
    change_form_template = "studio/model.html"

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
        if model is not None:
            asked = Asked(request.GET.get("with", ""), request.GET.get("figure", "ndcg"))
            context.update(_page_of(model, asked), may_train=self.may_train(request, model))
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> Any:  # Django's own type
        return [*model_deeds.addresses(self.admin_site.admin_view), *super().get_urls()]

    def may_train(self, request: HttpRequest, model: ModelVersion) -> bool:
        return may(request.user, "train", model.site_id)


@dataclass(frozen=True, slots=True)
class Asked:
    """The number of a model to compare with, and the figure of which the course is drawn."""

    other: str
    figure: str


def _page_of(model: ModelVersion, asked: Asked) -> dict[str, Any]:
    """Everything that the page of one model says."""
    site = model.site
    figure = asked.figure if asked.figure in FIGURES else "ndcg"
    versions = list(ModelVersion.objects.filter(site=site).order_by("number"))
    live = registry.promoted(site)
    compared = next((each for each in versions if str(each.number) == asked.other), None)
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
        "chart": chart(versions, figure),
        "courses": FIGURES.items(),
        "course": {"figure": figure, "label": FIGURES[figure]},
        "others": [each for each in reversed(versions) if each != model],
        "compared": compared and _compared(model, compared),
        "health": health(site, model, now()) if model == live else None,
        "before": registry.before_live(site) if model == live else None,
        "waits": [] if model == live else model_audit.why_it_waits(model),
        "among_new": model_words.among_new(model),
        **_fairness(model),
        "details": _details(model),
    }


def _fairness(model: ModelVersion) -> dict[str, Any]:
    declared = audited.offered(model.site)
    return {
        "attributes": model_audit.attributes(model, declared),
        "providers": model_audit.providers(model),
        "weights": model_audit.weights(model, declared),
        "left_out": model_audit.left_out(model),
    }


def _compared(model: ModelVersion, other: ModelVersion) -> dict[str, Any]:
    """Both beside each other: their figures, and what visitors would see."""
    theirs = {each.label: each for each in _all_figures(other)}
    rows = [(each.label, each, theirs.get(each.label)) for each in _all_figures(model)]
    try:
        changes = difference(model.site, model, other, now())
    except artefacts.Tampered as tampered:
        return {"other": other, "rows": rows, "refusal": str(tampered)}
    return {"other": other, "rows": rows, "changes": changes}


def _all_figures(model: ModelVersion) -> list[model_words.Figure]:
    """Of the whole, by visitors, by items, and what the training took."""
    return [
        *model_words.figures(model),
        *_labelled(_t("NDCG, %s"), model_words.by_visitors(model)),
        *_labelled(_t("recall, %s"), model_words.by_items(model)),
        *(
            model_words.Figure(str(label), value, None)
            for name, label in FIGURES.items()
            if (value := _taken(model, name)) is not None
        ),
    ]


def _labelled(text: str, rows: Iterable[model_words.Figure]) -> list[model_words.Figure]:
    return [replace(each, label=text % each.label) for each in rows]


def _taken(model: ModelVersion, name: str) -> float | None:
    return {SECONDS: model.seconds, MEMORY: model.metrics.get("memory")}.get(name)


def _details(model: ModelVersion) -> list[tuple[str, str]]:
    counts = ", ".join(_counted(what, count) for what, count in model.counts.items())
    memory = model.metrics.get("memory")
    return [
        (_t("trained on"), counts),
        (_t("trained by"), _engine(model)),
        (_t("training time"), f"{whole(round(model.seconds))} s"),
        (_t("memory"), f"{whole(memory)} MB" if memory else "-"),
        (_t("data fingerprint"), model.fingerprint),
        (_t("artefact"), f"{model.artefact} (SHA-256 {model.sha256})"),
        (_t("parameters"), json.dumps(model.parameters.get("trainers", {}), indent=1)),
    ]


def _engine(model: ModelVersion) -> str:
    return "Apache Spark" if model.parameters.get("engine") == "spark" else _t("one machine")


def _counted(what: str, count: int) -> str:
    figure = shown_count(count) if what == "visitors" else whole(count)
    return f"{figure} {COUNTED.get(what, what)}"


class LearnedSnapshotAdmin(ReadOnlyAdmin):
    list_display = ("number", "site", "model", "created_at", "contains")
    list_filter = ("site",)
    search_fields = ("number",)
    fields = ("number", "site", "model", "created_at", "contains", "artefact", "digest")
    digest = labelled("sha256", "SHA-256")

    @display(description=_("contains"))
    def contains(self, row: LearnedSnapshot) -> str:
        return ", ".join(_counted(what, count) for what, count in row.counts.items())


def _figure(value: float | None) -> str:
    return "-" if value is None else decimal(value, 4)


LEARNING = ((ModelVersion, ModelVersionAdmin), (LearnedSnapshot, LearnedSnapshotAdmin))
