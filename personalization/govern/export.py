"""In: a visitor. Out: everything that is stored of them, as one JSON document.

Generic over the models' privacy declarations, so a new table cannot be forgotten. Of an unknown
visitor the document has the same shape and is empty.
"""

from typing import Any

import orjson
from django.db.models import BigIntegerField, BinaryField, Field, Model

from personalization.clock import from_us
from personalization.govern import keystore, ledger
from personalization.govern.keystore import Cipher
from personalization.govern.models import ConsentRecord, Site
from personalization.govern.purposes import as_document, from_bits
from personalization.govern.subjects import find_visitor, models_with_visitors, rows_of

Document = dict[str, Any]  # JSON
TIMES = frozenset({"at", "received", "first_seen", "last_seen", "consented_us", "since"})
INTERNAL = frozenset(
    {"id", "site_id", "profile_id", "key", "key_id", "applied", "recent_at", "recent_id"}
    | {"is_unsettled"}
)
JSON_TEXTS = frozenset({"recent", "traits", "scores", "shown", "stages", "properties", "items"})
SEALED = {"sealed_personal": "personal", "sealed_id": "id"}  # column -> what it was sealed for


def export(site: Site, visitor_id: str) -> Document:
    """Everything stored of the visitor: choices, profile, traits, events, what was shown."""
    profile = find_visitor(site, visitor_id)
    bits = profile.purposes if profile else 0
    cipher = keystore.open_key(profile.key_id) if profile else None
    choices = ledger.records_of(site, profile.key_id, cipher) if cipher else ()
    return {
        "visitor": visitor_id,
        "purposes": as_document(from_bits(bits)),
        "choices": list(choices),
        "stored": {
            str(model._meta.model_name): [
                _row(row, cipher) for row in rows_of(model, subject, profile)
            ]
            if profile
            else []
            for model, subject in models_with_visitors()
            if not (subject.is_copy or model is ConsentRecord)  # that is opened above, as `choices`
        },
    }


def _row(row: Model, cipher: Cipher | None) -> Document:
    """A row as its reader would name things: times as text, purposes by name, seals opened."""
    fields = [each for each in row._meta.concrete_fields if each.attname not in INTERNAL]
    return {each.attname: _value(each, getattr(row, each.attname), cipher) for each in fields}


def _value(column: "Field[Any, Any]", value: Any, cipher: Cipher | None) -> object:  # any column
    if isinstance(column, BinaryField):
        return _opened(SEALED.get(column.name), bytes(value), cipher)
    if value is None or value == "":
        return None
    if column.name == "purposes":
        return as_document(from_bits(value))
    if column.name in TIMES and isinstance(column, BigIntegerField):
        return from_us(value).isoformat()
    if column.name in JSON_TEXTS:
        return orjson.loads(value)
    return value.isoformat() if hasattr(value, "isoformat") else value


def _opened(purpose: str | None, sealed: bytes, cipher: Cipher | None) -> object:
    if purpose is None or cipher is None or not sealed:
        return None
    text = cipher.open(sealed, purpose)
    return orjson.loads(text) if purpose == "personal" else text.decode()
