"""Blanks of a condition that were left empty, or filled with what can match nobody.

In:  the tree of a condition that could be stored.
Out: warnings as the builder shows them: the path of the blank, and a sentence.
"""

import re
from collections.abc import Iterator
from typing import Any, Final

from django.utils.translation import gettext as _

Warning_ = dict[str, Any]  # JSON
CODE: Final = re.compile(r"[A-Z]{2}")
COUNTRY: Final = "country"
NO_VALUE: Final = frozenset({"null", "notNull"})
NAMED_WHOLE: Final = frozenset({"=", "!=", "in", "notIn"})


def odd_blanks(tree: Any, path: str = "") -> Iterator[Warning_]:  # JSON
    """Of the tree and of all that stands in it, in its order."""
    if isinstance(tree, dict):
        if "field" in tree:
            yield from _of_rule(tree, f"{path}.value".lstrip("."))
        for name, part in tree.items():
            yield from odd_blanks(part, f"{path}.{name}".lstrip("."))
    elif isinstance(tree, list):
        for index, part in enumerate(tree):
            yield from odd_blanks(part, f"{path}[{index}]")


def _of_rule(rule: dict[str, Any], path: str) -> Iterator[Warning_]:  # JSON
    value, operator = rule.get("value"), rule.get("operator")
    if operator in NO_VALUE or rule.get("valueSource") == "field":
        return
    if value == "":
        yield {"path": path, "text": _("Nothing is filled in here yet: hardly anybody fits.")}
    elif rule["field"] == COUNTRY and operator in NAMED_WHOLE:
        unknown = [each for each in _texts(value) if not CODE.fullmatch(each)]
        if unknown:
            said = _("“%s” is no country that visitors come from. Choose one from the list.")
            yield {"path": path, "text": said % "”, “".join(unknown)}


def _texts(value: Any) -> list[str]:  # JSON
    """Values separated by commas are several; what is blank between them is left out."""
    several = value if isinstance(value, list) else str(value).split(",")
    return [text for text in (str(each).strip() for each in several) if text]
