"""Global search: what editors wrote, by name, key or note, on the sites that one may see."""

from collections.abc import Iterator
from typing import Any, Final

from django.db.models import F, Model, Q
from django.http import HttpRequest
from django.urls import reverse
from unfold.dataclasses import SearchResult

from personalization.catalog.models import Item, Media
from personalization.drafts.models import Brief, Revision
from personalization.govern.roles import sites_of
from personalization.targeting.documents import KINDS

EACH: Final = 8  # results of one kind
ICONS: Final = {
    "segment": "groups",
    "content": "wysiwyg",
    "slot": "web_asset",
    "rule": "rule",
    "experiment": "science",
    "campaign": "campaign",
    "customblock": "widgets",
    "journey": "route",
    "media": "photo_library",
    "item": "inventory_2",
    "brief": "edit_note",
    "draft": "rate_review",
}
FIELDS: Final = ("name", "key", "description", "title", "alt", "goal")  # where a table has them


def search(request: HttpRequest, term: str) -> list[SearchResult]:
    sites = list(sites_of(request.user, "view"))
    models: list[type[Model]] = [*(kind.model for kind in KINDS.values()), Media, Item, Brief]
    if not sites:
        return []
    found = [each for model in models for each in _found(model, sites, term)]
    return [*found, *_drafts(sites, term)]


def _drafts(sites: list[Any], term: str) -> Iterator[SearchResult]:
    """By their newest words; each leads to its screen."""
    said = Revision.objects.filter(number=F("draft__revision"), fields__icontains=term)
    rows = said.filter(draft__site__in=sites).select_related("draft__site", "draft__brief")
    for row in rows.order_by("-draft")[:EACH]:
        yield SearchResult(
            title=str(row.draft),
            description=f"{row.draft.get_state_display()} · {row.draft.site}",
            link=reverse("admin:personalization_draft_change", args=(row.draft_id,)),
            icon=ICONS["draft"],
        )


def _found(model: type[Model], sites: list[Any], term: str) -> Iterator[SearchResult]:
    names = {field.name for field in model._meta.get_fields()}
    wanted = Q()
    for field in FIELDS:
        if field in names:
            wanted |= Q(**{f"{field}__icontains": term})
    kind = str(model._meta.model_name)
    rows = model._default_manager.filter(wanted, site__in=sites).select_related("site")
    for row in rows[:EACH]:
        yield SearchResult(
            title=str(row),
            description=f"{model._meta.verbose_name} · {row.site}",  # type: ignore[attr-defined] # as filtered
            link=reverse(f"admin:personalization_{kind}_change", args=(row.pk,)),
            icon=ICONS.get(kind, "data_object"),
        )
