"""One row of a file as an event of the API.

In:  a row by our names: the API's, and `price` and `quantity`, from which a value is made.
Out: the event as `POST events` takes it; or why it is none.
"""

from hashlib import blake2b
from typing import Any

import orjson
from django.utils.translation import gettext as _

from personalization.collect.checking import FIELDS
from workers.imports.columns import OurRow
from workers.imports.rows import NoRow
from workers.imports.values import as_id, as_number, as_object, as_time

KNOWN = frozenset(FIELDS - {"exposure"}) | {"price", "quantity"}
WITH_MONEY = {"price", "value"}


def as_event(row: OurRow) -> dict[str, Any] | NoRow:  # JSON values
    """Returns, and sales without a price, are no purchases; a row without an id gets its hash."""
    event = {name: value for name, value in row.items() if name not in {"price", "quantity"}}
    for name in ("visitor", "item", "id"):
        if name in event:
            event[name] = as_id(event[name])
    if "visitor" not in event:
        return NoRow("no_visitor", _("There is no visitor."))
    if "at" in event:
        event["at"] = as_time(event["at"])
    if "properties" in event:
        event["properties"] = as_object(event["properties"])
    event.setdefault("type", "purchase" if WITH_MONEY & row.keys() else "view")
    refused = _value(event, row)
    if refused is not None:
        return refused
    event.setdefault("id", _identity(event, row))
    return event


def _value(event: dict[str, Any], row: OurRow) -> NoRow | None:
    """Set the event's value from price and quantity where it has none of its own."""
    quantity, price = as_number(row.get("quantity", 1)), as_number(row.get("price"))
    for name, number in (("quantity", quantity), ("price", price)):
        if number is not None and not _is_number(number):
            return NoRow(name, _("“%(name)s” is no number.") % {"name": name})
    if quantity <= 0:
        return NoRow("returned", _("A quantity of zero or less: a return, not a purchase."))
    if price is not None and price <= 0 and event["type"] == "purchase":
        return NoRow("no_price", _("A price of zero or less: not a sale."))
    if "value" in event:
        event["value"] = as_number(event["value"])
    elif price is not None:
        event["value"] = round(price * quantity, 4)
    return None


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) < 1e15


def _identity(event: dict[str, Any], row: OurRow) -> str:
    """The same row gives the same id, wherever it stands: importing again changes nothing."""
    said = {**event, "quantity": row.get("quantity"), "price": row.get("price")}
    written = orjson.dumps(
        sorted((name, str(value)) for name, value in said.items() if value is not None)
    )
    return "file-" + blake2b(written, digest_size=16).hexdigest()
