"""Two values as a person compares them: in words, beside each other, what differs marked."""

import json
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any, Final

from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.journeys.picture import stages_reading
from personalization.studio.condition_form import plain_reading
from personalization.studio.drafts.money import money
from personalization.targeting.schedules import when_in_words
from personalization.targeting.shelves import shelf_in_words
from personalization.targeting.versions import ABSENT

PIECES: Final = re.compile(r"\s+|\w+|[^\w\s]")
LONGEST: Final = 20_000  # characters beyond which a text is not compared word by word


def side_by_side(theirs: str, mine: str) -> tuple[SafeString, SafeString]:
    """Both texts; the words that stand in one only are marked."""
    if len(theirs) + len(mine) > LONGEST:
        return format_html("{}", theirs), format_html("{}", mine)
    first, second = PIECES.findall(theirs), PIECES.findall(mine)
    steps = SequenceMatcher(None, first, second, autojunk=False).get_opcodes()
    return (
        _marked(first, ((tag == "equal", i1, i2) for tag, i1, i2, _j1, _j2 in steps)),
        _marked(second, ((tag == "equal", j1, j2) for tag, _i1, _i2, j1, j2 in steps)),
    )


def in_words(site: Site, name: str, value: Any) -> str:
    """A JSON value of a document, or ABSENT, as text."""
    if value is ABSENT or value is None or value in ("", [], {}):
        return _("(nothing)")
    if name in READINGS:
        return READINGS[name](site, value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, list | dict):
        return json.dumps(value, indent=2, ensure_ascii=False)
    return str(value)


def _arms(_site: Site, arms: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(f"{arm['key']}: {arm['content'] or _('the default')}" for arm in arms)


def _when(_site: Site, document: Mapping[str, Any]) -> str:
    return when_in_words(document)


def _shelf(site: Site, document: Any) -> str:
    return shelf_in_words(document, site.zone)


def _weights(_site: Site, weights: Sequence[float]) -> str:
    return ", ".join(f"{weight:.1%}" for weight in weights)


def _lines(_site: Site, values: Sequence[str]) -> str:
    return "\n".join(values)


def _glossary(_site: Site, terms: Sequence[Mapping[str, str]]) -> str:
    return "\n".join(f"{each['term']} = {each['use']}" for each in terms)


def _forbidden(_site: Site, entries: Sequence[Mapping[str, Any]]) -> str:
    return "\n".join(
        f"{_('never') if each['is_hard'] else _('better not')}: {each['text']}"
        + (f" ({each['why']})" if each["why"] else "")
        for each in entries
    )


def _money(_site: Site, millionths: int) -> str:
    return money(millionths)


READINGS: Final[Mapping[str, Callable[[Site, Any], str]]] = {  # parts that have words of their own
    "condition": plain_reading,
    "stages": stages_reading,
    "arms": _arms,
    "when": _when,
    "weights": _weights,
    "shelf": _shelf,
    **dict.fromkeys(("origins", "audited", "dos", "donts", "allowed_hosts"), _lines),
    **dict.fromkeys(("legal_words", "legal_segments"), _lines),
    "glossary": _glossary,
    "forbidden": _forbidden,
    "monthly_budget": _money,
}


def _marked(pieces: Sequence[str], steps: Iterator[tuple[bool, int, int]]) -> SafeString:
    parts = ((same, "".join(pieces[start:end])) for same, start, end in steps if end > start)
    shown = (format_html("{}" if same else "<mark>{}</mark>", text) for same, text in parts)
    return format_html_join("", "{}", ((part,) for part in shown))
