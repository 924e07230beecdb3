"""The form of a look: its fields as the page names them, and back to the document."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.http import QueryDict
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.models import Site
from personalization.publish.looks import CONTEXT, can_be_made_up
from rules.fields import Catalogue, Field

FACT, PERSONAL, SEGMENT = "fact:", "personal:", "segment:"
DEED_PARTS: Final = ("type", "item", "category", "ago")
DEED: Final = re.compile(r"deeds\[(\d+)\]")
PLACES: Final = {
    "at": gettext_lazy("time"),
    "country": gettext_lazy("country"),
    "deeds": gettext_lazy("What they did, and how long ago"),
    "device": gettext_lazy("device"),
    "left": gettext_lazy("Force segments in or out"),
    "locale": gettext_lazy("language"),
    "page": gettext_lazy("page of the site"),
    "purposes": gettext_lazy("They allow"),
    "version": gettext_lazy("version"),
}


def read_form(form: QueryDict, site: Site) -> dict[str, Any]:  # JSON
    """The look that the form describes. Empty fields say nothing; who allows nothing says so."""
    segments = _filled(form, SEGMENT)
    deeds = zip(*(form.getlist(f"deed_{part}") for part in DEED_PARTS), strict=False)
    document: dict[str, Any] = {
        "purposes": form.getlist("purposes"),
        "facts": _filled(form, FACT),
        "personal": _filled(form, PERSONAL),
        "deeds": [_deed(*each) for each in deeds if any(part.strip() for part in each[1:])],
        "held": [key for key, value in segments.items() if value == "in"],
        "left": [key for key, value in segments.items() if value == "out"],
        "at": _instant(form.get("at", ""), site),
        **{name: form.get(name, "").strip() for name in (*CONTEXT, "visitor", "name")},
    }
    return {name: value for name, value in document.items() if value or name == "purposes"}


def _filled(form: QueryDict, prefix: str) -> dict[str, str]:
    return {
        name.removeprefix(prefix): value.strip()
        for name, value in form.items()
        if name.startswith(prefix) and isinstance(value, str) and value.strip()
    }


def _deed(kind: str, item: str, category: str, ago: str) -> dict[str, str]:
    deed = {"type": kind, "item": item.strip(), "category": category.strip(), "ago": ago.strip()}
    return {name: value for name, value in deed.items() if value}


def _instant(text: str, site: Site) -> str:
    """As the form's field gives it, in the site's zone; what is no time is told by `read_look`."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    zone = ZoneInfo(site.zone)
    return (moment if moment.tzinfo else moment.replace(tzinfo=zone)).isoformat()


def place_in_words(path: str, catalogue: Catalogue) -> str:
    """What the form calls the part of a look that was refused."""
    part, _dot, name = path.partition(".")
    if line := DEED.match(path):
        return _("What they did, line %d") % (int(line[1]) + 1)
    if part in ("facts", "personal") and name in catalogue.fields:
        return _(catalogue.fields[name].title)
    return str(PLACES.get(part, path))


def rows_of(
    catalogue: Catalogue, values: Mapping[str, Any], prefix: str
) -> Iterator[tuple[str, Field, Any]]:
    personal = prefix == PERSONAL
    for each in catalogue.fields.values():
        if can_be_made_up(each, personal=personal):
            yield f"{prefix}{each.name}", each, values.get(each.name, "")
