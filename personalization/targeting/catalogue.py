"""The fields that conditions of a site may ask: ours, and the traits that the site declared."""

import json
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from personalization.govern.models import Site
from rules.fields import BUILT_IN, GROUP, Catalogue
from rules.journeys import STAGE


def site_catalogue(site: Site) -> Catalogue:
    """Built once for each declaration of traits, stages and groups, which is the cache's key."""
    traits = json.dumps(site.traits_schema, sort_keys=True)
    return _extended(traits, json.dumps(site.stages), json.dumps(site.groups))


@lru_cache(maxsize=64)
def _extended(traits: str, stages: str, groups: str) -> Catalogue:
    declared = BUILT_IN.extended(json.loads(traits)).fields
    chosen = {
        name: replace(declared[name], choices=tuple((value, label) for value, label in offered))
        for name, offered in ((STAGE, json.loads(stages)), (GROUP, json.loads(groups)))
    }
    return Catalogue(MappingProxyType({**declared, **chosen}))
