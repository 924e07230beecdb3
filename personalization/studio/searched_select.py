"""A list that is searched as one types; a choice that is no id chooses nothing."""

from collections.abc import Iterable
from typing import Any, Final

from django.contrib.admin.widgets import AutocompleteSelect

LONGEST: Final = 18  # digits that every database takes


class SearchedSelect(AutocompleteSelect):
    def optgroups(self, name: str, value: Iterable[Any], attr: Any = None) -> Any:  # as Django's
        return super().optgroups(name, [each for each in value if _is_id(each)], attr)


def _is_id(value: Any) -> bool:  # whatever an address or a form sent
    text = str(value)
    return text.isdecimal() and len(text) <= LONGEST
