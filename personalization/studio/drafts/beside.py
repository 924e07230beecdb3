"""A draft's text beside what is live in its slot, and beside its own earlier revisions.

In:  the texts of both. Out: for each field both readings, the words that differ marked.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from personalization.drafts.models import Draft
from personalization.exceptions import Refusal
from personalization.publish.reading import read_release
from personalization.studio.drafts.texts import Text, texts_of
from personalization.studio.schema_kinds import Schema
from personalization.studio.side_by_side import side_by_side
from personalization.targeting.blocks import find_block
from rules.types import Content, Release, Slot


@dataclass(frozen=True, slots=True)
class Difference:
    label: str
    before: SafeString
    after: SafeString
    is_same: bool


@dataclass(frozen=True, slots=True)
class Live:
    """`name`: of the content that this audience sees now; `schema`: of its block."""

    name: str
    schema: Schema
    fields: Mapping[str, Any]  # JSON


def differences(before: Iterable[Text], after: Iterable[Text]) -> list[Difference]:
    """By field, in the order of the new text; what only the old one says comes last."""
    old = {text.path: text for text in before}
    new = {text.path: text for text in after}
    paths = [*new, *(path for path in old if path not in new)]
    return [_difference(old.get(path), new.get(path)) for path in paths]


def _difference(old: Text | None, new: Text | None) -> Difference:
    was, becomes = (old.value if old else ""), (new.value if new else "")
    shown = new or old
    return Difference(shown.label if shown else "", *side_by_side(was, becomes), was == becomes)


def live_text(draft: Draft) -> tuple[Live | None, str]:
    """What the draft's audience sees in its slot now, else why there is nothing to compare."""
    site = draft.site
    if not draft.slot:
        return None, _("The brief names no slot, so nothing live stands beside it.")
    if site.live_release is None:
        return None, _("Nothing is published yet.")
    try:
        release = read_release(site.pk, site.live_release)
    except Refusal as refusal:
        return None, refusal.detail
    slot = release.slots.get(draft.slot)
    content = _content(release, slot, draft.segment) if slot else None
    if content is None:
        return None, _("The slot shows nothing to this audience now.")
    fields = content.fields.get(draft.locale) or content.fields.get(site.locale) or {}
    block = release.blocks.get(content.block) or find_block(site, content.block)
    name = release.labels.get(f"content:{content.key}", content.key)
    return Live(name, block.schema if block else {}, fields), ""


def texts_of_live(live: Live) -> list[Text]:
    return list(texts_of(live.schema, live.fields))


def _content(release: Release, slot: Slot, segment: str) -> Content | None:
    """Of the first rule for this segment, else of one for everybody, else the default."""
    keys = [rule.content for rule in slot.rules if rule.segment == segment and segment]
    keys += [rule.content for rule in slot.rules if rule.audience is None]
    keys += [slot.default] if slot.default else []
    return next((release.contents[key] for key in keys if key in release.contents), None)
