"""The field catalogue: what a condition or a placeholder may name, its type and its purpose."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any, Final

from rules.invalid import Invalid
from rules.purposes import Purpose, Purposes
from rules.words import _

TYPES: Final = ("string", "number", "boolean", "datetime", "version", "list")
PLAIN_TYPES: Final = TYPES[:-1]
GROUP: Final = "cluster"  # the field of a group of alike visitors
_MAY_SAY: Final = {"type", "purpose", "label", "choices", "personal", "group", "of"}


@dataclass(frozen=True, slots=True)
class Field:
    """One field. `of`: for a list, its element's plain type, or the element's own fields.

    `purposes` empty: nothing of the visitor, no consent needed. `personal`: placeholders only.
    """

    name: str
    type: str
    purposes: Purposes = frozenset()
    label: str = ""
    choices: tuple[tuple[str, str], ...] = ()
    personal: bool = False
    group: str = ""
    of: "str | Mapping[str, Field] | None" = None

    @property
    def title(self) -> str:
        return self.label or self.name.replace("_", " ")

    @property
    def kind(self) -> str:
        """The type, and of a list the type of its elements: "list of number"."""
        if self.type != "list":
            return self.type
        return f"list of {self.of if isinstance(self.of, str) else 'objects'}"


@dataclass(frozen=True, eq=False)
class Catalogue:
    """All fields of a site by name. Compared by identity; `to_dict` compares by content."""

    fields: Mapping[str, Field] = field(default_factory=dict)

    @classmethod
    def from_dict(cls, document: object) -> "Catalogue":
        """Read the contract's form: {"age": {"type": "number", "purpose": "personalization"}}."""
        return cls(MappingProxyType(_read_fields(document, "")))

    def to_dict(self) -> dict[str, Any]:
        return {name: _write_field(each) for name, each in self.fields.items()}

    def extended(self, traits: object) -> "Catalogue":
        """This catalogue with a site's declared traits; names that stand already are refused."""
        own = _read_fields(traits, "", purpose=Purpose.PERSONALIZATION, group="Traits")
        for name in own:
            if name in self.fields:
                raise Invalid(
                    name, _("“%(name)s” is built in; give the trait another name."), name=name
                )
        return Catalogue(MappingProxyType({**self.fields, **own}))


def _read_fields(
    document: object, path: str, purpose: Purpose | None = None, group: str = ""
) -> dict[str, Field]:
    if not isinstance(document, Mapping):
        raise Invalid(path, _("Write the fields as an object: name to description."))
    return {
        name: _read_field(name, each, f"{path}/{name}" if path else str(name), purpose, group)
        for name, each in document.items()
    }


def _read_field(
    name: object, document: object, path: str, purpose: Purpose | None, group: str
) -> Field:
    if not isinstance(name, str) or not name.isidentifier() or len(name) > 64:
        raise Invalid(
            path, _("A name is up to 64 letters, digits and underscores, no digit first.")
        )
    if not isinstance(document, Mapping):
        raise Invalid(path, _('Describe the field as an object, for example {"type": "number"}.'))
    for key in document:
        if key not in _MAY_SAY:
            raise Invalid(
                f"{path}/{key}",
                _("Remove it; a field says %(names)s."),
                names=", ".join(sorted(_MAY_SAY)),
            )
    kind = document.get("type")
    if kind not in TYPES:
        raise Invalid(f"{path}/type", _("Choose one of %(names)s."), names=", ".join(TYPES))
    return Field(
        name=name,
        type=kind,
        purposes=_read_purposes(document.get("purpose", purpose), f"{path}/purpose"),
        label=_read_text(document.get("label", ""), f"{path}/label"),
        choices=_read_choices(document.get("choices", ()), f"{path}/choices"),
        personal=_read_flag(document.get("personal", False), f"{path}/personal"),
        group=_read_text(document.get("group", group), f"{path}/group"),
        of=_read_elements(document.get("of", "string"), f"{path}/of") if kind == "list" else None,
    )


def _read_elements(document: object, path: str) -> "str | Mapping[str, Field]":
    if isinstance(document, str):
        if document not in PLAIN_TYPES:
            raise Invalid(
                path,
                _("Elements are of %(names)s, or objects of fields."),
                names=", ".join(PLAIN_TYPES),
            )
        return document
    fields = _read_fields(document, path)
    if not fields or any(each.type == "list" for each in fields.values()):
        raise Invalid(
            path, _("Name at least one field of the elements; lists in lists are not read.")
        )
    return MappingProxyType(fields)


def _read_purposes(document: object, path: str) -> Purposes:
    names = (document,) if isinstance(document, str) else document
    if names is None:
        return frozenset()
    if not isinstance(names, Iterable) or isinstance(names, Mapping):
        raise Invalid(path, _("Name a purpose, a list of purposes, or null."))
    try:
        return frozenset(Purpose(name) for name in names)
    except ValueError:
        raise Invalid(path, _("Choose from %(names)s."), names=", ".join(Purpose)) from None


