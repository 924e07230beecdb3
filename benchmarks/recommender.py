"""Recommenders against their floors: NDCG@10 of every member, and time per suggestion.

In:  a generated set, and Online Retail where the shared data is at hand.
Out: two tables. Quality is judged on each visitor's newest quarter, over the whole catalogue less
     what the visitor had; speed against the bare matrix product of the same run.

    python -m benchmarks.recommender
"""

import csv
import gzip
import os
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
from lightfm import LightFM
from scipy import sparse

from personalization.learn.ranker import VECTORS, ArrayRanker
from personalization.learn.serving import FoldIn, Recency, Serving
from rules.types import Signal
from workers.learning.audience import Audience
from workers.learning.choices import choose
from workers.learning.study import Row, Study, make_study
from workers.training.interactions import distinct
from workers.training.item_features import ItemText, describe_items
from workers.training.lightfm_hybrid import LightFMHybrid
from workers.training.split import Split, temporal

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("SHARED_DIR", ROOT / ".." / "shared"))
ONLINE_RETAIL = SHARED / "data" / "online-retail" / "online_retail.csv.gz"
SEED = 1


def main() -> None:
    print("| data | what ranks | NDCG@10 | of popularity |")
    print("|---|---|---|---|")
    compare("generated", generated())
    if ONLINE_RETAIL.exists():
        compare("Online Retail", online_retail())
    print()
    speed()


def compare(name: str, study: Study) -> None:
    """Every member alone, as the validation tail chose it, and the blend of all."""
    features = describe_items(study.texts)
    split = temporal(study.interactions, 0.25, seed=SEED)
    choices = choose(split.past, features, seed=SEED, memory=None, say=lambda _: None)
    ranker = ArrayRanker.of(choices.fit(split.past, seed=SEED), study.keys, choices.serving)
    audience = Audience.of(split, memory=None)
    scores = {
        member: audience.scores(found, choices.serving.recency.get(member, Recency()))
        for member, found in ranker.members.items()
        if member in choices.validation
    }
    figures = {member: audience.ndcg(found) for member, found in scores.items()}
    figures["LightFM, its own visitor vectors"] = own_vectors(choices.trainers, split, audience)
    figures["blend"] = audience.ndcg(
        sum(weight * scores[member] for member, weight in choices.serving.blend.items())
    )
    for member, ndcg in sorted(figures.items(), key=lambda pair: pair[1]):
        label = {VECTORS: "LightFM, recency fold-in"}.get(member, member)
        print(f"| {name} | {label} | {ndcg:.4f} | {ndcg / figures['popular']:.2f} |", flush=True)


def own_vectors(trainers: tuple[object, ...], split: Split, audience: Audience) -> float:
    """Plain LightFM: the visitors' vectors of training, which the product never keeps."""
    trainer = next(one for one in trainers if isinstance(one, LightFMHybrid))
    once = distinct(split.past)
    seen = np.bincount(once.items, minlength=once.n_items) > 0
    model = LightFM(trainer.size, loss="warp", learning_rate=trainer.rate, random_state=SEED)
    where = (once.visitors, (np.cumsum(seen) - 1)[once.items])
    pairs = sparse.coo_matrix(
        (np.ones(len(once), np.float32), where), shape=(once.n_visitors, int(seen.sum()))
    )
    model.fit(pairs, item_features=trainer.features.of_seen(seen), epochs=trainer.epochs)
    biases, vectors = model.get_item_representations(trainer.features.of_all(seen))
    _, visitors = model.get_user_representations()
    return audience.ndcg(visitors[list(audience.visitors)] @ vectors.T + biases)


def generated(visitors: int = 3000, items: int = 300, camps: int = 8) -> Study:
    """Visitors with two tastes that change half way; items of a camp share a category."""
    chance = np.random.default_rng(SEED)
    texts = {
        f"i{n}": ItemText(f"thing {n}", f"camp {n % camps}", (), float(n % 50))
        for n in range(items)
    }
    rows = []
    for visitor in range(visitors):
        tastes = chance.integers(0, camps, 2)
        for step in range(int(chance.integers(4, 30))):
            camp = (
                int(tastes[int(step > 8)]) if chance.random() < 0.8 else int(chance.integers(camps))
            )
            item = camp + camps * int((items // camps) * chance.random() ** 2)
            rows.append(Row(visitor, f"i{item}", float(step * 86_400 + visitor), 1.0))
    rows.sort(key=lambda row: row.at)
    return make_study(texts, rows)


def online_retail() -> Study:
    """Sales to known customers; cancellations, fee lines and prices of zero are left out."""
    rows, texts = [], {}
    with gzip.open(ONLINE_RETAIL, "rt", encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            code, price = row["StockCode"], float(row["UnitPrice"])
            if row["CustomerID"] and int(row["Quantity"]) > 0 and price > 0 and code[:5].isdigit():
                at = datetime.fromisoformat(row["InvoiceDate"]).replace(tzinfo=UTC).timestamp()
                rows.append(Row(row["CustomerID"], code, at, 4.0))
                texts.setdefault(code, ItemText(row["Description"], price=price))
    rows.sort(key=lambda row: row.at)
    return make_study(texts, rows)


def speed(items: int = 50_000, size: int = 64, rounds: int = 200) -> None:
    chance = np.random.default_rng(SEED)
    vectors = chance.normal(size=(items, size)).astype(np.float32)
    keys = [f"i{n}" for n in range(items)]
    serving = Serving({VECTORS: 1.0}, {VECTORS: Recency(14, 20)}, FoldIn(10.0))
    arrays = {"vectors": vectors, "biases": np.zeros(items, np.float32)}
    ranker = ArrayRanker.of(arrays, keys, serving)
    now = datetime(2026, 11, 23, tzinfo=UTC)
    signals = [Signal(f"i{n * 37}", "view", now - timedelta(hours=n)) for n in range(50)]
    floor = median(lambda: vectors @ vectors[0], rounds)
    whole = median(lambda: ranker.for_visitor(signals, now, 12, frozenset()), rounds)
    print("| 50,000 items x 64, 50 signals | ms | of the product |")
    print("|---|---|---|")
    print(f"| matrix product | {floor:.2f} | 1.00 |")
    print(f"| fold-in, scores, best 12 | {whole:.2f} | {whole / floor:.2f} |")


def median(work: Callable[[], object], rounds: int) -> float:
    """Milliseconds."""
    return statistics.median(_timed(work) for _ in range(rounds))


def _timed(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return (time.perf_counter() - started) * 1000


if __name__ == "__main__":
    main()
