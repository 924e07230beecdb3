"""What the builder of conditions may offer on a site: fields, operators, choices, addresses, words.

In:  a site, and the segment that is edited, if one is. Out: JSON that travels in the page.
The builder reads it as `Offer` in front/src/fields/offer.ts.
"""

from collections.abc import Collection, Iterable
from typing import Any, Final

from django.urls import reverse
from django.utils.dates import WEEKDAYS
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.studio.condition_words import words
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from personalization.targeting.suggestions import KINDS, SUGGESTED, event_kinds
from rules import Catalogue
from rules.conditions import SEGMENT
from rules.fields import Field
from rules.operators import OPERATORS, operators_for

Json = dict[str, Any]  # JSON
LISTS: Final = {"match": "=", "order": "sequence"}
FIRST: Final = ("events", SEGMENT)  # what marketers think of first
GROUPS: Final = ("Visitor", "Traits", "What the model says")  # then others, the page view last


def offer(site: Site | None, segment: str = "") -> Json:
    catalogue = site_catalogue(site) if site else Catalogue()
    return {
        "site": str(site.pk) if site else "",
        "segment": segment,
        "zone": site.zone if site else "UTC",
        **offered_fields(catalogue, site, SUGGESTED, segment),
        "addresses": {
            name: reverse(f"admin:personalization_segment_{name}")
            for name in ("reading", "values", "offer")
        },
        "words": words(),
    }


def offered_fields(
    catalogue: Catalogue, site: Site | None, suggested: Collection[str], segment: str = ""
) -> Json:
    """Fields and operators. `suggested`: the paths whose values the server knows."""
    shown = sorted((each for each in catalogue.fields.values() if not each.personal), key=_rank)
    return {
        "fields": [
            _segment_field(site, segment) if each.name == SEGMENT else _field(each, site, suggested)
            for each in shown
        ],
        "operators": {
            key: {"label": _(each.label), "shape": each.shape} for key, each in OPERATORS.items()
        },
    }


def _rank(field: Field) -> tuple[int, int]:
    group = "Visitor" if field.name == SEGMENT else field.group
    place = GROUPS.index(group) if group in GROUPS else len(GROUPS) + (group == "Page view")
    return place, FIRST.index(field.name) if field.name in FIRST else len(FIRST)


def _field(field: Field, site: Site | None, suggested: Collection[str], inside: str = "") -> Json:
    path = f"{inside}.{field.name}" if inside else field.name
    return {
        "name": field.name,
        "label": _(field.title),
        "group": _(field.group) if field.group else "",
        "type": field.of if isinstance(field.of, str) else field.type,
        "isList": field.type == "list",
        "choices": _choices(field, site, path),
        "suggests": "country" if path == "country" else "server" if path in suggested else "",
        "operators": _operators(field),
        "of": _elements(field, site, suggested, path),
    }


def _elements(
    field: Field, site: Site | None, suggested: Collection[str], path: str
) -> list[Json] | None:
    """The fields of one element; a plain element is the field `value`."""
    if field.of is None:
        return None
    if isinstance(field.of, str):
        return [_field(Field("value", field.of, label=_("value")), site, suggested, path)]
    return [_field(each, site, suggested, path) for each in field.of.values()]


def _choices(field: Field, site: Site | None, path: str) -> list[list[Any]]:
    if path == KINDS and site is not None:
        return [list(pair) for pair in event_kinds(site)]
    if path == "weekday":
        return [[day + 1, str(name)] for day, name in WEEKDAYS.items()]
    return [[value, _(label)] for value, label in field.choices]


def _operators(field: Field) -> list[str]:
    """Those that can really be asked: elements that are objects are counted, or have an order."""
    keys = [each.key for each in operators_for(field.type)]
    if field.type != "list":
        return keys
    if isinstance(field.of, str):
        last = ("null", "notNull")  # what one asks first, the builder takes first
        plain = [key for key in keys if key not in (*last, LISTS["order"])]
        return [*plain, *last, LISTS["match"]]
    ordered = field.of is not None and {"at", "id"} <= set(field.of)
    return [LISTS["match"], *([LISTS["order"]] if ordered else []), "null", "notNull"]


def _segment_field(site: Site | None, edited: str) -> Json:
    """Segments are chosen by their names; the one that is edited cannot be a part of itself."""
    return {
        "name": SEGMENT,
        "label": _("segment"),
        "group": _("Visitor"),
        "type": "string",
        "isList": True,
        "choices": [[key, name or key] for key, name in _segments(site, edited)],
        "suggests": "",
        "operators": ["in", "notIn"],
        "of": None,
    }


def _segments(site: Site | None, edited: str) -> Iterable[tuple[str, str]]:
    rows = Segment.objects.filter(site=site).exclude(key=edited)
    return rows.order_by("name", "key").values_list("key", "name") if site else ()
