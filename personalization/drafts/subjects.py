"""A draft's text with all that it is checked against, as a `Subject`."""

from collections.abc import Mapping
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization.catalog.models import Item
from personalization.drafts.checks.texts import whole
from personalization.drafts.facts import facts_of
from personalization.drafts.guides import guide_of
from personalization.drafts.models import Brief, Draft, Revision
from personalization.drafts.shape import pictured
from personalization.drafts.values import Subject
from personalization.exceptions import Conflict
from personalization.targeting.blocks import find_block
from personalization.targeting.catalogue import site_catalogue
from rules.fields import Catalogue
from rules.types import Block

MOST_COMPARED: Final = 50  # earlier texts of each kind, newest first
Fields = Mapping[str, Any]  # JSON


def subject_of(draft: Draft, fields: Fields) -> Subject:
    block, catalogue = block_of(draft), site_catalogue(draft.site)
    return Subject(
        fields=fields,
        block=block,
        catalogue=catalogue,
        locale=draft.locale,
        guide=guide_of(draft.site),
        facts=_facts(draft),
        told=(draft.brief.goal, draft.brief.tone, draft.order.remark),
        limits=draft.brief.limits,
        approved=_earlier(draft, block, Draft.APPROVED),
        rejected=_earlier(draft, block, Draft.REJECTED),
        siblings=_siblings(draft, block),
        values=declared_values(draft, catalogue),
    )


def block_of(draft: Draft) -> Block:
    block = find_block(draft.site, draft.block)
    if block is None:
        raise Conflict(
            _("The block “%s” was deleted; this draft can only be rejected.") % draft.block
        )
    return pictured(block) if draft.brief.kind == Brief.IMAGE else block


def declared_values(draft: Draft, catalogue: Catalogue) -> frozenset[str]:
    """What a personal trait may say: such words reach a page through its placeholder alone."""
    declared = (catalogue.fields[name] for name in draft.site.traits_schema)
    return frozenset(
        str(value) for each in declared if each.personal for value, _label in each.choices
    )


def _facts(draft: Draft) -> Mapping[str, Any] | None:  # JSON
    if not draft.item:
        return None
    row = Item.objects.filter(site=draft.site, key=draft.item).first()
    return facts_of(row, ("title", *draft.brief.facts)) if row else {}


def _earlier(draft: Draft, block: Block, state: str) -> tuple[str, ...]:
    decided = Draft.objects.filter(
        site=draft.site, block=draft.block, locale=draft.locale, state=state
    ).exclude(order_id=draft.order_id)
    newest = decided.order_by("-decided_at").values_list("pk", "revision")[:MOST_COMPARED]
    return _texts(dict(newest), block)


def _siblings(draft: Draft, block: Block) -> tuple[str, ...]:
    others = Draft.objects.filter(order_id=draft.order_id).exclude(pk=draft.pk)
    open_ones = others.exclude(state=Draft.REJECTED).values_list("pk", "revision")
    return _texts(dict(open_ones), block)


def _texts(numbers: Mapping[int, int], block: Block) -> tuple[str, ...]:
    """The newest text of each draft; `numbers`: draft -> its newest revision."""
    rows = Revision.objects.filter(draft_id__in=numbers).values_list("draft_id", "number", "fields")
    newest = (fields for draft, number, fields in rows if numbers[draft] == number)
    return tuple(whole(fields, block) for fields in newest)
