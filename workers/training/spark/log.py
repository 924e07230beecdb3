"""The events of one run as Spark holds them: numbered, capped, split; and a sample of them here.

The rules are those of `Interactions`: rows have an order, a visitor counts once for an item.
"""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession, Window
from pyspark.sql import functions as sql

from workers.training.interactions import Column as Array
from workers.training.interactions import Interactions, NotEnoughData
from workers.training.split import Split

ROWS_OF_A_PART: Final = 250_000
COLUMNS: Final = ("visitor", "item", "at", "strength")


@dataclass(frozen=True)
class Log:
    """`rows`: place (their order), pseudonym, visitor, item, at (seconds), strength.

    `parts`: in how many its work is divided.
    """

    rows: DataFrame
    n_items: int
    parts: int

    @classmethod
    def read(cls, spark: SparkSession, path: Path, n_items: int) -> "Log":
        """Visitors get numbers in the order in which they first appear.

        One task gives the numbers out: two whole numbers a visitor, which spill.
        """
        found = spark.read.parquet(str(path)).withColumnRenamed("visitor", "pseudonym")
        parts = 2 + found.count() // ROWS_OF_A_PART  # of the data alone: the same plan every time
        spark.conf.set("spark.sql.shuffle.partitions", str(parts))
        firsts = found.groupBy("pseudonym").agg(sql.min("place").alias("first"))
        number = (sql.row_number().over(Window.orderBy("first")) - 1).alias("visitor")
        numbers = firsts.select("pseudonym", number)
        rows = found.join(numbers, "pseudonym").select("place", "pseudonym", *COLUMNS)
        return cls(kept(rows), n_items, parts)

    def require(self, pairs: int) -> None:
        """Refuse to learn from fewer rows than `pairs`."""
        if self.counts["events"] < pairs:
            raise NotEnoughData(f"{self.counts['events']} usable events; at least {pairs} needed")

    @cached_property
    def counts(self) -> dict[str, int]:
        found = self.rows.agg(
            sql.count("*").alias("events"),
            sql.countDistinct("visitor").alias("visitors"),
            sql.countDistinct("item").alias("items_with_events"),
        )
        return {**found.collect()[0].asDict(), "items": self.n_items}

    @cached_property
    def until(self) -> float:
        """When the newest event was."""
        return float(self.rows.agg(sql.max("at")).collect()[0][0])

    @cached_property
    def once(self) -> DataFrame:
        """Each visitor and item once, at the newest row, with the strength of the strongest."""
        found = self.rows.groupBy("visitor", "item").agg(
            sql.max(sql.struct("place", "at")).alias("newest"),
            sql.max("strength").alias("strength"),
        )
        return kept(found.select("visitor", "item", "newest.place", "newest.at", "strength"))

    def visitors_by_item(self) -> Array:
        found = self.once.groupBy("item").count().toArrow()
        counts = np.zeros(self.n_items, np.int64)
        counts[found["item"].to_numpy()] = found["count"].to_numpy()
        return counts

    def split(self, share: float, *, seed: int, least: int = 4) -> tuple["Log", "Log"]:
        """The past and the future of `split.temporal`; ties of time are broken by a hash."""
        of_one = Window.partitionBy("visitor")
        newest = of_one.orderBy(sql.desc("at"), sql.desc(_chance(seed, "place")), sql.desc("place"))
        count = sql.count("*").over(of_one)
        tail = sql.when(count >= least, sql.ceil(count * share)).otherwise(0)
        rows = kept(self.rows.withColumn("is_future", sql.row_number().over(newest) <= tail))
        past, future = rows.where("not is_future"), rows.where("is_future")
        return replace(self, rows=past), replace(self, rows=future)


@dataclass(frozen=True, slots=True)
class Sample:
    """Some visitors' rows in this process, under numbers of their own; `pseudonyms` by number."""

    split: Split
    pseudonyms: tuple[int, ...]


def sample(past: Log, future: Log, most: int, *, seed: int) -> Sample:
    """Of those with a future at most `most` visitors, drawn by a hash."""
    drawn = future.rows.select("visitor", "pseudonym").distinct()
    drawn = drawn.orderBy(_chance(seed, "visitor"), "visitor").limit(most)
    found = drawn.toArrow().sort_by("visitor")
    numbers = found["visitor"].to_numpy()
    whole = sql.broadcast(drawn.select("visitor"))
    here = [_here(log.rows.join(whole, "visitor"), numbers, log.n_items) for log in (past, future)]
    return Sample(Split(*here), tuple(found["pseudonym"].to_pylist()))


def _here(rows: DataFrame, numbers: Array, n_items: int) -> Interactions:
    found = rows.select("place", *COLUMNS).toArrow()
    order = np.argsort(found["place"].to_numpy())
    visitors, items, at, strengths = (found[name].to_numpy()[order] for name in COLUMNS)
    places = np.searchsorted(numbers, visitors)
    return Interactions(places, items.astype(np.int64), at, strengths, len(numbers), n_items)


def _chance(seed: int, column: str) -> Column:
    return sql.xxhash64(sql.lit(seed), sql.col(column))


def kept(rows: DataFrame) -> DataFrame:
    """On disk, since it may be more than memory holds; gone when the session ends."""
    return rows.persist(StorageLevel.DISK_ONLY)
