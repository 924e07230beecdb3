"""The fields that conditions of a site may ask: ours, and the traits that the site declared."""

import json
from dataclasses import replace
from functools import lru_cache
from types import MappingProxyType

from personalization.govern.models import Site
from rules.fields import BUILT_IN, Catalogue
from rules.journeys import STAGE


def site_catalogue(site: Site) -> Catalogue:
    """Built once for each declaration of traits and stages, which is the cache's key."""
    return _extended(json.dumps(site.traits_schema, sort_keys=True), json.dumps(site.stages))


@lru_cache(maxsize=64)
def _extended(traits: str, stages: str) -> Catalogue:
    declared = BUILT_IN.extended(json.loads(traits)).fields
    choices = tuple((value, label) for value, label in json.loads(stages))
    asked = replace(declared[STAGE], choices=choices)
    return Catalogue(MappingProxyType({**declared, STAGE: asked}))
