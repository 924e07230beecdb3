"""The product's recommender beside single ones: quality with intervals, new items, new visitors.

In:  shops (`benchmarks.shops`); each visitor's newest quarter is held out, the whole catalogue less
     what the visitor had is ranked. Peers are tuned on the same validation tail as the product.
Out: tables in Markdown; speed against the bare matrix product of the same run.

    make bench-recommender        (python -m benchmarks.recommender [SHOP ... | speed])
"""

import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import product

import numpy as np

from benchmarks.peers import forms
from benchmarks.shops import shops
from benchmarks.table import Figure, report
from personalization.learn.history import Past
from personalization.learn.ranker import VECTORS, ArrayRanker
from personalization.learn.serving import FoldIn, Recency, Serving
from rules.types import Signal
from workers.learning.audience import Audience
from workers.learning.batches import CELLS, blended
from workers.learning.choices import Choices, choose
from workers.learning.describing import describe_items
from workers.learning.search import OF_FOLD_IN
from workers.learning.study import Study
from workers.training.interactions import Column, Interactions
from workers.training.item_features import ItemFeatures
from workers.training.metrics import interval
from workers.training.popularity import Popularity
from workers.training.split import Split, temporal

SEED = 1
TEST, VALIDATION = 0.25, 0.2
HIDDEN = 0.2  # of the items, or of the visitors, that training does not see
FIRST = 3  # events of a new visitor
WIDE = 64


@dataclass(frozen=True, slots=True)
class Crowd:
    """Visitors who had `had` of the items, each or on average."""

    items: int
    had: int
    alike: bool = True

    def __str__(self) -> str:
        return f"{self.had} of {self.items:,} {'each' if self.alike else 'on average'}"


CROWDS = (
    *(Crowd(items, had) for items in (1_000, 4_000) for had in (10, 25, 50)),
    Crowd(4_000, 25, alike=False),
    *(Crowd(50_000, had) for had in (10, 50)),
)
FOLD_INS = (
    FoldIn(10.0, 0.1),
    FoldIn(10.0, 0.01),
    FoldIn(OF_FOLD_IN["ridge"][0], OF_FOLD_IN["unseen"][0]),  # the weakest that may be tried
)


def main(names: list[str]) -> None:
    if names != ["speed"]:
        quality(names)
    speed()


def quality(names: list[str]) -> None:
    chosen = {name: make for name, make in shops(SEED).items() if not names or name in names}
    studies = {name: make() for name, make in chosen.items()}
    print("| shop | what ranks | NDCG@10 | 95 % interval | of the best peer |")
    print("|---|---|---|---|---|")
    for name, study in studies.items():
        compare(name, study)
    print("\n| shop | new items among themselves | NDCG@10 | 95 % interval |\n|---|---|---|---|")
    for name, study in studies.items():
        new_items(name, study)
    print(f"\n| shop | new visitors after {FIRST} events | NDCG@10 | 95 % interval |")
    print("|---|---|---|---|")
    for name, study in studies.items():
        new_visitors(name, study)
    print()


def fitted(
    past: Interactions, features: ItemFeatures, keys: tuple[str, ...]
) -> tuple[Choices, ArrayRanker]:
    """Exactly what `train` and `evaluate` do."""
    choices = choose(past, features, seed=SEED, memory=None, say=lambda _: None)
    return choices, ArrayRanker.of(choices.fit(past, seed=SEED), keys, choices.serving)


def scored(ranker: ArrayRanker, pasts: tuple[Past, ...]) -> Column:
    return np.concatenate(list(blended(ranker, pasts)))


