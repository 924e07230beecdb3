"""Which site a person is working on: chosen in the address, remembered in the session."""

from typing import Any, Protocol

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest

from personalization.govern.models import Site
from personalization.govern.roles import may, sites_of
from personalization.studio.typed import typed

KEPT_AS = "personalization_site"


class StudioRequest(Protocol):
    GET: Any  # a QueryDict
    session: Any  # a session store
    user: Any  # the host's user model


def current_site(request: HttpRequest | StudioRequest, ability: str = "view") -> Site | None:
    """The chosen site, else the first that this person may see; None without any."""
    chosen = typed(request.GET, "site") or request.session.get(KEPT_AS)
    mine = sites_of(request.user, ability)
    site = mine.filter(key=chosen).first() if chosen else None
    site = site or mine.first()
    if site is not None and request.session.get(KEPT_AS) != site.key:
        request.session[KEPT_AS] = site.key
    return site


def demand(request: HttpRequest, ability: str, site: Site) -> None:
    """Go on only if this person may do it on this site."""
    if not may(request.user, ability, site.pk):
        raise PermissionDenied


def allowed(request: HttpRequest | StudioRequest, ability: str, site: Site | None) -> bool:
    return site is not None and may(request.user, ability, site.pk)


def site_in_form(request: HttpRequest) -> Site:
    """The site that a form names in its field `site`, else the chosen one; it must be theirs."""
    named = request.POST.get("site") or ""
    mine = sites_of(request.user, "view")
    site = mine.filter(pk=named).first() if named.isdecimal() else current_site(request)
    if site is None:
        raise PermissionDenied
    return site


def visible_site(request: HttpRequest, chosen: str) -> Site:
    """The site of this id, if the person may see it."""
    site = sites_of(request.user, "view").filter(pk=chosen).first() if chosen.isdecimal() else None
    if site is None:
        raise PermissionDenied
    return site
