"""The form field of a journey's stages: cards that can be added, ordered and taken out."""

from typing import Any, ClassVar

from django import forms
from django.forms.widgets import Script
from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from personalization.govern.models import Site
from personalization.publish.journey_words import DEEDS
from personalization.studio.condition_offer import offer
from personalization.studio.durations import UNITS
from personalization.studio.stage_cards import (
    StageCard,
    TriggerCard,
    cards_of,
    sent_cards,
    stages_of,
)
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Webhook
from personalization.targeting.suggestions import event_kinds, known_values
from rules.conditions import SEGMENT

OFFER = "offer-of-stages"  # one for all conditions of the page
NEW = "__n__"


class StagesWidget(forms.Widget):
    """Its cards keep what was typed, also what cannot be saved."""

    template_name = "studio/stages.html"

    class Media:
        css: ClassVar = {"all": ["personalization/builder.css", "personalization/journey.css"]}
        js: ClassVar = [
            Script("personalization/builder.js", defer=True),
            Script("personalization/journey.js", defer=True),
        ]

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs)
        self.site: Site | None = None
        self.wrong: dict[int, list[str]] = {}  # place of the card -> what is wrong there

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[StageCard]:
        return sent_cards(data)

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        return "stage" not in data

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        cards = value if value and isinstance(value[0], StageCard) else cards_of(value or [])
        cards = cards or [StageCard("0", enter=TriggerCard("event"))]  # what is new begins with one
        for place, card in enumerate(cards):
            card.wrong = self.wrong.get(place, [])
        return render_to_string(self.template_name, {**self._offered(), "cards": cards})

    def _offered(self) -> dict[str, Any]:
        site = self.site
        kinds = event_kinds(site) if site else []
        deeds = [(kind, DEEDS.get(kind, said)) for kind, said in kinds if kind != "exposure"]
        hooks = list(Webhook.objects.filter(site=site).order_by("key")) if site else []
        return {
            "offer": _between_page_views(site),
            "offer_id": OFFER,
            "units": UNITS[:-1],
            "deeds": deeds,
            "kinds": [kind for kind, _said in deeds],
            "categories": known_values(site, "events.category", "") if site else [],
            "webhooks": [(hook.key, str(hook)) for hook in hooks],
            "hooks": [hook.key for hook in hooks],
            "new": StageCard(NEW, enter=TriggerCard("event")),
        }


def _between_page_views(site: Site | None) -> dict[str, Any]:  # JSON
    """What can be asked for while nobody looks at a page."""
    offered = offer(site)
    known = site_catalogue(site).fields if site else {}
    fields = [
        each
        for each in offered["fields"]
        if each["name"] == SEGMENT or (each["name"] in known and known[each["name"]].purposes)
    ]
    return {**offered, "fields": fields}


class StagesField(forms.Field):
    widget = StagesWidget

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(label=_("Stages"), required=False, **kwargs)

    def to_python(self, value: Any) -> list[dict[str, Any]]:  # cards; JSON
        return stages_of(value)
