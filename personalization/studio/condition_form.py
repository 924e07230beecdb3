"""The form field of a condition: JSON text that the builder draws as a form, on any page.

The form gives its widget a site, and the key of the segment where one is edited; the page includes
the form's media. Without script the text itself stays editable.
"""

from collections.abc import Collection, Mapping
from typing import Any, ClassVar

from django import forms
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.studio.condition_offer import offer
from personalization.studio.json_text import JSONText
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Segment
from rules import Invalid, describe, parse, segments_read
from rules.fields import GROUP
from rules.journeys import STAGE


class ConditionWidget(forms.Textarea):
    """A text area that the builder hides behind a form made of what the site offers."""

    template_name = "studio/condition_widget.html"

    class Media:
        css: ClassVar = {"all": ["personalization/builder.css"]}
        js: ClassVar = [Script("personalization/builder.js", defer=True)]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": 12, "spellcheck": "false", **(attrs or {})})
        self.site: Site | None = None
        self.segment = ""

    def render(
        self, name: str, value: Any, attrs: dict[str, Any] | None = None, renderer: Any = None
    ) -> SafeString:  # Django's own types; our template is a page's, not a form renderer's
        context = self.get_context(name, value, attrs)
        more = {"offer": self.offered(), "offer_id": f"offer-{name}"}
        return render_to_string(self.template_name, {**context, **more})

    def offered(self) -> dict[str, Any]:  # JSON
        return offer(self.site, self.segment)


class ConditionField(JSONText):
    widget = ConditionWidget


def plain_reading(site: Site, tree: object) -> str:
    """A stored condition in plain English; what cannot be read says so."""
    try:
        condition = parse(tree, site_catalogue(site))
    except Invalid as refusal:
        return _("cannot be read: %s") % refusal.placed(_)
    return describe(condition, labels_of(site, segments_read(condition)), _)


def labels_of(site: Site, segments: Collection[str]) -> dict[str, str]:
    """The names that editors gave: of fields, of stages, and of these segments."""
    fields = site_catalogue(site).fields
    own = {name: f.label for name, f in fields.items() if f.label and not isinstance(f.of, Mapping)}
    own |= {f"{STAGE}:{value}": label for value, label in site.stages}
    own |= {f"{GROUP}:{value}": label for value, label in site.groups}
    if not segments:
        return own
    named = Segment.objects.filter(site=site, key__in=segments).exclude(name="")
    return own | dict(named.values_list("key", "name"))
