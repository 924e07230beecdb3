"""The fields that conditions of a site may ask: ours, and the traits that the site declared."""

import json
from functools import lru_cache

from personalization.govern.models import Site
from rules.fields import BUILT_IN, Catalogue


def site_catalogue(site: Site) -> Catalogue:
    """Built once for each declaration of traits; the declaration itself is the cache's key."""
    return _extended(json.dumps(site.traits_schema, sort_keys=True))


@lru_cache(maxsize=64)
def _extended(traits: str) -> Catalogue:
    return BUILT_IN.extended(json.loads(traits))
