"""Take away what a visitor did not allow, before anything looks at it.

In:  a visitor with all that is stored, the purposes that hold for this request.
Out: the visitor as the decision may see them; without any purpose that is `STRANGER` itself.
"""

from collections.abc import Mapping
from weakref import WeakKeyDictionary

from rules.fields import Catalogue
from rules.purposes import NONE_GRANTED, Purpose, Purposes
from rules.types import NOTHING, STRANGER, Facts, Settings, Visitor

EXPERIMENTING: Purposes = frozenset({Purpose.PERSONALIZATION, Purpose.ANALYTICS})
PROFILING: Purposes = frozenset({Purpose.PERSONALIZATION, Purpose.PROFILING_AI})


def effective(purposes: Purposes, gpc: bool, crawler: bool, settings: Settings) -> Purposes:
    """What holds for one request: a signal of the browser beats what was granted earlier."""
    if crawler:
        return NONE_GRANTED
    return purposes - settings.gpc_opts_out if gpc else purposes


def permitted_view(visitor: Visitor, purposes: Purposes, catalogue: Catalogue) -> Visitor:
    """The visitor without what these purposes do not cover."""
    if not purposes:
        return STRANGER
    personal = Purpose.PERSONALIZATION in purposes
    return Visitor(
        unit=visitor.unit if purposes >= EXPERIMENTING else None,
        purposes=purposes,
        facts=_permitted_facts(visitor.facts, purposes, catalogue),
        personal=_permitted_personal(visitor.personal, purposes, catalogue),
        signals=visitor.signals if personal else (),
        bought=visitor.bought if personal else frozenset(),
        shown=visitor.shown if personal else NOTHING,
        reference=visitor.reference,
    )


def _permitted_facts(facts: Facts, purposes: Purposes, catalogue: Catalogue) -> Facts:
    allowed = permitted_fields(catalogue, purposes)
    if facts.keys() <= allowed:
        return facts
    return {name: value for name, value in facts.items() if name in allowed}


def _permitted_personal(
    values: Mapping[str, object], purposes: Purposes, catalogue: Catalogue
) -> Mapping[str, object]:
    """Personal values may be opened lazily: only names are looked at here."""
    if Purpose.PERSONALIZATION not in purposes or not values:
        return NOTHING
    allowed = permitted_fields(catalogue, purposes, personal=True)
    if values.keys() <= allowed:
        return values
    return {name: values[name] for name in values.keys() & allowed}


Kept = dict[tuple[Purposes, bool], frozenset[str]]
_PERMITTED: WeakKeyDictionary[Catalogue, Kept] = WeakKeyDictionary()


def permitted_fields(
    catalogue: Catalogue, purposes: Purposes, *, personal: bool = False
) -> frozenset[str]:
    """The visitor's fields that these purposes cover. Context fields are not the visitor's."""
    known = _PERMITTED.setdefault(catalogue, {})
    found = known.get((purposes, personal))
    if found is None:
        found = known[purposes, personal] = frozenset(
            name
            for name, field in catalogue.fields.items()
            if field.purposes <= purposes
            and field.personal is personal
            and (field.purposes or personal)
        )
    return found
