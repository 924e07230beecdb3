"""Which site a person works on: named by a form, chosen in the address, kept in the session."""

from typing import Any, Final, Protocol

from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest

from personalization.govern.models import Site
from personalization.govern.roles import may, sites_of
from personalization.studio.typed import typed

KEPT_AS: Final = "personalization_site"  # in the session
FOUND: Final = "_personalization_sites"  # of a request, by ability: asked once


class StudioRequest(Protocol):
    GET: Any  # a QueryDict
    POST: Any  # a QueryDict
    session: Any  # a session store
    user: Any  # the host's user model


def current_site(request: HttpRequest | StudioRequest, ability: str = "view") -> Site | None:
    """The site that a form names, else the chosen one, else the first that this person may see.

    A form is about the site that it was opened on, whatever was chosen in another tab since.
    """
    found: dict[str, Site | None] = request.__dict__.setdefault(FOUND, {})
    if ability not in found:
        found[ability] = _find(request, ability)
    return found[ability]


def _find(request: HttpRequest | StudioRequest, ability: str) -> Site | None:
    mine = sites_of(request.user, ability)
    site = _named(request, mine)
    chosen = typed(request.GET, "site") or request.session.get(KEPT_AS)
    if site is None and chosen:
        site = mine.filter(key=chosen).first()
    site = site or mine.first()
    if site is not None and request.session.get(KEPT_AS) != site.key:
        request.session[KEPT_AS] = site.key
    return site


def _named(request: HttpRequest | StudioRequest, mine: QuerySet[Site]) -> Site | None:
    """By the field `site` of a form; it must be one of theirs."""
    named = typed(request.POST, "site")
    if not named.isdecimal():
        return None
    site = mine.filter(pk=named).first()
    if site is None:
        raise PermissionDenied
    return site


def site_worked_on(request: HttpRequest) -> Site | None:
    """For what stands around a page: it never refuses, the page itself does."""
    try:
        return current_site(request)
    except PermissionDenied:
        return None


def demand(request: HttpRequest, ability: str, site: Site) -> None:
    """Go on only if this person may do it on this site."""
    if not may(request.user, ability, site.pk):
        raise PermissionDenied


def allowed(request: HttpRequest | StudioRequest, ability: str, site: Site | None) -> bool:
    return site is not None and may(request.user, ability, site.pk)


def site_in_form(request: HttpRequest) -> Site:
    """The site that a form names in its field `site`, else the chosen one; it must be theirs."""
    site = _named(request, sites_of(request.user, "view")) or current_site(request)
    if site is None:
        raise PermissionDenied
    return site


def visible_site(request: HttpRequest, chosen: str) -> Site:
    """The site of this id, if the person may see it."""
    site = sites_of(request.user, "view").filter(pk=chosen).first() if chosen.isdecimal() else None
    if site is None:
        raise PermissionDenied
    return site
