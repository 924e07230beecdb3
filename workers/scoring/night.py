"""One night's work on the visitors of a site: learn, judge, score who allows it, take note.

In:  a site, a seed, now.
Out: scores in the rows of visitors, groups and judgements for people. Learnt from visitors who
     allow `training`; said only of those who allow `personalization` and `profiling_ai` now.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any, Final

from personalization import conf
from personalization.govern.models import Site
from personalization.learn.found_groups import Group, Night, note_night
from personalization.learn.models import FoundGroup, ScoringRun
from personalization.profiles.scores import Scores, forget_other_scores, write_scores
from personalization.report.group_words import name_of
from personalization.targeting.audience import exact_counts
from personalization.targeting.catalogue import site_catalogue
from rules import parse
from workers.scoring.reading import Read, read_deeds
from workers.training.affinity import leanings
from workers.training.clusters import Groups, find_groups
from workers.training.deeds import Deeds
from workers.training.group_conditions import differences, find_again
from workers.training.interactions import Column, NotEnoughData
from workers.training.outlooks import Outlooks, outlooks
from workers.training.portraits import Portraits, names_for, portraits
from workers.training.propensity import Chance, buys, lapses, learn_chance
from workers.training.rfm import rfm

FORETOLD: Final[Mapping[str, Callable[[Outlooks], Column]]] = {
    "propensity_buy": buys,
    "propensity_lapse": lapses,
}
OFFERED, WEAK, LITTLE = "offered", "weak", "little"  # states of a likelihood
Say = Callable[[str], None]
Found = dict[str, Any]  # JSON


@dataclass(frozen=True, slots=True)
class Report:
    """How a night ended. `sentence` is for a person at a terminal."""

    sentence: str
    run: ScoringRun


def score(site: Site, *, seed: int, now: datetime, say: Say) -> Report:
    """Too little data is an answer, not a failure: what cannot be told stays unknown."""
    read = read_deeds(site, now)
    say(f"{len(read.deeds):,} events of {len(read.profiles):,} visitors")
    days, at = int(conf.get("FORETOLD_DAYS")), now.timestamp()
    chances, judged = _chances(read.learning, at, days, seed)
    say("looking for groups of alike visitors")
    known, groups = _groups(site, read.audience, at, seed)
    say("scoring")
    scores = dict(_scores(read, chances, groups, at))
    written = write_scores(site, scores)
    forget_other_scores(site, scores)
    night = Night(
        at=now,
        visitors=written,
        days=days,
        chances=judged,
        middles=groups.kept() if groups else {},
        groups=_described(site, known, groups, now, seed),
    )
    return Report(_sentence(night), note_night(site, night))


def _chances(
    deeds: Deeds, now: float, days: int, seed: int
) -> tuple[dict[str, Chance], dict[str, Found]]:
    """What may be told of visitors, and how each likelihood was judged."""
    chances: dict[str, Chance] = {}
    judged: dict[str, Found] = {}
    for name, did in FORETOLD.items():
        try:
            chance, judgement = learn_chance(deeds, did, now=now, days=days, seed=seed)
        except NotEnoughData:
            judged[name] = {"state": LITTLE}
            continue
        judged[name] = {"state": OFFERED if judgement.is_useful else WEAK, **asdict(judgement)}
        if judgement.is_useful:
            chances[name] = chance
    return chances, judged


def _groups(site: Site, deeds: Deeds, now: float, seed: int) -> tuple[Portraits, Groups | None]:
    """Last night's groups, moved a little; others where those are clearly better."""
    known = _known(deeds, now, names_for(deeds))
    before = ScoringRun.objects.filter(site=site).values_list("middles", flat=True).first()
    taken = set(FoundGroup.objects.filter(site=site).values_list("key", flat=True))
    try:
        return known, find_groups(known, before=before or {}, taken=taken, seed=seed)
    except NotEnoughData:
        return known, None


def _known(deeds: Deeds, now: float, names: tuple[str, ...]) -> Portraits:
    return portraits(deeds, now=now, recent=int(conf.get("RECENT_EVENTS")), names=names)


def _scores(
    read: Read, chances: Mapping[str, Chance], groups: Groups | None, now: float
) -> Iterator[tuple[int, Scores]]:
    """By the id of the profile; of whom nothing can be told, nothing."""
    deeds = read.scoring
    lean = dict(leanings(deeds))
    told = _told(deeds, chances, now)
    fifths = rfm(deeds)
    kinds = _kinds(deeds, groups, now)
    for visitor in sorted(lean.keys() | told.keys() | kinds.keys()):
        affinity = lean.get(visitor, ())
        recency, frequency, monetary = (int(each) or None for each in fifths[visitor])
        yield (
            int(read.profiles[visitor]),
            Scores(
                **told.get(visitor, {}),
                rfm_recency=recency,
                rfm_frequency=frequency,
                rfm_monetary=monetary,
                favourite_category=affinity[0][0] if affinity else None,
                cluster=kinds.get(visitor),
                affinity=affinity,
            ),
        )


def _told(deeds: Deeds, chances: Mapping[str, Chance], now: float) -> dict[int, dict[str, float]]:
    """For each visitor who was around lately, their likelihoods in thousandths."""
    seen = outlooks(deeds, now, 1)
    said = {name: chance.of(seen.figures).round(3).tolist() for name, chance in chances.items()}
    return {
        int(visitor): {name: values[place] for name, values in said.items()}
        for place, visitor in enumerate(seen.visitors)
    }


def _kinds(deeds: Deeds, groups: Groups | None, now: float) -> dict[int, str]:
    if groups is None:
        return {}
    known = _known(deeds, now, groups.names)
    places = groups.of(known)
    return {int(v): groups.keys[n] for v, n in zip(known.visitors, places, strict=True)}


def _described(
    site: Site, known: Portraits, groups: Groups | None, now: datetime, seed: int
) -> list[Group]:
    """Each group with its condition, and how many visitors that one finds on the whole site."""
    if groups is None:
        return []
    places = groups.of(known)
    found = {
        key: (find_again(known, places == n, seed=seed), _apart(known, places == n))
        for n, key in enumerate(groups.keys)
    }
    catalogue = site_catalogue(site)
    conditions = {key: parse(again.condition, catalogue) for key, (again, _apart) in found.items()}
    counts = exact_counts(site, conditions, {}, now=now)
    return [
        Group(
            key=key,
            name=name_of(apart, site),
            condition=again.condition,
            differences=apart,
            precision=round(again.precision, 3),
            recall=round(again.recall, 3),
            visitors=counts[key],
            is_faithful=again.is_faithful,
        )
        for key, (again, apart) in found.items()
    ]


def _apart(known: Portraits, is_member: Column) -> list[tuple[str, float, float]]:
    found = differences(known, is_member)
    return [(each.of, each.here, each.everybody) for each in found]


def _sentence(night: Night) -> str:
    told = [name for name, found in night.chances.items() if found["state"] == OFFERED]
    offered = sum(group.is_faithful for group in night.groups)
    return (
        f"{night.visitors:,} visitors scored. Foretold: {', '.join(told) or 'nothing yet'}. "
        f"{offered} of {len(night.groups)} groups can be offered as segments."
    )
