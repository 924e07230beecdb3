"""The blocks that a site may use: those that came with us, and those that its editors wrote."""

from typing import Any

from personalization.blocks.files import shipped_blocks
from personalization.govern.models import Site
from personalization.targeting.models import CustomBlock
from rules.types import Block


def find_block(site: Site, name: str) -> Block | None:
    """The block of this name; ours come first, so nobody can replace them unnoticed."""
    shipped = shipped_blocks().get(name)
    if shipped is not None:
        return shipped.block
    own = CustomBlock.objects.filter(site=site, key=name).first()
    return None if own is None else as_block(own)


def block_names(site: Site) -> list[str]:
    own = CustomBlock.objects.filter(site=site).values_list("key", flat=True)
    return sorted({*shipped_blocks(), *own})


def as_block(row: CustomBlock) -> Block:
    kind = "json" if row.schema.get("x-kind") == "json" else "html"
    return Block(row.key, row.template, row.schema, kind, trusted=False)


def example_of(site: Site, name: str) -> dict[str, Any]:  # JSON
    """The fields that a block shows itself with."""
    shipped = shipped_blocks().get(name)
    if shipped is not None:
        return dict(shipped.example)
    own = CustomBlock.objects.filter(site=site, key=name).first()
    return dict(own.example) if own else {}
