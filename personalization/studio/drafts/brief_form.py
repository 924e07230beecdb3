"""The form of a brief, and back: what was typed becomes the document that `save_brief` takes."""

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext as _t
from django.utils.translation import gettext_lazy as _

from personalization.catalog.models import Item
from personalization.drafts.briefs import MOST_VARIANTS
from personalization.drafts.facts import known_facts
from personalization.drafts.models import Brief
from personalization.drafts.shape import asked_texts, picture_fields
from personalization.govern.models import Site
from personalization.studio.drafts.plain_form import PlainForm, lines
from personalization.studio.drafts.screen import reviewers
from personalization.studio.languages import language_name
from personalization.targeting.models import Segment, Slot
from rules.types import Block

LIMIT: Final = "limit__"
MINUTE: Final = "%Y-%m-%dT%H:%M"
FACTS: Final = {
    "title": _("title"),
    "category": _("category"),
    "price": _("price"),
    "tags": _("tags"),
    "text": _("description"),
    "url": _("address"),
    "image": _("picture"),
}
NONE, SOME, CATEGORY = "none", "some", "category"


class BriefForm(PlainForm):
    """`block` comes from the page; the items are listed by a script as hidden fields `items`."""

    name = forms.CharField(
        label=_("Name"),
        max_length=200,
        required=False,
        help_text=_("For the list of briefs. Empty: the beginning of the goal."),
    )
    kind = forms.ChoiceField(
        label=_("What shall be made"),
        widget=forms.RadioSelect,
        help_text=_("Pictures need a block that shows one."),
    )
    slot = forms.ChoiceField(
        label=_("Where it will stand"),
        required=False,
        help_text=_("Reviewers see the draft beside what this place shows now."),
    )
    segment = forms.ChoiceField(
        label=_("For whom"),
        required=False,
        help_text=_("What is approved may be shown to exactly this audience."),
    )
    goal = forms.CharField(
        label=_("Goal"),
        max_length=2000,
        widget=forms.Textarea({"rows": 3}),
        help_text=_("What should it achieve? One or two sentences, as to a colleague."),
    )
    tone = forms.CharField(
        label=_("Tone"),
        max_length=300,
        required=False,
        help_text=_("Only where it differs from the brand guide: playful, sober, urgent …"),
    )
    about = forms.ChoiceField(
        label=_("What it is about"),
        widget=forms.RadioSelect,
        choices=[
            (NONE, _("nothing in particular")),
            (SOME, _("these items: a text for each")),
            (CATEGORY, _("every item on offer in a category: a text for each")),
        ],
        initial=NONE,
        help_text=_("Of a list or a category each item is a piece of its own, with its own cost."),
    )
    category = forms.ChoiceField(
        label=_("Category"), required=False, help_text=_("Only what is on offer now.")
    )
    facts = forms.MultipleChoiceField(
        label=_("Facts that may be used"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Only these fields of an item are told. What is not told cannot be claimed."),
    )
    locales = forms.MultipleChoiceField(
        label=_("Languages"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
        help_text=_("Each is written by itself, not translated."),
    )
    further = forms.CharField(
        label=_("Further languages"),
        max_length=200,
        required=False,
        help_text=_("Their codes, separated by commas: fr, pt-BR."),
    )
    variants = forms.IntegerField(
        label=_("Variants of each"),
        min_value=1,
        max_value=MOST_VARIANTS,
        initial=3,
        help_text=_("Different ideas to choose from, or to test against each other."),
    )
    assigned_to = forms.ChoiceField(
        label=_("To be reviewed by"),
        required=False,
        help_text=_("Not yourself: nobody approves what they asked for."),
    )
    due_at = forms.DateTimeField(
        label=_("Reviewed until"),
        required=False,
        help_text=_("What is due comes first in the queue. Empty: no hurry."),
    )

    def __init__(self, site: Site, block: Block, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.site, self.block = site, block
        for name, choices in _choices(site, block).items():
            field: Any = self.fields[name]
            field.choices = choices
        self.fields["kind"].initial = Brief.TEXT
        self.fields["locales"].initial = [site.locale]
        for text in asked_texts(block, {}, {}):
            if "[" not in text.path and "." not in text.path:
                self.fields[f"{LIMIT}{text.path}"] = _limit_field(text.title, text.most)

    @property
    def limits(self) -> list[Any]:  # bound fields
        return [self[name] for name in self.fields if name.startswith(LIMIT)]

    @property
    def makes_pictures(self) -> bool:
        return bool(picture_fields(self.block.schema))

    def chosen_items(self) -> list[tuple[str, str]]:
        """(key, title) of the items that are named one by one."""
        sent: Any = self.data  # a QueryDict
        keys = sent.getlist("items") if self.is_bound else self.initial.get("items", [])
        titles = dict(Item.objects.filter(site=self.site, key__in=keys).values_list("key", "title"))
        return [(key, titles.get(key, key)) for key in dict.fromkeys(keys)]

    def place_of(self, path: str) -> str:
        if path.startswith("limits."):
            return f"{LIMIT}{path.removeprefix('limits.')}"
        top = super().place_of(path)
        return {"items": "about", "where": "category"}.get(top, top)

    def document(self) -> dict[str, Any]:  # JSON
        typed = self.cleaned_data
        about = typed.get("about", NONE)
        return {
            "name": typed.get("name", ""),
            "kind": typed.get("kind") or Brief.TEXT,
            "block": self.block.name,
            "slot": typed.get("slot") or None,
            "segment": typed.get("segment") or None,
            "goal": typed.get("goal", ""),
            "tone": typed.get("tone", ""),
            **self._items(about),
            "facts": typed.get("facts", []) if about != NONE else [],
            "locales": [*typed.get("locales", []), *self._further()],
            "variants": typed.get("variants") or 1,
            "limits": {
                name.removeprefix(LIMIT): value
                for name, value in typed.items()
                if name.startswith(LIMIT) and value
            },
            "due_at": self._due(),
        }

    def _items(self, about: str) -> dict[str, Any]:  # JSON
        if about == CATEGORY:
            return {"where": {"category": self.cleaned_data.get("category", "")}}
        return {"items": [key for key, _title in self.chosen_items()] if about == SOME else []}

    def _further(self) -> list[str]:
        return [
            each for part in lines(self.cleaned_data.get("further", "")) for each in _codes(part)
        ]

    def _due(self) -> str | None:
        """By the clock of the site."""
        due = self.cleaned_data.get("due_at")
        if due is None:
            return None
        return str(due.replace(tzinfo=ZoneInfo(self.site.zone)).isoformat())


def typed_of(document: Mapping[str, Any], site: Site) -> dict[str, Any]:
    """What the form shows of a brief's document."""
    listed = [site.locale, *_ours()]
    locales = document.get("locales") or []
    items = document.get("items") or []
    where = document.get("where") or {}
    return {
        **{name: document.get(name) or "" for name in ("name", "slot", "segment", "goal", "tone")},
        "kind": document.get("kind") or Brief.TEXT,
        "items": items,
        "about": CATEGORY if where else SOME if items else NONE,
        "category": where.get("category", ""),
        "facts": document.get("facts") or [],
        "locales": [each for each in locales if each in listed]
        or ([] if locales else [site.locale]),
        "further": ", ".join(each for each in locales if each not in listed),
        "variants": document.get("variants") or 3,
        "due_at": _local(document.get("due_at"), site),
        **{f"{LIMIT}{name}": value for name, value in (document.get("limits") or {}).items()},
    }


def _local(moment: str | None, site: Site) -> str:
    """As a browser shows it in its field, by the clock of the site."""
    if not moment:
        return ""
    return datetime.fromisoformat(moment).astimezone(ZoneInfo(site.zone)).strftime(MINUTE)


def _limit_field(title: str, most: int) -> forms.Field:
    widget = forms.NumberInput({"placeholder": str(most), "class": "pz-input"})
    return forms.IntegerField(
        label=title, required=False, min_value=1, max_value=most, widget=widget
    )


def _choices(site: Site, block: Block) -> dict[str, list[tuple[str, Any]]]:
    slots = Slot.objects.filter(site=site).order_by("name", "key")
    segments = Segment.objects.filter(site=site).order_by("name", "key")
    categories = Item.objects.filter(site=site, is_available=True).exclude(category="")
    names = categories.order_by("category").values_list("category", flat=True).distinct()
    kinds: list[tuple[str, Any]] = [(Brief.TEXT, _t("texts"))]
    if picture_fields(block.schema):
        kinds.append((Brief.IMAGE, _t("pictures")))
    return {
        "kind": kinds,
        "slot": [("", _t("not decided yet")), *((each.key, str(each)) for each in slots)],
        "segment": [("", _t("everybody")), *((each.key, str(each)) for each in segments)],
        "category": [("", "–"), *((name, name) for name in names)],
        "facts": [(name, FACTS.get(name, name)) for name in known_facts(site)],
        "locales": [(each, language_name(each)) for each in dict.fromkeys([site.locale, *_ours()])],
        "assigned_to": [("", _t("nobody in particular")), *_people(site)],
    }


def _ours() -> list[str]:
    return sorted(code for code, _name in settings.LANGUAGES)


def _people(site: Site) -> Iterator[tuple[str, str]]:
    for each in reviewers(site):
        yield str(each.pk), each.get_full_name() or each.get_username()


def _codes(text: str) -> Iterator[str]:
    return (part.strip() for part in text.split(",") if part.strip())
