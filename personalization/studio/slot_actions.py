"""What the cards of a slot's page do: move, switch, delete and bring back, change the default."""

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from personalization import clock
from personalization.exceptions import Refusal
from personalization.govern.models import AuditEntry
from personalization.govern.roles import sites_of
from personalization.publish.unpublished import unpublished
from personalization.studio.current import demand
from personalization.studio.rules import card_address
from personalization.studio.slot_page import QUIET, STATES, mark_in_words, state_beside_pages
from personalization.targeting import documents
from personalization.targeting.models import Content, Experiment, Rule, Slot
from personalization.targeting.ordering import OrderChanged, reorder
from personalization.targeting.restoring import kind_of, restore
from personalization.targeting.switches import switch_slot

Act = Callable[..., HttpResponse]


def slot_of(request: HttpRequest, pk: int, ability: str) -> Slot:
    """One of the person's own slots; elsewhere there is nothing."""
    mine = Slot.objects.filter(site__in=sites_of(request.user))
    slot = get_object_or_404(mine.select_related("site", "default"), pk=pk)
    demand(request, ability, slot.site)
    return slot


def edits_slot(act: Act) -> Act:
    """A POST by somebody who may edit the slot of this number."""

    @require_POST
    @wraps(act)
    def guarded(request: HttpRequest, pk: int, **more: Any) -> HttpResponse:
        return act(request, slot_of(request, pk, "edit"), **more)

    return guarded


@edits_slot
def order(request: HttpRequest, slot: Slot) -> HttpResponse:
    """The whole order at once: as fields `order`, or as one step of a rule (`move`: "up:key")."""
    seen = request.POST.getlist("seen")
    wanted = request.POST.getlist("order") or _stepped(seen, request.POST.get("move", ""))
    try:
        reorder(slot, wanted, seen=seen, by=str(request.user))
    except OrderChanged as changed:
        names = dict(slot.rules.values_list("key", "name"))
        theirs = [{"key": key, "name": names.get(key) or key} for key in changed.theirs]
        return _answer(request, slot, 409, {"detail": changed.detail, "theirs": theirs})
    except Refusal as refusal:
        return _answer(request, slot, refusal.status, {"detail": refusal.detail})
    said = {"detail": _("The order is saved as a draft."), "differs": unpublished(slot).differs}
    return _answer(request, slot, 200, said)


def _stepped(seen: list[str], move: str) -> list[str]:
    """What a page without script asks for: one rule one place up or down."""
    where, _colon, key = move.partition(":")
    if key not in seen or where not in ("up", "down"):
        return seen
    here = seen.index(key)
    there = max(0, min(len(seen) - 1, here + (1 if where == "down" else -1)))
    rest = [each for each in seen if each != key]
    return [*rest[:there], key, *rest[there:]]


@edits_slot
def switch_rule(request: HttpRequest, slot: Slot, rule: int) -> HttpResponse:
    row = get_object_or_404(slot.rules.select_related("site"), pk=rule)
    return _switched(request, slot, row, card_address(row))


@edits_slot
def switch_test(request: HttpRequest, slot: Slot, test: int) -> HttpResponse:
    row = get_object_or_404(slot.experiments.select_related("site"), pk=test)
    return _switched(request, slot, row, f"{_page(slot)}#experiment-{row.pk}")


def _switched(request: HttpRequest, slot: Slot, row: Rule | Experiment, back: str) -> HttpResponse:
    on = request.POST.get("on") == "1"
    kind = next(each for each in documents.KINDS.values() if each.model is type(row))
    try:
        kind.save(slot.site, {**kind.written(row), "enabled": on}, by=str(request.user))
    except Refusal as refusal:
        return _answer(request, slot, refusal.status, {"detail": refusal.detail}, back)
    row.is_enabled = on
    differing = unpublished(slot)
    state = state_beside_pages(row, clock.now(), slot.site.zone, differing)
    sentence = _("“%s” is on, as a draft.") if on else _("“%s” is off, as a draft.")
    said = {"detail": sentence % row, "on": on, "state": state, "words": str(STATES[state])}
    said |= {"mark": mark_in_words(differing, row), "differs": differing.differs}
    return _answer(request, slot, 200, {**said, "isQuiet": state in QUIET}, back)


@edits_slot
def delete_rule(request: HttpRequest, slot: Slot, rule: int) -> HttpResponse:
    """No question beforehand: the message that says so takes it back."""
    row = get_object_or_404(slot.rules.select_related("site"), pk=rule)
    try:
        documents.delete(row, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.success(request, _deleted(request, slot, row))
    return HttpResponseRedirect(_page(slot))


def _deleted(request: HttpRequest, slot: Slot, row: Rule) -> SafeString:
    entry = AuditEntry.objects.filter(site=slot.site, action="rule.deleted", target=row.key)
    return format_html(
        '{} <form method="post" action="{}" class="pz-undo"><input type="hidden" '
        'name="csrfmiddlewaretoken" value="{}"><button class="pz-undo-button">{}</button></form>',
        _("“%s” is deleted.") % row,
        reverse("admin:personalization_slot_undo", args=(slot.pk, entry.latest("pk").pk)),
        get_token(request),
        _("Undo"),
    )


@edits_slot
def undo(request: HttpRequest, slot: Slot, entry: int) -> HttpResponse:
    """Bring back a rule that was deleted from this slot."""
    row = get_object_or_404(AuditEntry, pk=entry, site=slot.site)
    try:
        if kind_of(row) is not documents.KINDS["rules"]:
            raise Refusal(_("Only a rule can be brought back here."))
        restored = restore(row, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
        return HttpResponseRedirect(_page(slot))
    messages.success(request, _("“%s” is back.") % restored)
    return HttpResponseRedirect(f"{_page(slot)}#rule-{restored.pk}")


@edits_slot
def change_default(request: HttpRequest, slot: Slot) -> HttpResponse:
    chosen = request.POST.get("default", "")
    row = Content.objects.filter(site=slot.site, key=chosen).first()
    document = {**documents.to_document(slot), "default": row.key if row else None}
    try:
        documents.save_slot(slot.site, document, by=str(request.user))
    except Refusal as refusal:
        messages.error(request, refusal.detail)
    else:
        messages.info(request, _("Saved as a draft. Pages show it once you publish."))
    return HttpResponseRedirect(f"{_page(slot)}#default")


@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """The slot itself: at once, so only by those who publish."""
    slot = slot_of(request, pk, "publish")
    on = request.POST.get("on") == "1"
    switch_slot(slot, on, by=str(request.user))
    sentence = _("“%(slot)s” is on.") if on else _("“%(slot)s” is off: it shows its default.")
    messages.success(request, sentence % {"slot": slot})
    return HttpResponseRedirect(_page(slot))


def _page(slot: Slot) -> str:
    return reverse("admin:personalization_slot_change", args=(slot.pk,))


def _answer(
    request: HttpRequest, slot: Slot, status: int, said: dict[str, Any], back: str = ""
) -> HttpResponse:
    """JSON for the script; for a page without it, the same words on the page."""
    if request.headers.get("X-Requested-With") == "fetch":
        return JsonResponse(said, status=status)
    say = messages.success if status == 200 else messages.error
    say(request, said["detail"])
    return HttpResponseRedirect(back or _page(slot))
