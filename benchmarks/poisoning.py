"""How far fake visitors move one item into the lists of real ones, and what holds them back.

In:  shops by construction (`benchmarks.shops.turning`), in each an item that few like, and fake
     visitors, a twentieth of the real ones, who push it: as a crowd within one hour, as programs
     around the clock, and patiently, a row a day, beside popular items or beside any.
Out: a table: of the real visitors' lists of ten, the share that holds the item, on average and in
     the worst of the shops. Without the cap, who comes back to an item counts as another visitor.

    python -m benchmarks.poisoning
"""

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import numpy as np

from benchmarks.shops import DAY, Texts, turning_rows
from benchmarks.table import Figure, report
from personalization.learn.ranker import ArrayRanker
from workers.learning.audience import pasts_by_visitor
from workers.learning.choices import Choices, choose
from workers.learning.describing import describe_items
from workers.learning.measuring import lists_of
from workers.learning.study import Row, Study, make_study
from workers.training.interactions import Interactions

SEEDS = (1, 2, 3)  # a shop each
VISITORS, FAKES, ITEMS = 1000, 50, 300
EACH = 30  # rows of a fake visitor, a third of them on the item
MOST = 0.6  # percent of the lists, by attacks that can be told by their pattern
Attack = Callable[[int, str, list[str]], Iterator[Row]]


@dataclass(frozen=True, slots=True)
class Shop:
    """`target`: an item that few like. `choices`: made on the clean events."""

    texts: Texts
    rows: list[Row]
    target: str
    popular: list[str]
    choices: Choices
    seed: int

    @classmethod
    def open(cls, seed: int) -> "Shop":
        texts, rows = turning_rows(seed, visitors=VISITORS, items=ITEMS)
        study = make_study(texts, rows)
        counts = np.bincount(study.interactions.items, minlength=len(study.keys))
        order = [study.keys[item] for item in np.argsort(-counts, kind="stable")]
        features = describe_items(study.texts)
        choices = choose(
            study.interactions, features, seed=seed, memory=None, say=lambda _sentence: None
        )
        return cls(texts, rows, order[-len(order) // 10], order[:20], choices, seed)

    def exposure(self, study: Study) -> float:
        """Of the real visitors' lists of ten, the share that holds the target."""
        ranker = ArrayRanker.of(
            self.choices.fit(study.interactions, seed=self.seed), study.keys, self.choices.serving
        )
        real = pasts_by_visitor(make_study(self.texts, self.rows).interactions)
        seen = [frozenset(past.items.tolist()) for past in real.values()]
        lists = lists_of(ranker, list(real.values()), seen)
        position = study.keys.index(self.target)
        able = [found for found, had in zip(lists, seen, strict=True) if position not in had]
        return sum(position in found for found in able) / len(able)


def main() -> None:
    shops = [Shop.open(seed) for seed in SEEDS]
    clean = [shop.exposure(make_study(shop.texts, shop.rows)) for shop in shops]
    print("| attack | no cap, no filter | cap alone | cap and filter (the product) | left out |")
    print("|---|---|---|---|---|")
    print(f"| none | | {_figures(clean)} | | |", flush=True)
    worst: dict[bool, float] = {}
    for name, (attack, is_told) in ATTACKS.items():
        studies = [attacked(shop, attack) for shop in shops]
        sifted = [study.sifted() for study in studies]
        without = _exposures(shops, [uncapped(study) for study in studies])
        capped, product = _exposures(shops, studies), _exposures(shops, sifted)
        gone = sum((Counter(study.dropped) for study in sifted), Counter())
        words = ", ".join(f"{n:,} {what.replace('_', ' ')}" for what, n in gone.items())
        columns = " | ".join(_figures(each) for each in (without, capped, product))
        print(f"| {name} | {columns} | {words} |", flush=True)
        more = max(after - before for after, before in zip(product, clean, strict=True))
        worst[is_told] = max(worst.get(is_told, 0.0), 100 * more)
    report(
        [
            Figure("poisoning", "lists with a pushed item, % more: told", worst[True], most=MOST),
            Figure("poisoning", "lists with a pushed item, % more: patient", worst[False]),
        ]
    )


def _exposures(shops: list[Shop], studies: list[Study]) -> list[float]:
    return [shop.exposure(study) for shop, study in zip(shops, studies, strict=True)]


def _figures(shares: list[float]) -> str:
    return f"{sum(shares) / len(shares):.3f} (at most {max(shares):.3f})"


def attacked(shop: Shop, attack: Attack) -> Study:
    fakes = (row for fake in range(FAKES) for row in attack(fake, shop.target, shop.popular))
    rows = sorted([*shop.rows, *fakes], key=lambda row: row.at)
    return make_study(shop.texts, rows)


def uncapped(study: Study) -> Study:
    """Every further row of a visitor on the same item is another visitor's."""
    rows = study.interactions
    pairs = rows.visitors.astype(np.int64) * rows.n_items + rows.items
    order = np.argsort(pairs, kind="stable")
    starts = np.r_[True, np.diff(pairs[order]) != 0]
    places = np.empty(len(rows), np.int64)
    run = np.arange(len(rows))
    places[order] = run - np.maximum.accumulate(np.where(starts, run, 0))
    _, visitors = np.unique(rows.visitors + places * rows.n_visitors, return_inverse=True)
    counted = Interactions(
        visitors, rows.items, rows.at, rows.strengths, int(visitors.max()) + 1, rows.n_items
    )
    return replace(study, interactions=counted)


def crowd(fake: int, target: str, popular: list[str]) -> Iterator[Row]:
    """Newcomers of one hour: the item, and some of what everybody likes, to look alike."""
    for step, item in enumerate(_mixed(fake, target, popular)):
        yield Row(f"crowd {fake}", item, 10 * DAY + fake * 60 + step * 5, 1.0)


def patient(fake: int, target: str, popular: list[str]) -> Iterator[Row]:
    """One row a day, as people do: nothing tells them, and only the cap holds them."""
    for step, item in enumerate(_mixed(fake, target, popular)):
        yield Row(f"patient {fake}", item, step * DAY + fake * 60, 1.0)


def at_random(fake: int, target: str, popular: list[str]) -> Iterator[Row]:
    """Patient too, beside other items than popular ones: each fake has a taste of its own."""
    chance = np.random.default_rng(fake)
    for step in range(EACH):
        item = target if step % 3 == 1 else f"i{chance.integers(ITEMS)}"
        yield Row(f"random {fake}", item, step * DAY + fake * 60, 1.0)


def programs(fake: int, target: str, popular: list[str]) -> Iterator[Row]:
    """A row every quarter of an hour, day and night."""
    for lap in range(10):
        for step, item in enumerate(_mixed(fake, target, popular)):
            yield Row(f"program {fake}", item, 5 * DAY + (lap * EACH + step) * 900 + fake, 1.0)


def _mixed(fake: int, target: str, popular: list[str]) -> Iterator[str]:
    """Every third row the item; popular ones beside it, so that lists of many lead to it."""
    for step in range(EACH):
        yield target if step % 3 == 1 else popular[(fake + step) % len(popular)]


ATTACKS: dict[str, tuple[Attack, bool]] = {  # whether the pattern tells it
    "a crowd within an hour": (crowd, True),
    "programs around the clock": (programs, True),
    "patient, beside popular items": (patient, False),
    "patient, beside any items": (at_random, False),
}


if __name__ == "__main__":
    main()
