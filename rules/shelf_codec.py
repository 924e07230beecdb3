"""A shelf as a JSON document, and back.

In:  `{keep?, fields?, promotions?, one_per?, diversity?, hide_bought?, no_repeats?, explore?}`;
     `fields` types the attributes that `keep` asks: {"brand": "string"}.
Out: a `Shelf`; `Invalid` names what is wrong, and the remedy.
"""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from rules.conditions import Condition, fields_read, parse, segments_read
from rules.invalid import Invalid
from rules.items import FIELDS, KINDS, item_catalogue
from rules.printing import to_tree
from rules.shelves import BOOST, BURY, EXCLUDE, PIN
from rules.types import PLAIN, Promotion, Shelf, Window
from rules.words import _

DOES: Final = (PIN, BOOST, BURY, EXCLUDE)
OF: Final = ("item", "category", "tag")
MOST_PROMOTIONS, MOST_EXPLORED, LAST_PLACE, LONGEST = 100, 0.5, 48, 200
_SAYS: Final = {
    *("keep", "fields", "promotions", "one_per", "diversity"),
    *("hide_bought", "no_repeats", "explore"),
}
_PROMOTION_SAYS: Final = {"do", "place", "strength", "start", "end", *OF}
Document = Mapping[str, Any]  # JSON


def read_shelf(document: object) -> Shelf:
    """Strictly; a part that is left out is off."""
    if document is None:
        return PLAIN
    said = _object(document, "", _SAYS)
    keep = _keep(said)
    return Shelf(
        keep=keep,
        attributes=_attributes(said, keep),
        promotions=_promotions(said.get("promotions", ())),
        one_per=_one_per(said.get("one_per")),
        diversity=_share(said, "diversity", 1.0),
        hide_bought=_flag(said, "hide_bought"),
        no_repeats=_flag(said, "no_repeats"),
        explore=_share(said, "explore", MOST_EXPLORED),
    )


def write_shelf(shelf: Shelf) -> dict[str, Any]:
    """The shortest document that reads as this shelf; {} for a plain one."""
    found = {
        "keep": None if shelf.keep is None else to_tree(shelf.keep),
        "fields": dict(shelf.attributes),
        "promotions": [_write_promotion(each) for each in shelf.promotions],
        "one_per": shelf.one_per,
        "diversity": shelf.diversity,
        "hide_bought": shelf.hide_bought,
        "no_repeats": shelf.no_repeats,
        "explore": shelf.explore,
    }
    return {name: value for name, value in found.items() if value}


def _object(document: object, path: str, says: set[str]) -> Document:
    if not isinstance(document, Mapping):
        raise Invalid(path, _("Send an object with named fields."))
    for name in document:
        if name not in says:
            place = f"{path}/{name}".lstrip("/")
            raise Invalid(
                place, _("Remove it; there are %(names)s."), names=", ".join(sorted(says))
            )
    return document


def _keep(said: Document) -> Condition | None:
    tree, fields = said.get("keep"), said.get("fields") or {}
    if not isinstance(fields, Mapping):
        raise Invalid("fields", _('Name the attributes that are asked: {"brand": "string"}.'))
    try:
        catalogue = item_catalogue(fields)
    except (Invalid, AttributeError) as wrong:
        raise Invalid(
            "fields", _("Give each attribute one of %(names)s."), names=", ".join(KINDS)
        ) from wrong
    if tree is None:
        return None
    try:
        condition = parse(tree, catalogue)
    except Invalid as wrong:
        raise wrong.under("keep") from wrong
    if segments_read(condition):
        raise Invalid("keep", _("Items are in no segment: ask for their own fields."))
    return condition if condition.rules or condition.negated else None


def _attributes(said: Document, keep: Condition | None) -> tuple[tuple[str, str], ...]:
    """Those that the filter asks, by name."""
    asked = frozenset() if keep is None else fields_read(keep) - FIELDS
    return tuple((name, said["fields"][name]) for name in sorted(asked))


def _promotions(document: object) -> tuple[Promotion, ...]:
    if document is None:
        return ()
    if not isinstance(document, list | tuple) or len(document) > MOST_PROMOTIONS:
        raise Invalid(
            "promotions", _("Send a list of at most %(most)s promotions."), most=MOST_PROMOTIONS
        )
    return tuple(_promotion(each, f"promotions/{n}") for n, each in enumerate(document))


def _promotion(document: object, path: str) -> Promotion:
    said = _object(document, path, _PROMOTION_SAYS)
    do = said.get("do")
    if do not in DOES:
        raise Invalid(f"{path}/do", _("Choose one of %(names)s."), names=", ".join(DOES))
    named = [of for of in OF if said.get(of) is not None]
    if do == PIN and named != ["item"]:
        raise Invalid(path, _("Name an item."))
    if len(named) != 1:
        raise Invalid(path, _("Name one of item, category and tag."))
    (of,) = named
    value = said[of]
    if not isinstance(value, str) or not 0 < len(value) <= LONGEST:
        raise Invalid(f"{path}/{of}", _("Write a text of 1 to %(most)s characters."), most=LONGEST)
    start, end = _moment(said, "start", path), _moment(said, "end", path)
    if start is not None and end is not None and end <= start:
        raise Invalid(f"{path}/end", _("The end must come after the start."))
    return Promotion(do, of, value, _place(said, path), _strength(said, path), Window(start, end))


def _place(said: Document, path: str) -> int:
    place = said.get("place", 1)
    if isinstance(place, bool) or not isinstance(place, int) or not 1 <= place <= LAST_PLACE:
        raise Invalid(
            f"{path}/place", _("Send a whole number from 1 to %(most)s."), most=LAST_PLACE
        )
    return place


def _strength(said: Document, path: str) -> float:
    strength = said.get("strength", Promotion.__dataclass_fields__["strength"].default)
    if isinstance(strength, bool) or not isinstance(strength, int | float) or not 0 < strength <= 1:
        raise Invalid(f"{path}/strength", _("Send a number above 0, up to 1."))
    return float(strength)


def _moment(said: Document, name: str, path: str) -> datetime | None:
    text = said.get(name)
    if text is None:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except (TypeError, ValueError):
        moment = None
    if moment is None or moment.tzinfo is None:
        raise Invalid(
            f"{path}/{name}", _("Send a date and time with its offset: 2026-12-01T08:00:00+01:00.")
        )
    return moment


def _one_per(value: object) -> str | None:
    if value is None or value == "":
        return None
    if not isinstance(value, str) or len(value) > LONGEST:
        raise Invalid("one_per", _("Name “category”, or an attribute of the items."))
    return value


def _share(said: Document, name: str, most: float) -> float:
    value = said.get(name, 0.0)
    if isinstance(value, bool) or not isinstance(value, int | float) or not 0 <= value <= most:
        raise Invalid(name, _("Send a number from 0 to %(most)s."), most=f"{most:g}")
    return float(value)


def _flag(said: Document, name: str) -> bool:
    value = said.get(name, False)
    if not isinstance(value, bool):
        raise Invalid(name, _("Send true or false."))
    return value


def _write_promotion(each: Promotion) -> dict[str, Any]:
    document: dict[str, Any] = {"do": each.do, each.of: each.value}
    if each.do == PIN:
        document["place"] = each.place
    if each.do in (BOOST, BURY):
        document["strength"] = each.strength
    for name, moment in (("start", each.window.start), ("end", each.window.end)):
        if moment is not None:
            document[name] = moment.isoformat()
    return document
