"""The documents of a site and their verbs, as the API, `import_config` and the studio use them."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from personalization.govern.models import Site
from personalization.targeting import deleting
from personalization.targeting.campaigns import campaign_document, save_campaign
from personalization.targeting.contents import content_document, save_content
from personalization.targeting.experiments import experiment_document, save_experiment
from personalization.targeting.journeys import journey_document, save_journey
from personalization.targeting.models import (
    Campaign,
    Content,
    CustomBlock,
    Experiment,
    Journey,
    Keyed,
    Rule,
    Segment,
    Slot,
)
from personalization.targeting.own_blocks import block_document, save_block
from personalization.targeting.segments import save_segment, segment_document
from personalization.targeting.slot_rules import rule_document, save_rule
from personalization.targeting.slots import save_slot, slot_document
from personalization.targeting.traits import save_traits_schema

__all__ = [
    "KINDS",
    "Kind",
    "delete",
    "save_block",
    "save_campaign",
    "save_content",
    "save_experiment",
    "save_journey",
    "save_rule",
    "save_segment",
    "save_slot",
    "save_traits_schema",
    "to_document",
]


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of document: its table, how it is saved, how it is written down."""

    name: str  # plural, as in the API's addresses and in a config file
    model: type[Keyed]
    save: Callable[..., Any]  # (site, document, *, by, unchanged_since) -> a row of `model`
    written: Callable[[Any], dict[str, Any]]  # row -> JSON

    def rows(self, site: Site) -> QuerySet[Any]:  # of the kind's model
        """With all that a document names by its key, so that writing one asks nothing more."""
        named = [field.name for field in self.model._meta.fields if field.is_relation]
        return self.model._default_manager.filter(site=site).select_related(*named)


KINDS: Final[Mapping[str, Kind]] = {
    kind.name: kind
    for kind in (  # each refers only to those before it
        Kind("blocks", CustomBlock, save_block, block_document),
        Kind("segments", Segment, save_segment, segment_document),
        Kind("campaigns", Campaign, save_campaign, campaign_document),
        Kind("journeys", Journey, save_journey, journey_document),
        Kind("content", Content, save_content, content_document),
        Kind("slots", Slot, save_slot, slot_document),
        Kind("rules", Rule, save_rule, rule_document),
        Kind("experiments", Experiment, save_experiment, experiment_document),
    )
}
_KIND_OF: Final = {kind.model: kind for kind in KINDS.values()}


def to_document(row: Keyed) -> dict[str, Any]:  # JSON
    """The row as the document that its verb would save unchanged."""
    return _KIND_OF[type(row)].written(row)


def delete(row: Keyed, *, by: str, going: Collection[Keyed] = ()) -> None:
    """Delete a draft. The audit trail keeps its document, so that `restore` can bring it back.

    `going`: what is deleted with it, and so does not stand in its way.
    """
    deleting.delete(row, written=to_document(row), by=by, going=going)