def compare(name: str, study: Study) -> None:
    features = describe_items(study.texts)
    split = temporal(study.interactions, TEST, seed=SEED)
    audience = Audience.of(split, memory=None)
    tail = temporal(split.past, VALIDATION, seed=SEED)
    judges = Audience.of(tail, memory=None)
    found: dict[str, Column] = {}
    for peer, offered in forms(features, SEED).items():
        tried = [(judges.ndcg(scores(tail.past, judges)), form) for form, scores in offered]
        best = max(range(len(tried)), key=lambda n: tried[n][0])
        label = f"{peer} ({tried[best][1]})"
        found[label] = audience.ndcgs(offered[best][1](split.past, audience))
    best_peer = max(found, key=lambda each: float(found[each].mean()))
    _choices, ranker = fitted(split.past, features, study.keys)
    found["**the product**"] = audience.ndcgs(scored(ranker, audience.pasts))
    for label, rows in sorted(found.items(), key=lambda pair: float(pair[1].mean())):
        ratio = float(rows.mean() / found[best_peer].mean())
        print(f"| {name} | {label} | {_figures(rows)} | {ratio:.2f} |", flush=True)
    low, high = _ratio_interval(found["**the product**"], found[best_peer])
    print(f"| {name} | of the best peer, paired | | | {low:.2f} to {high:.2f} |", flush=True)
    ratio = float(found["**the product**"].mean() / found[best_peer].mean())
    least = 1.1 if name == "Online Retail" else 1.0
    report([Figure("recommender", f"{name}: NDCG@10, of the best peer", ratio, least=least)])


def _ratio_interval(mine: Column, theirs: Column) -> tuple[float, float]:
    """95 % of the ratios of means over visitors drawn anew (bootstrap, 1,000 times)."""
    chance = np.random.default_rng(SEED)
    drawn = chance.integers(0, len(mine), (1000, len(mine)))
    ratios = mine[drawn].mean(axis=1) / theirs[drawn].mean(axis=1)
    low, high = np.quantile(ratios, [0.025, 0.975])
    return float(low), float(high)


def new_items(name: str, study: Study) -> None:
    """A fifth of the items was never seen in training; they are ranked among themselves."""
    features, chance = describe_items(study.texts), np.random.default_rng(SEED)
    n_items = len(study.keys)
    hidden = np.zeros(n_items, bool)
    hidden[chance.permutation(n_items)[: int(HIDDEN * n_items)]] = True
    rows = study.interactions
    warm, cold = rows.rows(~hidden[rows.items]), rows.rows(hidden[rows.items])
    audience = Audience.of(Split(warm, cold), memory=None)
    choices, ranker = fitted(warm, features, study.keys)
    epochs = next((t.epochs for t in choices.trainers if t.name == VECTORS), 15)  # type: ignore[attr-defined]
    found = {
        "by chance": chance.random((len(audience), n_items)),
        "LightFM, ids and metadata": _hybrid(features, warm, hidden, audience, epochs),
        "**the product**": scored(ranker, audience.pasts),
    }
    for label, scores in found.items():
        rows = audience.ndcgs(_among(hidden, scores))
        print(f"| {name} | {label} | {_figures(rows)} |", flush=True)


def _among(hidden: Column, scores: Column) -> Column:
    """The hidden items' places from below; equals in the order of the catalogue, for everybody."""
    order = np.argsort(-scores[:, hidden], axis=1, kind="stable")
    places: Column = np.full(scores.shape, -np.inf)
    places[:, hidden] = -np.argsort(order, axis=1)
    return places


def _hybrid(
    features: ItemFeatures, warm: Interactions, hidden: Column, audience: Audience, epochs: int
) -> Column:
    """Its own visitors' vectors, and the hidden items by their metadata alone."""
    from lightfm import LightFM
    from scipy import sparse

    from workers.training.interactions import distinct

    once = distinct(warm)
    seen = np.bincount(once.items, minlength=once.n_items) > 0
    where = (once.visitors, (np.cumsum(seen) - 1)[once.items])
    shape = (once.n_visitors, int(seen.sum()))
    pairs = sparse.coo_matrix((np.ones(len(once), np.float32), where), shape=shape)
    model = LightFM(64, loss="warp", learning_rate=0.05, random_state=SEED)
    model.fit(pairs, item_features=features.of_seen(seen), epochs=epochs)
    biases, vectors = model.get_item_representations(features.of_all(seen & ~hidden))
    _, visitors = model.get_user_representations()
    return visitors[list(audience.visitors)] @ vectors.T + biases


