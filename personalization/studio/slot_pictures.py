"""What a slot's page shows besides its cards: pictures, and whom each rule would reach."""

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import is_naive, make_aware
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_GET

from personalization import clock
from personalization.exceptions import Refusal
from personalization.govern.rounding import UNTOLD
from personalization.learn.live import learned
from personalization.publish.freeze import freeze
from personalization.publish.site_settings import site_settings
from personalization.render.preview import preview
from personalization.render.slot_picture import look_at_slot
from personalization.report.reach import RuleReach
from personalization.report.slot_reach import SlotReach, slot_reach
from personalization.studio.slot_actions import slot_of
from personalization.studio.zones import in_zone_of
from personalization.targeting.blocks import find_block
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Content, Slot
from rules.fields import BUILT_IN

KEPT_SECONDS = 300  # of a content's picture: its address names its version


@require_GET
@xframe_options_sameorigin
def slot_picture(request: HttpRequest, pk: int) -> HttpResponse:
    """The slot as drafted, through somebody's eyes, at a time."""
    slot = slot_of(request, pk, "view")
    site = slot.site
    context: dict[str, Any] = {"locale": site.locale}
    try:
        release = freeze(site, 0, only=slot.key)
        known = learned(site.pk, site.live_learned)
        shown = look_at_slot(
            release, slot.key, known, request.GET.get("as", ""), _at(request, slot)
        )
    except Refusal as refusal:
        context["refusal"] = refusal
    else:
        if shown is None:
            context["html"] = _words(_("Nobody can be made up whom this describes."))
        elif not shown.html and shown.data is None:
            context["html"] = _words(_("The slot stays empty."))
        else:
            context["html"] = _html(shown.html, shown.data)
    return HttpResponse(render_to_string("studio/preview.html", context, request=request))


@require_GET
@xframe_options_sameorigin
def content_picture(request: HttpRequest, pk: int, content: int) -> HttpResponse:
    """A content of the slot's site, small on a card."""
    site = slot_of(request, pk, "view").site
    row = Content.objects.filter(site=site, pk=content).first()
    block = find_block(site, row.block) if row else None
    if row is None or block is None:
        raise Http404
    context: dict[str, Any] = {"locale": site.locale}
    try:
        found = preview(
            block,
            row.fields,
            catalogue=site_catalogue(site),
            now=clock.now(),
            locale=site.locale,
            learned=learned(site.pk, site.live_learned),
            settings=site_settings(site),
        )
        context["html"] = _html(found.text if block.kind != "json" else "", found.text)
    except Refusal as refusal:
        context["refusal"] = refusal
    page = HttpResponse(render_to_string("studio/preview.html", context, request=request))
    page["Cache-Control"] = f"private, max-age={KEPT_SECONDS}"
    return page


@require_GET
def reach(request: HttpRequest, pk: int) -> HttpResponse:
    """Whom each rule would reach, in sentences by its key; asked for once the page stands."""
    slot = slot_of(request, pk, "view")
    try:
        found = slot_reach(slot.site, slot.key)
    except Refusal as refusal:
        return JsonResponse({"refusal": refusal.detail}, status=refusal.status)
    names = {rule.key: str(rule) for rule in slot.rules.all()}
    if found.reach.default == UNTOLD:
        return JsonResponse(_too_few_yet(found, names))
    return JsonResponse(
        {
            "sample": _("Shares of the %s visitors seen last who allow personalization.")
            % found.reach.sample,
            "rules": {key: _rule_in_words(key, found, names) for key in found.reach.rules},
            "tests": {
                key: _("takes %s of them") % share for key, share in found.reach.experiments.items()
            },
            "default": _("%s of them see it") % found.reach.default,
            "held_out": _("%s of them are held out and see the default everywhere")
            % found.reach.held_out
            if found.reach.held_out
            else "",
        }
    )


def _too_few_yet(found: SlotReach, names: dict[str, str]) -> dict[str, Any]:  # JSON
    """What can be told without visitors: what nobody can reach, what a page view decides."""
    told = {*found.hidden, *(key for key, fields in found.of_the_page.items() if fields)}
    rules = {key: _rule_in_words(key, found, names) for key in told}
    note = _("Whom it reaches is told once 50 visitors who allow personalization were seen.")
    return {"sample": note, "rules": rules, "tests": {}, "default": "", "held_out": ""}


def _rule_in_words(key: str, found: SlotReach, names: dict[str, str]) -> dict[str, str]:
    """`share` for a bar, `said` beside it, `warning` where something is the matter."""
    hider = found.hidden.get(key)
    if hider is not None:
        sentence = _("Nobody reaches it: “%s” stands before it and takes all of its visitors.")
        return {"share": "", "said": "", "warning": sentence % names.get(hider, hider)}
    fields = found.of_the_page.get(key)
    if fields:
        sentence = _("Cannot be told ahead: it depends on the page view (%s).")
        known = BUILT_IN.fields
        named = ", ".join(_(known[each].title) if each in known else each for each in fields)
        return {"share": "", "said": sentence % named, "warning": ""}
    reach_of = found.reach.rules[key]
    return {"share": reach_of.share, "said": _said(reach_of, names), "warning": ""}


def _said(found: RuleReach, names: dict[str, str]) -> str:
    said = _("reaches %s") % found.share
    if found.matching != found.share:
        said += " · " + _("%s match") % found.matching
    for taker in found.behind[:1]:
        named = {"share": taker.share, "rule": names.get(taker.rule, taker.rule)}
        said += ", " + _("%(share)s are taken by “%(rule)s” before it") % named
    return said


def _at(request: HttpRequest, slot: Slot) -> datetime:
    """The instant that is asked for, by the site's clock; now where none is."""
    try:
        moment = parse_datetime(request.GET.get("at", ""))
    except ValueError:
        moment = None
    if moment is None:
        return clock.now()
    with in_zone_of(slot.site):
        return make_aware(moment) if is_naive(moment) else moment


def _html(html: str, data: Any) -> SafeString:  # JSON
    if html:
        return SafeString(html)  # made by the sandbox, which escapes what people wrote
    return format_html("<pre>{}</pre>", data)


def _words(sentence: str) -> SafeString:
    return format_html('<p class="refusal">{}</p>', sentence)
