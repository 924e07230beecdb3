"""Whether lists tell that a visitor was in the training data: an attacker guesses by what is shown.

In:  a shop by construction, one half of whose visitors train the model; lists as pages show them
     (`rules.recommendations`). The attacker has a list, all that its visitor did, the catalogue and
     what is popular.
Out: a table of AUC: how often the attacker, given one of the trained and one of the others, tells
     which is which; .5 is guessing. Of several guesses the best one counts, chosen on a fifth of
     the visitors and judged on the rest.

    python -m benchmarks.membership
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import numpy as np

from benchmarks.shops import turning_rows
from benchmarks.table import Figure, report
from personalization.learn.ranker import POPULAR, ArrayRanker
from rules.consent import PROFILING
from rules.recommendations import FOR_YOU, suggest
from rules.types import Item, Learned, Request, Scored, Signal, SuggestionSpec, Visitor
from workers.learning.choices import choose
from workers.learning.describing import describe_items
from workers.learning.study import Row, make_study
from workers.training.interactions import Column

SEED = 1
VISITORS = 2000
NOW = datetime(2026, 11, 23, tzinfo=UTC)
TUNED = 0.2  # of the visitors, on whom the attacker chooses a guess
MOST = 0.55
TEN = SuggestionSpec(FOR_YOU, 10)
Lists = Sequence[Sequence[str]]


@dataclass(frozen=True, slots=True)
class Shop:
    """`histories`: what each visitor did, oldest first; `trained`: whose history made the model."""

    learned: Learned
    histories: list[list[str]]
    trained: Column

    @classmethod
    def open(cls) -> "Shop":
        texts, rows = turning_rows(SEED, visitors=VISITORS)
        histories: list[list[str]] = [[] for _ in range(VISITORS)]
        for row in sorted(rows, key=lambda row: row.at):
            histories[int(str(row.visitor))].append(row.item)
        trained = np.random.default_rng(SEED).permutation(VISITORS) < VISITORS // 2
        study = make_study(texts, sorted(_of(rows, trained), key=lambda row: row.at)).sifted()
        features = describe_items(study.texts)
        choices = choose(
            study.interactions, features, seed=SEED, memory=None, say=lambda _sentence: None
        )
        arrays = choices.fit(study.interactions, seed=SEED)
        ranker = ArrayRanker.of(arrays, study.keys, choices.serving)
        items = {key: Item(key, title=key, category=text.category) for key, text in texts.items()}
        likes = np.asarray(arrays[POPULAR])
        popular = [Scored(study.keys[n], float(likes[n])) for n in np.argsort(-likes)]
        return cls(Learned(1, items, tuple(popular), ranker=ranker), histories, trained)

    def shown(self, history: Sequence[str], *, hour: int = 0, profiled: bool = True) -> list[str]:
        """Ten items, as a page shows them to somebody who did this."""
        newest = list(reversed(history[-100:]))
        signals = tuple(
            Signal(item, "view", NOW - timedelta(days=age)) for age, item in enumerate(newest)
        )
        visitor = Visitor(purposes=PROFILING if profiled else frozenset(), signals=signals)
        request = Request((), NOW + timedelta(hours=hour))
        return [each.item.key for each in suggest(self.learned, TEN, visitor, request)]


def main() -> None:
    shop = Shop.open()
    alike = [shop.shown(history) for history in shop.histories]
    fixed = [each.item for each in shop.learned.popular[:10]]
    strangers = [
        mine if is_trained else fixed for mine, is_trained in zip(alike, shop.trained, strict=True)
    ]
    fallback = [
        shop.shown(history, hour=n % 24, profiled=False) for n, history in enumerate(shop.histories)
    ]
    print("| what lists show | AUC of the best guess | 95 % interval | the guess |")
    print("|---|---|---|---|")
    _row("others get one popular list (not the product)", guesses(shop, strangers), shop)
    served = _row("everybody by what they did (the product)", guesses(shop, alike), shop)
    varied = _row("who allows no predictions: the varied list", guesses(shop, fallback), shop)
    _row("half a history, replayed by somebody new", {"the other half": replayed(shop)}, shop)
    worst = max(served, varied)
    report([Figure("membership", "AUC of telling who trained the model", worst, most=MOST)])


def guesses(shop: Shop, lists: Lists) -> Mapping[str, Column]:
    """What an attacker may look at, a number a visitor."""
    ranks = {each.item: place for place, each in enumerate(shop.learned.popular)}
    category = {key: item.category for key, item in shop.learned.items.items()}
    pairs = list(zip(lists, shop.histories, strict=True))

    def near(found: Sequence[str], history: Sequence[str]) -> float:
        """The share of the list in the categories of the history, as often as they stand there."""
        own = [category[item] for item in history]
        return float(np.mean([own.count(category[item]) / len(own) for item in found]))

    return {
        "how popular": np.asarray([np.mean([ranks[item] for item in found]) for found in lists]),
        "how near to what they did": np.asarray([near(*pair) for pair in pairs]),
        "how much of it was seen": np.asarray(
            [len(set(found) & set(history)) for found, history in pairs], float
        ),
    }


def replayed(shop: Shop) -> Column:
    """How much of the hidden half of a history the lists of somebody with the other half hold."""
    found = []
    for history in shop.histories:
        shown, hidden = history[::2], set(history[1::2]) - set(history[::2])
        found.append(len(hidden & set(shop.shown(shown))) / max(1, len(hidden)))
    return np.asarray(found)


def auc(scores: Column, trained: Column) -> float:
    """The chance that one of the trained has the higher score; a tie counts half."""
    values, where = np.unique(scores, return_inverse=True)
    counts = np.bincount(where, minlength=len(values))
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[where]
    n, others = int(trained.sum()), int((~trained).sum())
    return float((ranks[trained].sum() - n * (n + 1) / 2) / (n * others))


def _row(what: str, found: Mapping[str, Column], shop: Shop) -> float:
    chosen = np.random.default_rng(SEED).random(VISITORS) < TUNED
    tried = {name: auc(scores[chosen], shop.trained[chosen]) for name, scores in found.items()}
    best = max(tried, key=lambda name: abs(tried[name] - 0.5))
    turned = 1.0 if tried[best] >= 0.5 else -1.0
    value = auc(turned * found[best][~chosen], shop.trained[~chosen])
    error = _error(value, int((~chosen).sum()) // 2)
    print(
        f"| {what} | {value:.3f} | {value - error:.3f} to {value + error:.3f} | {best} |",
        flush=True,
    )
    return value


def _error(value: float, each: int) -> float:
    """Half of a 95 % interval of an AUC (Hanley and McNeil, Radiology 1982)."""
    one, two = value / (2 - value), 2 * value**2 / (1 + value)
    spread = value * (1 - value) + (each - 1) * (one - value**2 + two - value**2)
    return float(1.96 * (max(0.0, spread) / each**2) ** 0.5)


def _of(rows: Sequence[Row], trained: Column) -> list[Row]:
    return [row for row in rows if trained[int(str(row.visitor))]]


if __name__ == "__main__":
    main()
