"""Why a page showed what it showed, and what the same visitor would see now."""

from collections.abc import Iterator
from typing import Any, Final

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization import clock
from personalization.collect import exposures
from personalization.collect.models import Exposure
from personalization.exceptions import NotFound, Refusal
from personalization.govern.models import Site
from personalization.govern.purpose_words import purpose_in_words
from personalization.govern.purposes import as_document
from personalization.govern.rounding import FLOOR
from personalization.learn.live import learned
from personalization.profiles.models import Profile
from personalization.profiles.reading import read_visitor
from personalization.profiles.visitors import find_by_pseudonym, raw_id
from personalization.publish.explaining import explain
from personalization.publish.freeze import freeze
from personalization.publish.reading import read_release
from personalization.report.would_see import would_see
from personalization.studio.current import current_site, demand
from personalization.studio.reasons import reason_in_words
from personalization.studio.records import moment
from personalization.studio.typed import typed
from personalization.targeting.models import Content, Slot
from rules.buckets import bucket_ranges
from rules.fields import BUILT_IN
from rules.types import STRANGER, Release, Request, Visitor

SHOWN: Final = 20
KEY_NAME: Final = ("key", "name")
CONTEXT: Final = ("country", "device", "url", "locale")
SENTENCES: Final = {
    "experiment": gettext_lazy("Shown because an experiment took the visitor."),
    "default": gettext_lazy("Shown because no rule and no experiment took the visitor."),
    "holdout": gettext_lazy(
        "The visitor is held out and sees defaults, to measure what all earns."
    ),
    "error": gettext_lazy("What should have been shown failed; this is the default."),
}


def why_page(request: HttpRequest) -> HttpResponse:
    """`exposure`: a token or an id; `visitor`: a pseudonym, as the lists of the studio show it."""
    site = current_site(request, "report")
    if site is None:
        raise PermissionDenied
    demand(request, "report", site)
    asked = typed(request.GET, "exposure")
    pseudonym = typed(request.GET, "visitor")
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Why this?"),
        "site": site,
        "asked": asked,
        "pseudonym": pseudonym,
        "given": {name: typed(request.GET, name) for name in CONTEXT},
        "uses_drafts": request.GET.get("version") == "draft",
    }
    try:
        context |= _explained(site, asked) if asked else {}
        context |= _now(site, pseudonym or context.get("pseudonym", ""), request)
    except Refusal as refusal:
        context["refusal"] = refusal
    if not asked:
        context["recent"] = list(_recent(site, context.get("profile")))
    return TemplateResponse(request, "studio/why.html", context)


def _explained(site: Site, asked: str) -> dict[str, Any]:
    found = explain(site, asked)
    release = read_release(site.pk, found["release"]["number"])
    return {
        "found": {
            **_named(found, release),
            "when": parse_datetime(found["at"]),
            "sentence": _sentence(found, release),
        },
        "written": _came_from(found["written"]) if found["written"] else "",
        "drawn": [_came_from(each) for each in found["drawn"]],
        "bucket": _bucket(found["experiment"]),
        "allowed": _allowed(found["visitor"]),
        "pseudonym": _pseudonym(site, asked) if found["visitor"]["known"] else "",
        "model": learned(site.pk, found["learned"]).model if found["learned"] else None,
    }


def _pseudonym(site: Site, asked: str) -> str:
    """Whom it was shown to: as the token says, be it reported or not, or the row."""
    claims = exposures.read(site.pk, asked)
    if claims is not None:
        return claims.visitor or ""
    row = Exposure.objects.filter(site=site, token=asked).select_related("profile").first()
    return row.profile.key if row is not None else ""


def _now(site: Site, pseudonym: str, request: HttpRequest) -> dict[str, Any]:
    """Every slot as this visitor would see it; nobody's, if nobody is asked for."""
    if not pseudonym:
        return {}
    profile = find_by_pseudonym(site, pseudonym)
    if profile is None or len(pseudonym) < 8:
        raise NotFound(_("No visitor of this site has this pseudonym. Copy it from a list."))
    release = _release(site, request)
    visitor = _visitor(site, profile)
    view = Request(
        slots=tuple(release.slots),
        now=clock.now(),
        context={name: value for name in CONTEXT if (value := typed(request.GET, name))},
    )
    answers = would_see(release, learned(site.pk, site.live_learned), visitor, view)
    return {
        "profile": profile,
        "purposes": as_document(visitor.purposes),
        "devices": [device for device, _label in BUILT_IN.fields["device"].choices],
        "now": [
            {
                **_named(answer, release),
                "kind": reason_in_words(answer["reason"]["kind"]),
                "bucket": _bucket(answer["experiment"]),
            }
            for answer in answers
        ],
    }


