"""Look through anybody's eyes: the slots at once, the site's real page in its own tab."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.loader import render_to_string
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_POST

from personalization import clock
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.govern.purpose_words import purpose_in_words
from personalization.learn.live import learned
from personalization.publish import previews
from personalization.publish.journey_words import DEEDS as DID
from personalization.publish.looks import PURPOSES
from personalization.publish.models import Preview, PublishedRelease
from personalization.publish.previews import DRAFTS, SHARED, link_of, open_preview, words_of
from personalization.render.core import page
from personalization.render.persona_looks import look_of
from personalization.render.personas import KNOWN_KEY, STRANGER_KEY, Persona, personas
from personalization.studio.current import allowed, current_site
from personalization.studio.look_form import FACT, PERSONAL, place_in_words, read_form, rows_of
from personalization.studio.onlookers import latest
from personalization.studio.reasons import reason_in_words
from personalization.studio.typed import typed
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.segments import site_segments
from rules.types import Request

RELEASES: Final = 10
DEEDS: Final = 4  # rows of the form that are always there
PLAIN: Final = {
    STRANGER_KEY: gettext_lazy("a stranger"),
    KNOWN_KEY: gettext_lazy("somebody we know well"),
}


def preview_page(request: HttpRequest) -> HttpResponse:
    site = current_site(request)
    if site is None:
        raise PermissionDenied
    if request.method == "POST":
        return _open(request, site)
    shown = _mine(request, site)
    if shown is None and "preview" in request.GET:
        messages.warning(
            request,
            _("That preview has expired, was taken back, or is somebody else’s. Look anew below."),
        )
    look, refusal = (shown.look, None) if shown else _suggested(request, site)
    return _answer(request, site, look, shown=shown, refusal=refusal)


@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    site = current_site(request, "edit")
    if site is None:
        raise PermissionDenied
    preview = get_object_or_404(Preview.objects.select_related("site"), pk=pk, site=site)
    previews.take_back(preview, by=str(request.user))
    messages.success(request, _("The link shows nothing any more."))
    return HttpResponseRedirect(reverse("admin:personalization_preview"))


def _open(request: HttpRequest, site: Site) -> HttpResponse:
    document = read_form(request.POST, site)
    if document.get("visitor") and not allowed(request, "report", site):
        raise PermissionDenied
    lasts = SHARED if request.POST.get("do") == "share" else previews.OWN_LOOK
    try:
        preview = open_preview(
            site,
            document,
            version=request.POST.get("version", DRAFTS),
            page=typed(request.POST, "page"),
            by=str(request.user),
            lasts=lasts,
        )
    except Refusal as refusal:
        return _answer(request, site, document, refusal=refusal)
    address = reverse("admin:personalization_preview")
    return HttpResponseRedirect(f"{address}?preview={preview.key}")


def _answer(
    request: HttpRequest,
    site: Site,
    look: Mapping[str, Any],
    *,
    shown: Preview | None = None,
    refusal: Refusal | None = None,
) -> HttpResponse:
    catalogue, form = site_catalogue(site), request.POST
    others = Preview.objects.filter(site=site, expires_at__gt=clock.now()).order_by("-id")
    versions = PublishedRelease.objects.filter(site=site).defer("document")[:RELEASES]
    context: dict[str, Any] = {
        **admin.site.each_context(request),
        "title": _("Preview"),
        "site": site,
        "look": look,
        "personas": _names(site),
        "persona": request.GET.get("persona", ""),
        "purposes": [
            (name, purpose_in_words(name), name in look.get("purposes", ())) for name in PURPOSES
        ],
        "real": list(latest(site)) if allowed(request, "report", site) else [],
        "facts": list(rows_of(catalogue, look.get("facts", {}), FACT)),
        "personal": list(rows_of(catalogue, look.get("personal", {}), PERSONAL)),
        "deeds": [*look.get("deeds", ()), *([{}] * DEEDS)],
        "segments": _segments(site, look),
        "kinds": list(DID.items()),
        "devices": catalogue.fields["device"].choices,
        "versions": versions,
        "version": form.get("version") or _version_of(shown),
        "page": form.get("page") or (shown.page if shown else _front_page(site)),
        "at": str(look.get("at") or "")[:16],
        "refusal": refusal,
        "errors": [
            (place_in_words(error.path, catalogue), error.detail)
            for error in (refusal.errors if refusal else ())
        ],
        "shown": shown,
        "link": link_of(shown) if shown else "",
        "is_shared": shown is not None and shown.expires_at - shown.opened_at > previews.OWN_LOOK,
        "may_edit": allowed(request, "edit", site),
        "shared": [each for each in others if each.expires_at - each.opened_at > previews.OWN_LOOK],
    }
    if shown is not None:
        context |= {"slots": list(_slots(site, shown)), "who": words_of(shown.look)}
    return TemplateResponse(request, "studio/look.html", context)


@dataclass(frozen=True, slots=True)
class SlotPicture:
    name: str
    content: str
    kind: str
    html: str


def _slots(site: Site, preview: Preview) -> Iterator[SlotPicture]:
    """Every slot as it would be filled on the page; a failure stays in its slot."""
    sight = previews.sight_of(preview)
    context = {"url": preview.page, **sight.look.context}
    view = Request(
        slots=tuple(sight.release.slots),
        now=sight.now,
        context=context,
        locale=sight.look.context.get("locale"),
    )
    known = learned(site.pk, site.live_learned)
    answer = page(sight.release, known, sight.visitor, view)
    names = sight.release.labels
    for key, each in answer.slots.items():
        content = names.get(f"content:{each.content}", each.content or "")
        yield SlotPicture(
            name=names.get(f"slot:{key}", key),
            content=content,
            kind=reason_in_words(each.reason.kind),
            html=_whole(each.html, view.locale or site.locale),
        )


def _whole(html: str, locale: str) -> str:
    """The fragment as a page of its own; "" where there is nothing."""
    context = {"html": SafeString(html), "locale": locale}  # escaped and checked by our sandbox
    return render_to_string("studio/preview.html", context) if html else ""


def _mine(request: HttpRequest, site: Site) -> Preview | None:
    key = typed(request.GET, "preview")
    found = Preview.objects.filter(site=site, key=key, expires_at__gt=clock.now())
    return found.filter(by=str(request.user)).select_related("site", "profile").first()


def _suggested(request: HttpRequest, site: Site) -> tuple[Mapping[str, Any], Refusal | None]:
    """A look to begin with: of the persona that was asked for, or of a pseudonym."""
    if pseudonym := typed(request.GET, "visitor"):
        return {"visitor": pseudonym[:64], "purposes": list(PURPOSES)}, None
    wanted = request.GET.get("persona") or STRANGER_KEY
    persona = next((each for each in _personas(site) if each.key == wanted), Persona(STRANGER_KEY))
    look = look_of(persona, site_catalogue(site), clock.now())
    return {**look, "name": dict(_names(site)).get(wanted, "")}, None


def _personas(site: Site) -> Iterator[Persona]:
    catalogue, conditions = site_catalogue(site), site_segments(site)
    return personas(catalogue, conditions, learned(site.pk, site.live_learned), clock.now())


def _names(site: Site) -> list[tuple[str, str]]:
    segments = Segment.objects.filter(site=site).order_by("name", "key")
    members = [(f"segment:{s.key}", _("somebody in “%s”") % s) for s in segments]
    return [*((key, str(name)) for key, name in PLAIN.items()), *members]


def _segments(site: Site, look: Mapping[str, Any]) -> list[tuple[Segment, str]]:
    held, left = look.get("held", ()), look.get("left", ())
    return [
        (segment, "in" if segment.key in held else "out" if segment.key in left else "")
        for segment in Segment.objects.filter(site=site).order_by("name", "key")
    ]


def _version_of(shown: Preview | None) -> str:
    return DRAFTS if shown is None or shown.release is None else str(shown.release)


def _front_page(site: Site) -> str:
    return f"{site.origins[0]}/" if site.origins else ""
