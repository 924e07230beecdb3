"""Through whose eyes a preview looks: a made-up visitor, or a real one under a pseudonym.

In:  a document, strictly read.
Out: a `Look`, and from it the `rules.Visitor` and the parts of the `rules.Request` that it says.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from personalization.profiles.recent import as_signals
from personalization.targeting.reading import Document, dotted
from rules.fields import Catalogue, Field
from rules.invalid import Invalid
from rules.purposes import Purpose, Purposes
from rules.types import NOTHING, Facts, Visitor
from rules.values import read_duration, read_value

UNIT: Final = "preview"
MOST_DEEDS: Final = 50
CONTEXT: Final = ("country", "device", "locale")
PURPOSES: Final = tuple(str(purpose) for purpose in Purpose)


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that the made-up visitor did, so long before the time of the preview."""

    type: str
    item: str | None
    category: str | None
    ago: timedelta


@dataclass(frozen=True, slots=True)
class Look:
    """`name`: what people call it. `visitor`: the pseudonym of a real one, with their own facts.

    `held` and `left`: segments forced in and out. `at`: another time than now.
    """

    name: str = ""
    purposes: Purposes = frozenset()
    facts: Facts = field(default_factory=lambda: NOTHING)
    personal: Mapping[str, object] = field(default_factory=lambda: NOTHING)
    deeds: tuple[Deed, ...] = ()
    held: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()
    visitor: str | None = None
    context: Mapping[str, str] = field(default_factory=lambda: NOTHING)
    at: datetime | None = None


def read_look(document: object, catalogue: Catalogue) -> Look:
    """`Malformed` names every part that is wrong, and the remedy."""
    reading = Document(document)
    look = Look(
        name=reading.text("name"),
        purposes=_purposes(reading),
        facts=dict(_facts(reading, catalogue, "facts", personal=False)),
        personal=dict(_facts(reading, catalogue, "personal", personal=True)),
        deeds=tuple(_deeds(reading)),
        held=frozenset(_texts(reading, "held")),
        left=frozenset(_texts(reading, "left")),
        visitor=reading.text("visitor") or None,
        context={name: said for name in CONTEXT if (said := reading.text(name, longest=64))},
        at=reading.moment("at"),
    )
    for key in look.held & look.left:
        reading.refuse("left", "both", _("“%s” is forced in and out; choose one.") % key)
    reading.finish()
    return look


def made_up_visitor(look: Look, now: datetime) -> Visitor:
    """Somebody who never was; what consent removes is removed later, as from anybody."""
    events = tuple(
        {
            "id": f"{number:03}",
            "type": deed.type,
            "item": deed.item,
            "category": deed.category,
            "value": None,
            "currency": None,
            "at": now - deed.ago,
        }
        for number, deed in enumerate(sorted(look.deeds, key=lambda deed: deed.ago))
    )
    bought = frozenset(d.item for d in look.deeds if d.type == "purchase" and d.item)
    return Visitor(
        unit=UNIT,
        purposes=look.purposes,
        facts={**look.facts, "events": events},
        personal=look.personal,
        signals=as_signals(events),
        bought=bought,
    )


def can_be_made_up(each: Field, *, personal: bool = False) -> bool:
    """A plain fact about a visitor."""
    return each.personal is personal and each.type != "list" and bool(each.purposes or personal)


def _purposes(reading: Document) -> Purposes:
    """What they allow; of a real visitor whatever they allow, where the look does not say."""
    if reading.has("visitor") and not reading.has("purposes"):
        return frozenset(Purpose)
    names = _texts(reading, "purposes")
    for name in names:
        if name not in PURPOSES:
            said = {"name": name, "known": ", ".join(PURPOSES)}
            reading.refuse(
                "purposes", "purpose", _("“%(name)s” is no purpose; known are %(known)s.") % said
            )
    return frozenset(Purpose(name) for name in names if name in PURPOSES)


def _texts(reading: Document, name: str) -> list[str]:
    values = reading.sequence(name, required=False)
    if not all(isinstance(value, str) for value in values):
        reading.refuse(name, "type", _("Send a list of texts."))
    return [value for value in values if isinstance(value, str)]


def _facts(
    reading: Document, catalogue: Catalogue, part: str, *, personal: bool
) -> Iterator[tuple[str, object]]:
    for name, value in reading.mapping(part, required=False).items():
        declared = catalogue.fields.get(name)
        if declared is None or not can_be_made_up(declared, personal=personal):
            reading.refuse(f"{part}.{name}", "unknown", _("This is no plain fact of a visitor."))
            continue
        try:
            yield name, read_value(declared.type, value, f"{part}/{name}")
        except Invalid as invalid:
            reading.refuse(dotted(invalid.path), "value", invalid.said(_))


def _deeds(reading: Document) -> Iterator[Deed]:
    written = reading.sequence("deeds", required=False)
    if len(written) > MOST_DEEDS:
        reading.refuse("deeds", "too_many", _("Give at most %d.") % MOST_DEEDS)
    for place, each in enumerate(written[:MOST_DEEDS]):
        inner = Document(each, f"deeds[{place}]")
        kind, item = inner.text("type", longest=100), inner.text("item")
        category, ago = inner.text("category"), inner.text("ago")
        try:
            inner.finish()
            yield Deed(kind or "view", item or None, category or None, _ago(ago or "1h"))
        except Malformed as refused:
            reading.add(refused, f"deeds[{place}]")
        except Invalid as invalid:
            reading.refuse(f"deeds[{place}].ago", "duration", invalid.said(_))


def _ago(text: str) -> timedelta:
    return timedelta(microseconds=read_duration(text, "ago"))