def _read_text(value: object, path: str) -> str:
    if not isinstance(value, str):
        raise Invalid(path, _("Write a text."))
    return value


def _read_flag(value: object, path: str) -> bool:
    if not isinstance(value, bool):
        raise Invalid(path, _("Write true or false."))
    return value


def _read_choices(document: object, path: str) -> tuple[tuple[str, str], ...]:
    if not isinstance(document, list | tuple):
        raise Invalid(path, _("Write a list of values, or of [value, label]."))
    found = []
    for each in document:
        pair = (each, each) if isinstance(each, str) else tuple(each) if _is_pair(each) else None
        if pair is None:
            raise Invalid(path, _("Each choice is a text, or [value, label]."))
        found.append(pair)
    return tuple(found)


def _is_pair(value: object) -> bool:
    return (
        isinstance(value, list | tuple)
        and len(value) == 2
        and all(isinstance(part, str) for part in value)
    )


def _write_field(each: Field) -> dict[str, Any]:
    document: dict[str, Any] = {"type": each.type}
    if each.purposes:
        names = sorted(each.purposes)
        document["purpose"] = str(names[0]) if len(names) == 1 else [str(name) for name in names]
    else:
        document["purpose"] = None
    if each.label:
        document["label"] = each.label
    if each.choices:
        document["choices"] = [list(pair) for pair in each.choices]
    if each.personal:
        document["personal"] = True
    if each.group:
        document["group"] = each.group
    if isinstance(each.of, str):
        document["of"] = each.of
    elif each.of is not None:
        document["of"] = {name: _write_field(inner) for name, inner in each.of.items()}
    return document


_VISITOR = Purpose.PERSONALIZATION.value
_MODEL = [Purpose.PERSONALIZATION.value, Purpose.PROFILING_AI.value]


def _context(label: str, kind: str = "string", **more: Any) -> dict[str, Any]:
    return {"type": kind, "purpose": None, "label": label, "group": "Page view", **more}


def _visitor(label: str, kind: str, **more: Any) -> dict[str, Any]:
    return {"type": kind, "purpose": _VISITOR, "label": label, "group": "Visitor", **more}


def _model(label: str, kind: str, **more: Any) -> dict[str, Any]:
    group = _("What the model says")
    return {"type": kind, "purpose": _MODEL, "label": label, "group": group, **more}


_DEVICES = [["mobile", _("phone")], ["tablet", _("tablet")], ["desktop", _("computer")]]

BUILT_IN: Final = Catalogue.from_dict(
    {
        "url": _context(_("address")),
        "path": _context(_("path")),
        "query": _context(_("query string")),
        "referrer": _context(_("referrer")),
        "utm_source": _context(_("UTM source")),
        "utm_medium": _context(_("UTM medium")),
        "utm_campaign": _context(_("UTM campaign")),
        "utm_term": _context(_("UTM term")),
        "utm_content": _context(_("UTM content")),
        "locale": _context(_("language")),
        "country": _context(_("country")),
        "device": _context(_("device"), choices=_DEVICES),
        "hour": _context(_("hour of the day"), "number"),
        "weekday": _context(_("day of the week (1 is Monday)"), "number"),
        "first_seen": _visitor(_("first seen"), "datetime"),
        "last_seen": _visitor(_("last seen"), "datetime"),
        "visits": _visitor(_("number of visits"), "number"),
        "recency": _visitor(_("days since last seen"), "number"),
        "frequency": _visitor(_("number of purchases"), "number"),
        "monetary": _visitor(_("amount spent"), "number"),
        "segment": _context(_("segment"), "list", of="string"),
        "stage": _visitor(_("journey stage"), "list", of="string"),
        "events": _visitor(
            _("recent behaviour"),
            "list",
            of={
                "id": {"type": "string", "label": _("id")},
                "type": {"type": "string", "label": _("kind")},
                "item": {"type": "string", "label": _("item")},
                "category": {"type": "string", "label": _("category")},
                "value": {"type": "number", "label": _("value")},
                "currency": {"type": "string", "label": _("currency")},
                "at": {"type": "datetime", "label": _("time")},
            },
        ),
        "propensity_buy": _model(_("likelihood to buy (0 to 1)"), "number"),
        "propensity_lapse": _model(_("likelihood to lapse (0 to 1)"), "number"),
        "rfm_recency": _model(_("recency of purchases (1 to 5)"), "number"),
        "rfm_frequency": _model(_("frequency of purchases (1 to 5)"), "number"),
        "rfm_monetary": _model(_("worth of purchases (1 to 5)"), "number"),
        "favourite_category": _model(_("favourite category"), "string"),
        GROUP: _model(_("group of alike visitors"), "string"),
        "affinity": _model(
            _("affinity"),
            "list",
            of={
                "category": {"type": "string", "label": _("category")},
                "score": {"type": "number", "label": _("score")},
            },
        ),
    }
)