def new_visitors(name: str, study: Study) -> None:
    """A fifth of the visitors was never seen in training; their first events are all we know."""
    features, rows = describe_items(study.texts), study.interactions
    chance = np.random.default_rng(SEED)
    new = np.zeros(rows.n_visitors, bool)
    new[chance.permutation(rows.n_visitors)[: int(HIDDEN * rows.n_visitors)]] = True
    known, others = rows.rows(~new[rows.visitors]), rows.rows(new[rows.visitors])
    order = np.argsort(others.visitors, kind="stable")
    counts = np.bincount(others.visitors, minlength=rows.n_visitors)
    places = np.empty(len(others), np.int64)
    starts = np.cumsum(counts) - counts
    places[order] = np.arange(len(others)) - np.repeat(starts, counts)
    audience = Audience.of(
        Split(others.rows(places < FIRST), others.rows(places >= FIRST)), memory=None
    )
    _choices, ranker = fitted(known, features, study.keys)
    popular = Popularity().fit(known, seed=SEED)["popular"]
    plain = audience.ndcgs(np.tile(popular, (len(audience), 1)))
    mine = audience.ndcgs(scored(ranker, audience.pasts))
    print(f"| {name} | popularity | {_figures(plain)} |")
    print(f"| {name} | **the product** | {_figures(mine)} |", flush=True)
    ratio = float(mine.mean() / plain.mean())
    report([Figure("recommender", f"{name}: new visitors, of popularity", ratio, least=1.25)])


def _figures(rows: Column) -> str:
    low, high = interval(rows)
    return f"{rows.mean():.4f} | {low:.4f} to {high:.4f}"


def speed(items: int = 50_000, rounds: int = 200) -> None:
    chance = np.random.default_rng(SEED)
    ranker, vectors = _of_vectors(items, FOLD_INS[0], chance)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    signals = [Signal(f"i{n * 37}", "view", now - timedelta(hours=n)) for n in range(50)]
    floor = median(lambda: vectors @ vectors[0], rounds)
    whole = median(lambda: ranker.for_visitor(signals, now, 12, frozenset()), rounds)
    what = "one visitor's 12 of 50,000 items, of the product"
    figures = [Figure("recommender", what, whole / floor)]
    for fold_in, crowd in product(FOLD_INS, CROWDS):
        ratio = _all_visitors(crowd, fold_in, chance, rounds=max(5, rounds // 20))
        what = f"everybody's scores, {fold_in.ridge:g}/{fold_in.unseen:g}, {crowd}"
        figures.append(Figure("recommender", what, ratio, most=2.5))
    report(figures)


def _of_vectors(
    items: int, fold_in: FoldIn, chance: np.random.Generator
) -> tuple[ArrayRanker, Column]:
    vectors = chance.normal(size=(items, WIDE)).astype(np.float32)
    serving = Serving({VECTORS: 1.0}, {VECTORS: Recency(14, 20)}, {VECTORS: fold_in})
    arrays = {"vectors": vectors, "biases": np.zeros(items, np.float32)}
    return ArrayRanker.of(arrays, [f"i{n}" for n in range(items)], serving), vectors


def _all_visitors(crowd: Crowd, fold_in: FoldIn, chance: np.random.Generator, rounds: int) -> float:
    """Fold-in and standardised scores, of the matrix product that they contain."""
    ranker, vectors = _of_vectors(crowd.items, fold_in, chance)
    step = CELLS // crowd.items
    pasts = [_past(crowd, chance) for _ in range(5 * step)]
    tastes = chance.normal(size=(len(pasts), WIDE)).astype(np.float32)

    def bare() -> None:
        for first in range(0, len(tastes), step):
            tastes[first : first + step] @ vectors.T

    def scores() -> None:
        for _chunk in blended(ranker, pasts):
            pass

    pairs = [(_timed(scores), _timed(bare)) for _ in range(rounds)]
    return statistics.median(mine / least for mine, least in pairs)


def _past(crowd: Crowd, chance: np.random.Generator) -> Past:
    drawn = crowd.had if crowd.alike else int(chance.geometric(1 / crowd.had))
    length = min(drawn, crowd.items)
    return Past(
        chance.choice(crowd.items, length, replace=False),
        np.ones(length, np.float32),
        np.sort(chance.random(length) * 60).astype(np.float32),
    )


def median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds of this processor: what else the machine does, it does not count."""
    return statistics.median(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return (time.process_time() - started) * 1000


if __name__ == "__main__":
    main(sys.argv[1:])
