"""Help beside each field of the studio's forms, where the field itself gives none.

The test that asks it of every form: `tests/studio/test_field_help.py`.
"""

from collections.abc import Mapping
from typing import Any, Final

from django.forms import Field
from django.utils.translation import gettext_lazy as _

OF_ANY: Final[Mapping[str, Any]] = {  # lazy texts
    "site": _("The website that it belongs to."),
    "name": _("What people call it here. Visitors never see it."),
    "description": _("For colleagues. Visitors never see it."),
    "campaign": _("Optional. Nothing of a campaign is shown outside of its window."),
    "start": _("Empty: from the moment it is published."),
    "end": _("Empty: until somebody ends it."),
    "slot": _("The place on the page."),
    "is_enabled": _("Off: it is passed over, once that is published."),
}
OF: Final[Mapping[str, Mapping[str, Any]]] = {
    "campaign": {"owner": _("Who answers for it. The calendar can be narrowed to one owner.")},
    "customblock": {
        "template": _("HTML with placeholders. What is not allowed is marked at its line."),
        "schema": _("What the form of a content asks for: a JSON Schema, with titles."),
        "example": _("What a new content begins with, and what the picture shows."),
    },
    "experiment": {
        "segment": _("Empty: everybody whom no rule took."),
        "arms": _("Each arm shows its content to its share of those who take part."),
        "seed": _("Decides who gets which arm. With another one the arms are dealt anew."),
        "namespace_from": _("Where its range within the group begins."),
        "namespace_until": _("Where its range within the group ends."),
    },
    "journey": {
        "stages": _("In order: what brings visitors in, what takes them out, what time does."),
        "is_enabled": _("Off: nobody is moved; for 30 days all stay where they were."),
    },
    "media": {
        "title": _("By which you find it again."),
        "file": _("JPEG, PNG, WebP, GIF or AVIF, up to 8 MB."),
    },
    "membership": {
        "email": _("Where the invitation goes."),
        "full_name": _("As colleagues see it."),
        "role": _("What this person may see and do on this site."),
    },
    "rule": {
        "audience": _("Rules are tried from top to bottom; the first that applies is shown."),
        "segment": _("Described under “Segments”, and shared by all rules that name it."),
        "condition": _("What must be true of them; above, the same in plain words."),
        "content": _("What they see there."),
        "hours_from": _("By the clock of the site. Both empty: all day."),
        "cap_times": _("Empty: as often as it likes. With a number, strangers never see it."),
        "cap_unit": _("Of the number beside it."),
    },
    "segment": {
        "condition": _("What must be true of a visitor; above, the same in plain words."),
    },
    "site": {
        "name": _("As the studio calls the website."),
        "locale": _("Of the pages, as en or de-CH. Contents fall back to it."),
        "zone": _("Of all days and hours that are typed here, as Europe/Berlin."),
        "currency": _("Of prices that name none, as EUR."),
        "holdout_share": _("Who sees defaults only, to measure what the rest earns: 0.05 is 5 %."),
        "min_audience": _("Audiences with fewer visitors cannot be published. 0: all can."),
    },
    "apikey": {
        "name": _("Where it is used, so that you know later which one to delete."),
        "kind": _("Publishable: for browsers. Secret: for your own servers, never in a page."),
    },
}


def explain(model: str, fields: Mapping[str, Field]) -> None:
    """What is said here of one model's field goes before what the field says of itself."""
    for name, field in fields.items():
        of_it = OF.get(model, {}).get(name)
        field.help_text = of_it or field.help_text or OF_ANY.get(name, "")
