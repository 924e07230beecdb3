"""Why pages look as they do to one visitor.

In:  a site and a visitor's id.
Out: a JSON document: what is allowed, which segments hold and what they say, which facts about the
     visitor were there to be looked at, and what was shown of late. Of somebody unknown it has the
     same shape and says nothing.
"""

import json
from typing import Any, Final

from django.utils.translation import gettext as _

from personalization import clock
from personalization.collect.models import Exposure
from personalization.govern.models import Site
from personalization.govern.purposes import as_document
from personalization.profiles.reading import read_visitor
from personalization.profiles.visitors import find_profile
from personalization.publish.live import current
from rules.consent import permitted_view
from rules.describe import describe
from rules.types import Release, Visitor

MOST_SHOWN: Final = 50
Document = dict[str, Any]  # JSON


def why(site: Site, visitor_id: str) -> Document:
    visitor = read_visitor(site, visitor_id, now=clock.now())
    release = current(site.pk).release
    return {
        "visitor": visitor_id,
        "purposes": as_document(visitor.purposes),
        "release": release.number if release else 0,
        "segments": _segments(release, visitor) if release else [],
        "looked_at": _looked_at(release, visitor) if release else [],
        "shown": _shown(site, visitor_id),
    }


def _segments(release: Release, visitor: Visitor) -> list[Document]:
    seen = permitted_view(visitor, visitor.purposes, release.catalogue)
    holding = release.matcher(seen.facts, clock.now())
    return [
        {
            "segment": key,
            "name": release.labels.get(key, key),
            "text": describe(release.conditions[key], release.labels, _),
        }
        for key in sorted(holding)
        if not key.startswith("rule:")
    ]


def _looked_at(release: Release, visitor: Visitor) -> list[str]:
    return sorted(permitted_view(visitor, visitor.purposes, release.catalogue).facts)


def _shown(site: Site, visitor_id: str) -> list[Document]:
    profile = find_profile(site.pk, visitor_id)
    if profile is None:
        return []
    rows = Exposure.objects.filter(profile=profile).order_by("-at")[:MOST_SHOWN]
    return [_row(row) for row in rows]


def _row(row: Exposure) -> Document:
    return {
        "at": clock.from_us(row.at).isoformat(),
        "slot": row.slot,
        "content": row.content or None,
        "reason": row.reason,
        "rule": row.rule or None,
        "experiment": row.experiment or None,
        "arm": row.arm or None,
        "items": json.loads(row.items) if row.items else [],
        "generated": row.draft is not None,
    }
