"""The words that a model is sent: the ones in use, every earlier version, and what differs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.drafts.brand_models import PromptText
from personalization.drafts.prompts import (
    MAY_NAME,
    MEANINGS,
    NAMES,
    TITLES,
    history,
    prompt_of,
    rules,
    save_prompt,
    shipped,
)
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.studio.current import allowed, current_site, demand
from personalization.studio.scoped import note_saved
from personalization.studio.side_by_side import side_by_side


@dataclass(frozen=True, slots=True)
class Version:
    """One saved version beside the one before it."""

    row: PromptText
    before: SafeString
    after: SafeString


def prompts_page(request: HttpRequest, name: str = NAMES[0]) -> HttpResponse:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    if name not in NAMES:
        raise Http404
    refusal = None
    if request.method == "POST":
        demand(request, "edit", site)
        try:
            _save(request, site, name)
        except Refusal as refused:
            refusal = refused
        else:
            messages.success(
                request, _("Saved. Whatever is asked for from now on is written by it.")
            )
            return note_saved(request, HttpResponseRedirect(_page(name)))
    used = prompt_of(site, name)
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Prompts"),
        "site": site,
        "names": [(each, TITLES[each], _page(each)) for each in NAMES],
        "name": name,
        "used": used,
        "text": request.POST.get("text", used.text),
        "note": request.POST.get("note", ""),
        "is_own": used.version.startswith("site:"),
        "refusal": refusal,
        "rules": rules(),
        "placeholders": [(each, MEANINGS[each]) for each in MAY_NAME[name]],
        "versions": list(_versions(site, name)),
        "may_edit": allowed(request, "edit", site),
    }
    return TemplateResponse(request, "studio/drafts/prompts.html", context)


def _save(request: HttpRequest, site: Site, name: str) -> None:
    text = "" if request.POST.get("back") else request.POST.get("text", "")
    note = request.POST.get("note", "") or (_("back to the shipped words") if not text else "")
    save_prompt(site, name, text, note=note, by=str(request.user))


def _versions(site: Site, name: str) -> Iterator[Version]:
    """The newest first; an empty one went back to the shipped words."""
    rows = list(history(site, name))
    texts = [row.text or shipped(name).text for row in rows] + [shipped(name).text]
    for place, row in enumerate(rows):
        yield Version(row, *side_by_side(texts[place + 1], texts[place]))


def _page(name: str) -> str:
    return reverse("admin:personalization_prompt", args=(name,))
