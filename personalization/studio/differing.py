"""What differs between two documents, as a page shows it: word by word, conditions as sentences."""

import json
from collections.abc import Callable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.publish.differences import differences, is_condition
from personalization.publish.wording import Part
from personalization.studio.condition_form import plain_reading


def parts_that_differ(
    site: Site | None,
    before: Any,  # JSON
    after: Any,  # JSON
    label: Callable[[str], str] = str,
) -> Iterator[Part]:
    """`label`: what people call the first step of a path; the others stand as they are."""
    for path, old, new in differences(before, after):
        first, *others = path or ("",)
        called = " · ".join([label(first), *(each.replace("_", " ") for each in others)])
        yield Part(called, _said(site, old), _said(site, new))


def _said(site: Site | None, value: Any) -> str:  # JSON
    if value is None:
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if site is not None and is_condition(value):
        return plain_reading(site, value)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
