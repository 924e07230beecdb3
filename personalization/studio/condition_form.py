"""The form field of a condition: JSON text that the studio's script turns into a form."""

import json
from collections.abc import Collection, Mapping
from typing import Any

from django import forms
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from rules import Catalogue, Invalid, describe, parse, segments_read
from rules.conditions import MODES
from rules.fields import Field
from rules.operators import OPERATORS, operators_for


class ConditionWidget(forms.Textarea):
    """A text area that the script hides behind a form made of what the site offers."""

    template_name = "studio/condition_widget.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 12, "spellcheck": "false", **(attrs or {})})
        self.site: Site | None = None

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:  # Django's own types; our template is a page's, not a form renderer's
        context = self.get_context(name, value, attrs)
        more = {"offer": offer(self.site), "offer_id": f"offer-{name}"}
        return render_to_string(self.template_name, {**context, **more})


class ConditionField(forms.JSONField):
    widget = ConditionWidget

    def prepare_value(self, value: Any) -> Any:  # as Django's field
        return json.dumps(value, indent=2, ensure_ascii=False) if isinstance(value, dict) else value


def offer(site: Site | None) -> dict[str, Any]:  # JSON
    """What the editor of conditions may offer on this site, and the words that it uses."""
    catalogue = site_catalogue(site) if site else Catalogue()
    segments = (
        Segment.objects.filter(site=site).values_list("key", "name").order_by("key") if site else ()
    )
    return {
        "fields": [
            _segment_field(list(segments)) if field.name == "segment" else _field(field)
            for field in catalogue.fields.values()
            if not field.personal and (field.name != "segment" or segments)
        ],
        "operators": {
            key: {"label": _(each.label), "shape": each.shape} for key, each in OPERATORS.items()
        },
        "words": _words(),
    }


def plain_reading(site: Site, tree: object) -> str:
    """A stored condition in plain English; what cannot be read says so."""
    try:
        condition = parse(tree, site_catalogue(site))
    except Invalid as refusal:
        return _("cannot be read: %s") % refusal
    return describe(condition, labels_of(site, segments_read(condition)))


def labels_of(site: Site, segments: Collection[str]) -> dict[str, str]:
    """The names that editors gave: of fields, and of these segments."""
    fields = site_catalogue(site).fields
    own = {name: f.label for name, f in fields.items() if f.label and not isinstance(f.of, Mapping)}
    if not segments:
        return own
    named = Segment.objects.filter(site=site, key__in=segments).exclude(name="")
    return own | dict(named.values_list("key", "name"))


def _field(field: Field) -> dict[str, Any]:  # JSON
    inner = field.of if not isinstance(field.of, str) else None
    return {
        "name": field.name,
        "label": _(field.title),
        "group": _(field.group) if field.group else _("Fields"),
        "type": field.of if isinstance(field.of, str) else field.type,
        "choices": [[value, _(label)] for value, label in field.choices],
        "operators": _operators(field),
        "of": [_field(each) for each in inner.values()] if inner else None,
    }


def _operators(field: Field) -> list[str]:
    keys = [each.key for each in operators_for(field.type)]
    if field.type != "list":
        return keys
    if isinstance(field.of, str):
        return [key for key in keys if key != "sequence"]
    ordered = field.of is not None and {"at", "id"} <= set(field.of)
    return ["=", *(["sequence"] if ordered else []), "null", "notNull"]


def _segment_field(segments: list[tuple[str, str]]) -> dict[str, Any]:  # JSON
    return {
        "name": "segment",
        "label": _("segment"),
        "group": _("Visitor"),
        "type": "string",
        "choices": [[key, name or key] for key, name in segments],
        "operators": ["in", "notIn"],
        "of": None,
    }


def _words() -> dict[str, Any]:  # JSON
    modes = (*(_("any"), _("none"), _("only"), _("at least"), _("at most"), _("exactly")),)
    return {
        "how": _("How these belong together"),
        "kinds": {
            "and": _("all of these"),
            "or": _("any of these"),
            "not-and": _("not all of these"),
            "not-or": _("none of these"),
        },
        "empty": _("Nothing here yet: everyone belongs to it."),
        "addRule": _("Add a condition"),
        "addGroup": _("Add a group"),
        "removeRule": _("Remove this condition"),
        "removeGroup": _("Remove this group"),
        "field": _("What it is about"),
        "operator": _("How it compares"),
        "value": _("Value"),
        "unit": _("Unit"),
        "units": {"d": _("days"), "h": _("hours"), "m": _("minutes")},
        "and": _("and"),
        "yes": _("yes"),
        "no": _("no"),
        "several": _("several, separated by commas"),
        "asText": _("Edit as text"),
        "asForm": _("Edit as a form"),
        "behaviour": _("happened"),
        "howOften": _("How often"),
        "times": _("Times"),
        "modes": dict(zip(MODES, modes, strict=True)),
        "first": _("First"),
        "then": _("Then"),
        "addStep": _("Add a step"),
        "lastStep": _("The last step"),
        "ending": _("Whether the last step happened"),
        "did": _("happened"),
        "didNot": _("did not happen"),
        "within": _("within"),
    }
