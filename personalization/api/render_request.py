"""In: the body of `POST render`. Out: what it asks for, checked; or a refusal naming each field."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.api.strict_json import read_json
from personalization.exceptions import FieldError, Malformed
from personalization.profiles.ids import UNSTORABLE, check_visitor_id

MOST_BYTES: Final = 64 * 1024
MOST_SLOTS: Final = 100
LONGEST_KEY: Final = 100
DEVICES: Final = ("mobile", "tablet", "desktop")
CONTEXT: Final = {
    "url": 4000,
    "referrer": 4000,
    "locale": 35,
    "country": 64,
    "device": 20,
    "item": 200,
}
KNOWN: Final = ("visitor", "slots", "context", "token")


@dataclass(frozen=True, slots=True)
class RenderRequest:
    slots: tuple[str, ...]
    visitor: str | None
    token: str | None
    context: Mapping[str, str]
    shown: frozenset[str] = frozenset()  # items of slots that the same page filled before


def read_render_request(body: bytes) -> RenderRequest:
    document = read_json(body, most_bytes=MOST_BYTES)
    if not isinstance(document, dict):
        raise _refused([_error("", "type", _("Send an object with “slots”."))])
    errors = [
        _error(name, "unknown", _("Remove it; known are %s.") % ", ".join(KNOWN))
        for name in document
        if name not in KNOWN
    ]
    slots = _slots(document.get("slots"), errors)
    context = _context(document.get("context"), errors)
    token = document.get("token")
    if token is not None and not isinstance(token, str):
        errors.append(_error("token", "type", _("Send the visitor's token as a text.")))
    visitor = _visitor(document.get("visitor"), errors)
    if errors:
        raise _refused(errors)
    return RenderRequest(slots, visitor, token, context)


def _slots(given: Any, errors: list[FieldError]) -> tuple[str, ...]:
    if not isinstance(given, list) or not given:
        errors.append(_error("slots", "required", _("Name at least one slot, in a list.")))
        return ()
    if len(given) > MOST_SLOTS:
        errors.append(_error("slots", "too_many", _("Ask for at most %d slots.") % MOST_SLOTS))
        return ()
    for index, key in enumerate(given):
        if not isinstance(key, str) or not 0 < len(key) <= LONGEST_KEY or not _is_sound(key):
            sentence = _("Name a slot by its key, up to %d characters.") % LONGEST_KEY
            errors.append(_error(f"slots[{index}]", "invalid", sentence))
    return tuple(dict.fromkeys(key for key in given if isinstance(key, str)))


def _context(given: Any, errors: list[FieldError]) -> Mapping[str, str]:
    if given is None:
        return {}
    if not isinstance(given, dict):
        errors.append(_error("context", "type", _("Send an object, such as {“url”: “…”}.")))
        return {}
    found = {}
    for name, value in given.items():
        path = f"context.{name}"
        if name not in CONTEXT:
            known = ", ".join(CONTEXT)
            errors.append(_error(path, "unknown", _("Remove it; known are %s.") % known))
        elif value is None:
            continue
        elif not isinstance(value, str) or len(value) > CONTEXT[name] or not _is_sound(value):
            sentence = _("Send a text of up to %d characters.") % CONTEXT[name]
            errors.append(_error(path, "invalid", sentence))
        elif name == "device" and value not in DEVICES:
            errors.append(_error(path, "invalid", _("Choose one of %s.") % ", ".join(DEVICES)))
        else:
            found[name] = value
    return found


def _visitor(given: Any, errors: list[FieldError]) -> str | None:
    if given is None:
        return None
    try:
        return check_visitor_id(given)
    except Malformed as refusal:
        errors.extend(refusal.errors)
        return None


def _is_sound(text: str) -> bool:
    """No NUL and no half of a surrogate pair: neither can be stored or sent."""
    return UNSTORABLE.search(text) is None


def _error(path: str, code: str, detail: str) -> FieldError:
    return FieldError(path[:200], code, detail)


def _refused(errors: list[FieldError]) -> Malformed:
    return Malformed(_("The request cannot be read; see “errors”."), errors=tuple(errors))
