"""Times are read and told by the clock of the site, on every page of the studio."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from personalization.govern.models import Site
from personalization.studio.current import site_worked_on

View = Callable[..., HttpResponse]


def by_the_clock_of_the_site(view: View) -> View:
    """Of the site that the person works on; whom we do not know reads UTC."""

    @wraps(view)
    def timed(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        with in_zone_of(site_worked_on(request)):
            response: HttpResponse = rendered(view(request, *args, **kwargs))
            return response

    return timed


def rendered(response: Any) -> Any:
    """A response whose template is filled now, not after the zone was left."""
    if hasattr(response, "render"):
        response.render()
    return response


@contextmanager
def in_zone_of(site: Site | None) -> Iterator[None]:
    with timezone.override(zone_of(site)):
        yield


def zone_of(site: Site | None) -> ZoneInfo:
    """One that we do not know counts as UTC."""
    try:
        return ZoneInfo(site.zone if site else "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")
