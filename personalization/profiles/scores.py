"""What the workers found out about visitors: written for those who allow it now, in batches.

In:  by the id of a profile, the scores of one visitor.
Out: the text that a page view reads, and the typed rows and columns that audiences are counted
     by, in one transaction. Whoever took a consent back meanwhile gets nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import orjson
from django.db import transaction

from personalization.govern.models import Site
from personalization.govern.purposes import granting, to_bits
from personalization.profiles.locking import in_lots
from personalization.profiles.models import Affinity, Profile, Score
from personalization.profiles.places import fill
from rules.consent import PROFILING
from rules.fields import BUILT_IN

NOTHING_FOUND: Final = "{}"
SCORED: Final = frozenset(n for n, f in BUILT_IN.fields.items() if f.purposes == PROFILING)
PLAIN_SCORES: Final = tuple(sorted(n for n in SCORED if BUILT_IN.fields[n].type != "list"))
ALLOWED: Final = granting(to_bits(PROFILING))


@dataclass(frozen=True, slots=True)
class Scores:
    """Of one visitor, by the names that conditions use; None is unknown.

    `affinity`: categories with their shares, the strongest first.
    """

    propensity_buy: float | None = None
    propensity_lapse: float | None = None
    rfm_recency: int | None = None
    rfm_frequency: int | None = None
    rfm_monetary: int | None = None
    favourite_category: str | None = None
    cluster: str | None = None
    affinity: tuple[tuple[str, float], ...] = ()

    def facts(self) -> dict[str, Any]:  # values of many types
        """What is known, as conditions read it."""
        plain = {name: getattr(self, name) for name in PLAIN_SCORES}
        known: dict[str, Any] = {name: value for name, value in plain.items() if value is not None}
        if self.affinity:
            known["affinity"] = [{"category": c, "score": score} for c, score in self.affinity]
        return known


def write_scores(site: Site, found: Mapping[int, Scores]) -> int:
    """Replace the scores of these visitors; how many of them still allow it."""
    written = 0
    for ids in in_lots(found):
        written += _write(site, {key: found[key] for key in ids})
    return written


def forget_other_scores(site: Site, found: Mapping[int, Scores]) -> int:
    """Take away what was known of everybody else; of how many."""
    scored = Profile.objects.filter(site=site).exclude(scores=NOTHING_FOUND)
    others = [key for key in scored.order_by("pk").values_list("pk", flat=True) if key not in found]
    for ids in in_lots(others):
        _forget(site, ids)
    return len(others)


@transaction.atomic
def _write(site: Site, found: Mapping[int, Scores]) -> int:
    """Locked in the order in which batches of events lock them."""
    rows = Profile.objects.filter(site=site, pk__in=found, purposes__in=ALLOWED).order_by("pk")
    allowing = list(rows.select_for_update(no_key=True).only("pk"))
    _delete_rows([row.pk for row in allowing])
    for row in allowing:
        row.scores = orjson.dumps(found[row.pk].facts()).decode()
    Profile.objects.bulk_update(allowing, ["scores"])
    Score.objects.bulk_create(_score(row, found[row.pk]) for row in allowing)
    Affinity.objects.bulk_create(
        Affinity(site=site, profile=row, category=category, score=score)
        for row in allowing
        for category, score in found[row.pk].affinity
    )
    fill(site.pk, [row.pk for row in allowing], PLAIN_SCORES)
    return len(allowing)


def _score(row: Profile, scores: Scores) -> Score:
    plain = {name: getattr(scores, name) for name in PLAIN_SCORES}
    return Score(site_id=row.site_id, profile=row, **plain)


@transaction.atomic
def _forget(site: Site, ids: list[int]) -> None:
    list(
        Profile.objects.filter(pk__in=ids).order_by("pk").select_for_update(no_key=True).only("pk")
    )
    _delete_rows(ids)
    Profile.objects.filter(pk__in=ids).update(scores=NOTHING_FOUND)
    fill(site.pk, ids, PLAIN_SCORES)


def _delete_rows(ids: list[int]) -> None:
    for model in (Score, Affinity):
        model._default_manager.filter(profile__in=ids).delete()
