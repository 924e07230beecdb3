"""The pages of one brief: where it begins, its form, and the page on which it is written."""

from collections.abc import Iterator, Mapping
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from personalization.blocks.files import shipped_blocks
from personalization.drafts import briefs
from personalization.drafts.assigning import assign_brief
from personalization.drafts.brand_models import BriefTemplate
from personalization.drafts.models import Brief
from personalization.drafts.people import Person, person
from personalization.drafts.shape import asked_texts
from personalization.drafts.writers import writer_state
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.govern.roles import may, sites_of
from personalization.studio.conflicts import Opened
from personalization.studio.contents import title_of_block
from personalization.studio.current import current_site, demand
from personalization.studio.drafts.asking_price import price_of
from personalization.studio.drafts.brief_form import FACTS, BriefForm, typed_of
from personalization.studio.drafts.progress import orders_shown, progress_of
from personalization.studio.drafts.screen import reviewers
from personalization.studio.languages import language_name
from personalization.studio.scoped import note_saved
from personalization.studio.waiting import late_since
from personalization.targeting.blocks import as_block, find_block
from personalization.targeting.models import CustomBlock, Segment, Slot
from rules.types import Block

SHOWN_ITEMS: Final = 5


def brief_of(request: HttpRequest, pk: int, ability: str = "view") -> Brief:
    rows = Brief.objects.select_related("site", "author", "assigned_to")
    brief = get_object_or_404(rows, pk=pk, site__in=sites_of(request.user))
    demand(request, ability, brief.site)
    return brief


def page_of(brief: Brief) -> str:
    return reverse("admin:personalization_brief_change", args=(brief.pk,))


def new_brief(request: HttpRequest) -> HttpResponse:
    """From a slot, a block, a template, a segment or another brief: the address says which."""
    site = current_site(request, "edit")
    if site is None:
        raise PermissionDenied
    document = _beginning(request, site)
    if document is None:
        return _choose(request, site)
    return _form(request, site, document)


def edit_brief(request: HttpRequest, pk: int) -> HttpResponse:
    brief = brief_of(request, pk, "edit")
    if brief.state != Brief.OPEN:
        return HttpResponseRedirect(page_of(brief))
    return _form(request, brief.site, briefs.brief_document(brief), brief)


def brief_page(request: HttpRequest, pk: int) -> HttpResponse:
    """What was said, what it costs, what has come of it."""
    brief = brief_of(request, pk)
    context = {
        **_context(request, brief.site, brief.name),
        **_written(request, brief),
        "said": list(_said(brief)),
        "price": price_of(brief) if brief.state == Brief.OPEN else None,
        "is_mine": brief.author_id == request.user.pk,
    }
    return TemplateResponse(request, "studio/drafts/brief.html", context)


@require_GET
def written_part(request: HttpRequest, pk: int) -> HttpResponse:
    """The part of the page that changes while a model writes; asked for again and again."""
    context = _written(request, brief_of(request, pk))
    return TemplateResponse(request, "studio/drafts/brief_orders.html", context)


def _written(request: HttpRequest, brief: Brief) -> dict[str, Any]:
    progress = progress_of([brief])[brief.pk]
    return {
        "brief": brief,
        "progress": progress,
        "late_since": late_since() if progress.is_running else None,
        "orders": orders_shown(brief),
        "may_edit": may(request.user, "edit", brief.site_id),
        "may_manage": may(request.user, "manage", brief.site_id),
    }


def _form(
    request: HttpRequest, site: Site, document: Mapping[str, Any], brief: Brief | None = None
) -> HttpResponse:
    block = find_block(site, str(document.get("block") or ""))
    if block is None:
        return _choose(request, site)
    form = BriefForm(site, block, request.POST or None, initial=typed_of(document, site))
    if brief is not None and brief.assigned_to_id:
        form.initial["assigned_to"] = str(brief.assigned_to_id)
    if request.method == "POST" and form.is_valid():
        try:
            saved = _saved(form, site, person(request.user, site), brief)
        except Refusal as refusal:
            form.say(refusal)
        else:
            messages.info(
                request, _("Saved. Nothing is written, and nothing costs, before you ask.")
            )
            return note_saved(request, HttpResponseRedirect(page_of(saved)))
    context = {
        **_context(request, site, _("A brief") if brief is None else str(brief)),
        "form": form,
        "block": block,
        "block_title": title_of_block(block.name),
        "texts": asked_texts(block, {}, {}),
        "items": form.chosen_items(),
        "brief": brief,
        "opened_at": request.POST.get("opened_at") or (brief and brief.updated_at.isoformat()),
        "site": site,
    }
    return TemplateResponse(request, "studio/drafts/brief_form.html", context)


