"""Shops to recommend in: one that was real, and three whose customers behave by construction.

Out: studies, as the product makes them of its own events.
"""

import csv
import gzip
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from personalization.learn.describing import ItemText
from workers.learning.study import Row, Study, make_study

ROOT = Path(__file__).parents[1]
SHARED = Path(os.environ.get("SHARED_DIR", ROOT / ".." / "shared"))
ONLINE_RETAIL = SHARED / "data" / "online-retail" / "online_retail.csv.gz"
DAY = 86_400.0
CAMPS = 40  # of a crowd's items
NOUNS = ("lamp", "chair", "tent", "boot", "kettle", "rug", "clock", "mug")
LOOKS = ("blue", "oak", "small", "tall", "striped", "woollen", "plain")
Texts = dict[str, ItemText]
Columns = tuple[np.ndarray, np.ndarray, np.ndarray]


def shops(seed: int) -> dict[str, Callable[[], Study]]:
    found = {
        "turning tastes": lambda: turning(seed),
        "steady tastes": lambda: steady(seed),
        "series": lambda: series(seed),
    }
    return {**found, "Online Retail": online_retail} if ONLINE_RETAIL.exists() else found


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
    return make_study(texts, rows).sifted()


def turning(seed: int, visitors: int = 3000, items: int = 300) -> Study:
    """Visitors with two tastes that change half way; items of a camp share a category."""
    return _study(*turning_rows(seed, visitors, items))


def turning_rows(
    seed: int, visitors: int = 3000, items: int = 300, camps: int = 8
) -> tuple[Texts, list[Row]]:
    chance = np.random.default_rng(seed)
    texts = _texts(items, camps)
    rows = []
    for visitor in range(visitors):
        tastes = chance.integers(0, camps, 2)
        for step in range(int(chance.integers(4, 30))):
            is_own = chance.random() < 0.8
            camp = int(tastes[int(step > 8)]) if is_own else int(chance.integers(camps))
            item = camp + camps * int((items // camps) * chance.random() ** 2)
            rows.append(Row(visitor, f"i{item}", step * DAY + visitor, 1.0))
    return texts, rows


def steady(seed: int, visitors: int = 2000, items: int = 600, size: int = 10) -> Study:
    """Tastes and items are points of a space; visitors take what lies near them, in no order."""
    chance = np.random.default_rng(seed)
    places = chance.normal(size=(items, size))
    appeal = chance.normal(size=items)
    texts = _texts(items, 12, np.argmax(places[:, :6], axis=1) * 2 + (places[:, 6] > 0))
    rows = []
    for visitor in range(visitors):
        wish = places @ chance.normal(size=size) * 0.9 + appeal + chance.gumbel(size=items)
        taken = np.argsort(-wish)[: int(chance.integers(8, 60))]
        for step, item in enumerate(chance.permutation(taken)):
            rows.append(Row(visitor, f"i{item}", step * DAY + visitor, 1.0))
    return _study(texts, rows)


def series(seed: int, visitors: int = 2500, items: int = 800) -> Study:
    """Most items have a successor: who reads part one goes on with part two."""
    chance = np.random.default_rng(seed)
    texts = _texts(items, 16, np.arange(items) // (items // 16))
    rows = []
    for visitor in range(visitors):
        item = int(items * chance.random() ** 2)
        for step in range(int(chance.integers(5, 25))):
            rows.append(Row(visitor, f"i{item}", step * DAY + visitor, 1.0))
            goes_on = chance.random() < 0.7
            item = (item + 1) % items if goes_on else int(items * chance.random() ** 2)
    return _study(texts, rows)


def crowd(size: int, seed: int, items: int = 4_000, of_a_visitor: int = 25) -> Columns:
    """Visitors, items, seconds of a year: everybody has two of 40 tastes, and takes the well-known
    items of each most."""
    chance = np.random.default_rng(seed)
    visitors = chance.integers(0, max(1, size // of_a_visitor), size)
    camp = (visitors * 7 + chance.integers(0, 2, size) * 11) % CAMPS
    touched = camp + CAMPS * (items // CAMPS * chance.random(size) ** 2).astype(np.int64)
    return visitors, touched, np.sort(chance.random(size) * 365 * DAY)


def crowd_items(items: int = 4_000) -> Texts:
    """What a crowd's items are called: those of a taste share a category and a noun."""
    return {
        str(n): ItemText(
            f"{LOOKS[n % len(LOOKS)]} {NOUNS[n % CAMPS % len(NOUNS)]} no. {n}",
            f"camp {n % CAMPS}",
            (LOOKS[n % 5],),
            float(n % 90),
        )
        for n in range(items)
    }


def _texts(items: int, camps: int, of: np.ndarray | None = None) -> Texts:
    camp = np.arange(items) % camps if of is None else of
    return {
        f"i{n}": ItemText(f"thing {n}", f"camp {camp[n]}", (), float(n % 50)) for n in range(items)
    }


def _study(texts: Texts, rows: list[Row]) -> Study:
    rows.sort(key=lambda row: row.at)
    return make_study(texts, rows).sifted()
