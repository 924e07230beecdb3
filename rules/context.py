"""The facts of a page view, which the matcher sees beside the permitted visitor's.

In:  a release, a request.
Out: catalogue field to value. What nothing in the release reads is not worked out.
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, urlsplit
from zoneinfo import ZoneInfo

from rules.conditions import fields_read
from rules.types import Release, Request

UTM = ("utm_source", "utm_medium", "utm_campaign", "utm_term", "utm_content")
Derived = Callable[[Release, Request], object]


def page_facts(release: Release, request: Request) -> dict[str, object]:
    """What the request says by itself. A field of the visitor cannot be smuggled in here."""
    given, derived = _plan(release)
    facts = {name: value for name, value in request.context.items() if name in given}
    for name, derive in derived:
        if name not in facts:
            value = derive(release, request)
            if value is not None:
                facts[name] = value
    return facts


Plan = tuple[frozenset[str], tuple[tuple[str, Derived], ...]]


def _plan(release: Release) -> Plan:
    found: Plan | None = release.memory.get("page_facts")
    if found is None:
        found = release.memory["page_facts"] = _planned(release)
    return found


def _planned(release: Release) -> Plan:
    read = frozenset().union(
        *(fields_read(each) for each in release.conditions.values()),
        *(content.reads for content in release.contents.values()),
    )
    page = {name for name, each in release.catalogue.fields.items() if not each.purposes}
    wanted = frozenset(page & read) - {"segment"}
    return wanted, tuple((name, DERIVED[name]) for name in sorted(wanted & DERIVED.keys()))


def _of_url(name: str) -> Derived:
    def derive(release: Release, request: Request) -> object:
        url = request.context.get("url")
        return _parts(url).get(name) if isinstance(url, str) else None

    return derive


def _parts(url: str) -> dict[str, Any]:
    try:
        split = urlsplit(url)
        query = dict(parse_qsl(split.query, keep_blank_values=True, max_num_fields=100))
    except ValueError:  # no address, or a flood of parameters: nothing is known from it
        return {}
    tags = {name: query[name] for name in UTM if name in query}
    return {"path": split.path, "query": split.query, **tags}


def _hour(release: Release, request: Request) -> object:
    return request.now.astimezone(ZoneInfo(release.settings.zone)).hour


def _weekday(release: Release, request: Request) -> object:
    return request.now.astimezone(ZoneInfo(release.settings.zone)).isoweekday()


def _locale(release: Release, request: Request) -> object:
    return request.locale


DERIVED: dict[str, Derived] = {
    "hour": _hour,
    "weekday": _weekday,
    "locale": _locale,
    **{name: _of_url(name) for name in ("path", "query", *UTM)},
}