def _saved(form: BriefForm, site: Site, who: Person, brief: Brief | None) -> Brief:
    seen = Opened.sent(form.data).at
    saved = briefs.save_brief(site, form.document(), by=who, brief=brief, unchanged_since=seen)
    chosen = form.cleaned_data.get("assigned_to")
    to = reviewers(site).filter(pk=chosen).first() if chosen else None
    if to != saved.assigned_to:
        assign_brief(saved, to=to, by=who)
    return saved


def _beginning(request: HttpRequest, site: Site) -> dict[str, Any] | None:  # JSON
    """What the address says to start from; None: nothing yet. A block in it goes before all."""
    asked = request.GET
    block = {"block": asked["block"]} if asked.get("block") else {}
    if asked.get("template", "").isdigit():
        row = get_object_or_404(BriefTemplate, pk=asked["template"], site=site)
        return briefs.document_from_template(row, block)
    if asked.get("copy", "").isdigit():
        other = brief_of(request, int(asked["copy"]))
        copied = briefs.brief_document(other)
        return {**copied, "name": _("%s (copy)") % other.name, "due_at": None, **block}
    slot = Slot.objects.filter(site=site, key=asked.get("slot", "")).select_related("default")
    place = slot.first()
    segment = Segment.objects.filter(site=site, key=asked.get("segment", "")).first()
    if segment is not None and (place or block):
        return {**briefs.document_for_segment(segment, place), **block}
    if place is not None and place.default is not None:
        return {"slot": place.key, "block": place.default.block, **block}
    if block:
        return {**block, "slot": place.key if place else None}
    return None


def _choose(request: HttpRequest, site: Site) -> HttpResponse:
    """Slots and blocks as pictures, and what one may start from."""
    slots = Slot.objects.filter(site=site).select_related("default").order_by("name", "key")
    segment = Segment.objects.filter(site=site, key=request.GET.get("segment", "")).first()
    keep = f"&segment={segment.key}" if segment else ""
    blocks = [each for each in _blocks(site) if each["has_words"]]
    with_words = {each["name"] for each in blocks}
    context = {
        **_context(request, site, _("What shall be written?")),
        "slots": [slot for slot in slots if slot.default and slot.default.block in with_words],
        "blocks": blocks,
        "templates": [] if segment else list(BriefTemplate.objects.filter(site=site)),
        "segment": segment,
        "keep": keep,
    }
    return TemplateResponse(request, "studio/drafts/brief_start.html", context)


def _blocks(site: Site) -> Iterator[dict[str, Any]]:
    for name, each in shipped_blocks().items():
        title, text = _(each.title), _(each.description)
        yield {"name": name, "title": title, "text": text, "has_words": _says(each.block)}
    for row in CustomBlock.objects.filter(site=site):
        text = str(row.schema.get("description") or _("Written on this site."))
        says = _says(as_block(row))
        yield {"name": row.key, "title": str(row), "text": text, "has_words": says}


def _says(block: Block) -> bool:
    return bool(asked_texts(block, {}, {}))


def _said(brief: Brief) -> Iterator[tuple[str, str]]:
    """The brief as a person reads it; what says nothing is left out."""
    local = brief.due_at.astimezone(ZoneInfo(brief.site.zone)) if brief.due_at else None
    due = date_format(local, "SHORT_DATETIME_FORMAT") if local else ""
    facts = ", ".join(str(FACTS.get(name, name)) for name in brief.facts)
    limits = ", ".join(f"{name}: {most}" for name, most in brief.limits.items())
    said = (
        (_("Goal"), brief.goal),
        (_("Block"), title_of_block(brief.block)),
        (_("Where"), brief.slot),
        (_("For whom"), brief.audience or _("everybody")),
        (_("Tone"), brief.tone),
        (_("Items"), _few(brief.items)),
        (_("Facts that may be used"), facts),
        (_("Languages"), ", ".join(map(language_name, brief.locales))),
        (_("Variants of each"), str(brief.variants)),
        (_("Length limits"), limits),
        (_("To be reviewed by"), str(brief.assigned_to or "")),
        (_("Reviewed until"), due),
        (_("Asked by"), brief.by),
    )
    return ((label, text) for label, text in said if text)


def _few(items: list[str]) -> str:
    more = f" … ({len(items)})" if len(items) > SHOWN_ITEMS else ""
    return ", ".join(items[:SHOWN_ITEMS]) + more


def _context(request: HttpRequest, site: Site, title: str) -> dict[str, Any]:
    return {
        **admin.site.each_context(request),
        "title": title,
        "opts": Brief._meta,
        "writer": writer_state(site),
    }
