"""In: the body of a request. Out: its JSON; or a refusal that says what is wrong with it.

Stricter than the parsers around us: no repeated names, no NaN, a bounded size and depth.
"""

import json
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed, TooLarge

MOST_BYTES: Final = 1024 * 1024


def read_json(body: bytes, *, most_bytes: int = MOST_BYTES) -> Any:  # JSON
    if len(body) > most_bytes:
        raise TooLarge(_("Send at most %d KiB at once.") % (most_bytes // 1024))
    try:
        return json.loads(
            body.decode(), object_pairs_hook=_without_repeats, parse_constant=_no_constant
        )
    except RecursionError as error:
        raise _malformed("too_deep", _("The JSON is nested too deeply.")) from error
    except ValueError as error:
        raise _malformed("json", _("This is no JSON: %s.") % str(error)[:200]) from error


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:  # JSON
    found = dict(pairs)
    if len(found) < len(pairs):
        names = [name for name, _value in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise _malformed("duplicate", _("The name “%s” stands twice in one object.") % twice[:100])
    return found


def _no_constant(name: str) -> None:
    raise ValueError(_("%s is no JSON number") % name)


def _malformed(code: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError("", code, detail),))
