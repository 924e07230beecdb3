"""How items that nobody touched yet are ordered: learnt on items that are hidden for it.

In:  a past, the families that know items by their metadata: vectors and content.
Out: weights by member and a fold-in, the best over all items: each is hidden once, a fifth at a
     time, and the visitors judge whose list holds some of the hidden ones.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from personalization.learn.history import Past, columns
from personalization.learn.members import Member, Vectors
from personalization.learn.ranker import CONTENT, DESCRIBED, NEW, VECTORS, read_members
from personalization.learn.serving import FoldIn, Recency, Serving
from workers.learning.audience import Audience, pasts_by_visitor
from workers.learning.batches import standardised
from workers.training.interactions import Column, Interactions, sampled
from workers.training.trainer import Trainer

PARTS = 5  # by a single draw of hidden items chance chooses: another draw, another form
MOST_EVENTS = 200_000  # of more, those of visitors drawn by chance: five fits cost what one did
MOST_JUDGES = 1000  # of a part
FEWEST_JUDGES = 50  # of all
CELLS = 4_000_000  # scores held at once
FOLD_INS = tuple(
    FoldIn(ridge, unseen, bias)
    for ridge in (30.0, 10.0, 100.0)
    for unseen in (0.1, 0.01, 1.0)
    for bias in (0.0, 0.1, 0.3)
)
SHARES = (0.0, 0.25, 0.5, 1.0, 2.0)  # of the content beside the vectors


@dataclass(frozen=True, slots=True)
class Cold:
    """`weights` by member; `fold_in` of the vectors where they stand for new items (`NEW`)."""

    weights: Mapping[str, float]
    fold_in: FoldIn = FOLD_INS[0]


FORMS = (
    *(Cold({NEW: 1.0, DESCRIBED: share}, fold_in) for fold_in in FOLD_INS for share in SHARES),
    Cold({DESCRIBED: 1.0}),
)


@dataclass(frozen=True, slots=True)
class Part:
    """`hidden`: a mask over the items; `rest`: the events of the others.

    `pasts`: what the judges did among those; `audience`: of the hidden items alone, numbered anew.
    """

    hidden: Column
    rest: Interactions
    pasts: tuple[Past, ...]
    audience: Audience


def learn_cold(past: Interactions, trainers: Mapping[str, Trainer], *, seed: int) -> Cold:
    """Without vectors, content alone; with too few to judge by, both alike."""
    if VECTORS not in trainers:
        return Cold({DESCRIBED: 1.0})
    parts = list(_parts(sampled(past, MOST_EVENTS, seed=seed), seed))
    if sum(len(part.pasts) for part in parts) < FEWEST_JUDGES:
        return Cold({NEW: 1.0, DESCRIBED: 1.0})
    judged = [_judged(part, trainers, seed) for part in parts if part.pasts]
    best = FORMS[int(np.concatenate(judged, axis=1).mean(axis=1).argmax())]
    return Cold({name: weight for name, weight in best.weights.items() if weight}, best.fold_in)


def _parts(past: Interactions, seed: int) -> Iterator[Part]:
    """Of the items with events, by chance; each is hidden in one part."""
    touched = np.unique(past.items)
    for chosen in np.array_split(np.random.default_rng(seed).permutation(touched), PARTS):
        hidden: Column = np.zeros(past.n_items, bool)
        hidden[chosen] = True
        yield _part(past, hidden)


def _part(past: Interactions, hidden: Column) -> Part:
    rest = past.rows(~hidden[past.items])
    known, turned_to = pasts_by_visitor(rest), past.rows(hidden[past.items])
    numbers = np.cumsum(hidden) - 1
    right: dict[int, set[int]] = {}
    for visitor, item in zip(turned_to.visitors, numbers[turned_to.items], strict=True):
        right.setdefault(int(visitor), set()).add(int(item))
    most = max(FEWEST_JUDGES, min(MOST_JUDGES, CELLS // past.n_items))
    judges = sorted(known.keys() & right.keys())[-most:]
    audience = Audience(
        tuple(judges),
        (columns((), (), ()),) * len(judges),
        tuple(frozenset(right[judge]) for judge in judges),
        int(hidden.sum()),
    )
    return Part(hidden, rest, tuple(known[judge] for judge in judges), audience)


def _judged(part: Part, trainers: Mapping[str, Trainer], seed: int) -> Column:
    """NDCG@10 among the hidden items alone: forms by judges."""
    arrays: dict[str, Column] = {}
    for name in (VECTORS, CONTENT):
        arrays.update(trainers[name].fit(part.rest, seed=seed))
    described = _among(read_members(arrays, Serving())[DESCRIBED], part)
    found = []
    for fold_in in FOLD_INS:
        near = _among(Vectors.of(arrays[VECTORS], arrays["biases"], fold_in), part)
        mixed = (near + np.float32(share) * described for share in SHARES)
        found += [part.audience.ndcgs(scores) for scores in mixed]
    return np.stack([*found, part.audience.ndcgs(described)])


def _among(member: Member, part: Part) -> Column:
    """The whole past counts alike: what is like a new item was mostly touched long ago."""
    return standardised(member, part.pasts, Recency(), len(part.hidden))[:, part.hidden]
