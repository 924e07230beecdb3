"""Groups of alike visitors, which keep their names from night to night.

In:  portraits, the middles of last night's groups, a seed.
Out: groups with their middles; whoever is nearest to a middle belongs to its group.

k-means on scaled figures, as many groups as the silhouette finds clearest. Last night's middles are
where it starts; another number of groups must be clearly better to be taken.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from itertools import count
from typing import Final

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import pairwise_distances, pairwise_distances_argmin, silhouette_score
from threadpoolctl import threadpool_limits

from workers.training.interactions import Column, NotEnoughData
from workers.training.portraits import Portraits, Scale

FEWEST_VISITORS: Final = 200
SMALLEST: Final = 50  # visitors in a group that may be told of
SIZES: Final = range(3, 10)
LEARNT_FROM, JUDGED_BY = 20_000, 2_000  # visitors at most
LOYALTY: Final = 0.03  # by how much a silhouette must be better for last night's groups to go
NEAR: Final = 1.0  # scaled distance within which a middle is the one of last night
Middles = Mapping[str, Mapping[str, float]]  # group -> figure -> value, as `Portraits.calm`


@dataclass(frozen=True, slots=True)
class Groups:
    """`middles`: one row a key, in scaled figures. `clarity`: the silhouette, from -1 to 1."""

    keys: tuple[str, ...]
    names: tuple[str, ...]
    middles: Column
    scale: Scale
    clarity: float

    def of(self, known: Portraits) -> Column:
        """For each visitor the position of their group's key."""
        found: Column = pairwise_distances_argmin(self.scale.apply(known.calm()), self.middles)
        return found

    def kept(self) -> dict[str, dict[str, float]]:
        """What tomorrow night starts from."""
        calm = self.middles / self.scale.factors + self.scale.means
        return {
            key: {name: round(float(v), 4) for name, v in zip(self.names, row, strict=True)}
            for key, row in zip(self.keys, calm, strict=True)
        }


def find_groups(known: Portraits, *, before: Middles, taken: Collection[str], seed: int) -> Groups:
    """`before`: last night's. `taken`: names of groups that ever were; none is given twice."""
    if len(known.visitors) < FEWEST_VISITORS:
        have = len(known.visitors)
        raise NotEnoughData(f"{have} visitors known well enough; {FEWEST_VISITORS} are needed")
    chance = np.random.default_rng(seed)
    order = chance.permutation(len(known.visitors))
    sample = known.rows(np.sort(order[:LEARNT_FROM]))
    scale = Scale.of(sample)
    points = scale.apply(sample.calm())
    if len(np.unique(points, axis=0)) < max(SIZES):
        raise NotEnoughData("visitors are too much alike to tell groups of them")
    placed = _placed(before, sample.names, scale)
    with threadpool_limits(1):
        middles, clarity, are_new = _clearest(points, placed, seed)
    keys = _named(middles, placed, tuple(before), taken) if are_new else tuple(before)
    sizes = np.bincount(pairwise_distances_argmin(points, middles), minlength=len(middles))
    is_large = sizes * (len(known.visitors) / len(points)) >= SMALLEST
    if is_large.sum() < 2:
        raise NotEnoughData("visitors are too much alike to tell groups of them")
    large = tuple(key for key, keep in zip(keys, is_large, strict=True) if keep)
    return Groups(large, sample.names, middles[is_large], scale, clarity)


def _clearest(points: Column, before: Column, seed: int) -> tuple[Column, float, bool]:
    """Middles, their clarity, and whether they are others than last night's, moved a little."""
    found = [KMeans(n, n_init=4, random_state=seed).fit(points) for n in SIZES]
    clarity, best = max(
        ((_clarity(points, each, seed), each) for each in found), key=lambda pair: pair[0]
    )
    if len(before) > 1:
        moved = KMeans(len(before), init=before, n_init=1, random_state=seed).fit(points)
        still = _clarity(points, moved, seed)
        if still >= clarity - LOYALTY:
            return moved.cluster_centers_, still, False
    return best.cluster_centers_, clarity, True


def _clarity(points: Column, found: KMeans, seed: int) -> float:
    if len(np.unique(found.labels_)) < 2:
        return -1.0
    most = min(JUDGED_BY, len(points))
    return float(silhouette_score(points, found.labels_, sample_size=most, random_state=seed))


def _placed(before: Middles, names: tuple[str, ...], scale: Scale) -> Column:
    """Last night's middles in tonight's scaled figures; a figure that is new stands in the mean."""
    calm = [
        [middle.get(name, mean) for name, mean in zip(names, scale.means, strict=True)]
        for middle in before.values()
    ]
    return scale.apply(np.asarray(calm).reshape(-1, len(names)))


def _named(
    middles: Column, before: Column, names: tuple[str, ...], taken: Collection[str]
) -> tuple[str, ...]:
    """The name of last night's group that is nearest, else a name that nobody ever had."""
    fresh = _fresh_names(taken)
    known: dict[int, str] = {}
    if len(before):
        far = pairwise_distances(middles, before)
        pairs = zip(*linear_sum_assignment(far), strict=True)
        known = {int(here): names[there] for here, there in pairs if far[here, there] <= NEAR}
    return tuple(known.get(place) or next(fresh) for place in range(len(middles)))


def _fresh_names(taken: Collection[str]) -> Iterator[str]:
    return (name for name in (f"g{number}" for number in count(1)) if name not in taken)