def _named(answer: dict[str, Any], release: Release) -> dict[str, Any]:
    """The answer with the names that people gave, as the release has them."""
    labels = release.labels
    rules = [
        {
            **rule,
            "name": labels.get(f"rule:{rule['rule']}", rule["rule"]),
            "content_name": labels.get(f"content:{rule['content']}", rule["content"]),
        }
        for rule in answer["rules"]
    ]
    content = answer["content"]
    return {
        **answer,
        "rules": rules,
        "slot_name": labels.get(f"slot:{answer['slot']}", answer["slot"]),
        "content_name": labels.get(f"content:{content}", content) if content else _("nothing"),
    }


def _sentence(found: dict[str, Any], release: Release) -> str:
    kind, rule = found["reason"]["kind"], found["reason"]["rule"]
    if kind == "rule":
        name = release.labels.get(f"rule:{rule}", rule)
        return _("Shown because of the rule “%s”.") % name
    return str(SENTENCES.get(kind, kind))


def _came_from(made: dict[str, Any]) -> str:
    """Of a generated text or picture."""
    approved_at = parse_datetime(made["approved_at"])
    return _(
        "by %(model)s with the prompt %(prompt)s; asked by %(asked_by)s, "
        "approved by %(reviewers)s on %(day)s"
    ) % {
        **made,
        "reviewers": ", ".join(made["approved_by"]),
        "day": date_format(localtime(approved_at), "DATE_FORMAT") if approved_at else "",
    }


def _allowed(visitor: dict[str, Any]) -> list[tuple[str, str, str]]:
    """Purpose, then, now: in words."""
    then, now = visitor["allowed_then"] or {}, visitor["allowed_now"] or {}
    words = {True: _("yes"), False: _("no"), None: _("not known")}
    return [(purpose_in_words(name), words[then.get(name)], words[now.get(name)]) for name in now]


def _release(site: Site, request: HttpRequest) -> Release:
    if request.GET.get("version") == "draft":
        return freeze(site, (site.live_release or 0) + 1)
    if site.live_release is None:
        raise NotFound(_("Nothing was published yet."))
    return read_release(site.pk, site.live_release)


def _visitor(site: Site, profile: Profile) -> Visitor:
    visitor_id = raw_id(profile)
    return STRANGER if visitor_id is None else read_visitor(site, visitor_id, now=clock.now())


def _recent(site: Site, profile: Profile | None) -> Iterator[dict[str, Any]]:
    """Exposures to choose from; none while so few visitors are known that one stands out."""
    rows = Exposure.objects.filter(site=site).select_related("profile").order_by("-id")
    if profile is not None:
        rows = rows.filter(profile=profile)
    elif Profile.objects.filter(site=site)[:FLOOR].count() < FLOOR:
        return
    found = sorted(rows[:SHOWN], key=lambda row: -row.at)
    slots, contents = (
        dict(model.objects.filter(site=site, key__in=keys).exclude(name="").values_list(*KEY_NAME))
        for model, keys in (
            (Slot, {row.slot for row in found}),
            (Content, {row.content for row in found}),
        )
    )
    for row in found:
        names = {"slot": slots.get(row.slot, row.slot)}
        names["content"] = contents.get(row.content, row.content) or "-"
        yield {"row": row, "when": moment(row.at), **names}


def _bucket(experiment: dict[str, Any] | None) -> dict[str, Any] | None:
    """Where the visitor's bucket lies between the arms, in per cent of the whole."""
    if experiment is None or experiment["weights"] is None:
        return None
    weights = experiment["weights"]
    ranges = bucket_ranges(len(weights), experiment["coverage"], weights)
    arms = [{"start": 100 * low, "width": 100 * (high - low)} for low, high in ranges]
    return {"at": 100 * experiment["bucket"], "arms": arms}
