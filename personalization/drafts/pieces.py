"""All that is known of an order when it is written: read once, then only looked at.

In:  an order's row. Out: a `Piece`, in which no visitor occurs: there is no way from here to one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from personalization.catalog.models import Item
from personalization.drafts.facts import facts_of
from personalization.drafts.failures import Unwritten
from personalization.drafts.guides import guide_of
from personalization.drafts.lessons import lessons_for
from personalization.drafts.models import Brief, Order
from personalization.drafts.policies import policy_of
from personalization.drafts.shape import Text, asked_texts
from personalization.drafts.standing import standing_fields
from personalization.drafts.values import Example, Guide
from personalization.govern.models import Site
from personalization.targeting.blocks import find_block
from personalization.targeting.catalogue import site_catalogue
from rules.fields import Catalogue
from rules.types import Block


@dataclass(frozen=True, slots=True)
class Piece:
    """`standing`: the fields that we fill ourselves; `texts`: those that a model is asked for.

    `earlier`: the draft that somebody wants otherwise, and says in the order's remark how.
    """

    order: Order
    brief: Brief
    site: Site
    block: Block
    catalogue: Catalogue
    guide: Guide
    facts: Mapping[str, Any] | None  # JSON
    standing: Mapping[str, Any]  # JSON
    texts: tuple[Text, ...]
    lessons: tuple[Example, ...]
    earlier: Mapping[str, Any]  # JSON


def piece_of(order: Order) -> Piece:
    """`Unwritten` for what cannot be written any more."""
    brief = order.brief
    site = brief.site
    block = find_block(site, brief.block)
    if block is None:
        raise Unwritten("block_gone")
    item = _item(site, order.item)
    standing = standing_fields(
        site,
        block,
        slot=brief.slot,
        item=item,
        locale=order.locale,
        is_picture=brief.kind == Brief.IMAGE,
    )
    texts = tuple(asked_texts(block, brief.limits, standing))
    if not texts and brief.kind == Brief.TEXT:
        raise Unwritten("nothing_to_write")
    return Piece(
        order=order,
        brief=brief,
        site=site,
        block=block,
        catalogue=site_catalogue(site),
        guide=guide_of(site),
        facts=None if item is None else facts_of(item, ("title", *brief.facts)),
        standing=standing,
        texts=texts,
        lessons=lessons_for(site, block.name, order.locale, policy_of(site).most_lessons),
        earlier=_earlier(order, standing),
    )


def _item(site: Site, key: str) -> Item | None:
    if not key:
        return None
    item = Item.objects.filter(site=site, key=key).first()
    if item is None:
        raise Unwritten("item_gone")
    return item


def _earlier(order: Order, standing: Mapping[str, Any]) -> dict[str, Any]:  # JSON
    draft = order.redoes
    if draft is None:
        return {}
    fields = draft.revisions.get(number=draft.revision).fields
    return {name: value for name, value in fields.items() if name not in standing}
