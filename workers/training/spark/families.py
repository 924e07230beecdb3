"""The families on Spark: forms of the local trainers, learnt from a log.

In:  a form, a log, a seed.
Out: the arrays of the local trainer of that form, within the bounds in docs/recommender.md.
"""

from dataclasses import dataclass
from functools import singledispatch
from typing import Final

import numpy as np
from pyarrow import Table
from pyspark.ml.recommendation import ALS
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as sql

from workers.training import interactions
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.nearest import DAY, Nearest, Together
from workers.training.popularity import Popularity
from workers.training.spark.log import Log
from workers.training.spark.pairs import UNIT, pairs, scaled, table, whole

Form = Popularity | Nearest | Together | Following | Factors
Arrays = dict[str, interactions.Column]
ROUNDS_REMEMBERED: Final = 3  # how each part came about; of more, Java's stack runs over
EXACT: Final = "decimal(28,18)"  # whole numbers of 10^-18: for weights that fade to next to nothing


@dataclass(frozen=True, slots=True)
class OnSpark:
    """A form that keeps the promises of `Trainer`, of a log instead of rows in memory."""

    form: Form

    @property
    def name(self) -> str:
        return self.form.name

    def fit(self, log: Log, *, seed: int) -> Arrays:
        log.require(2)
        return _learnt(self.form, log, seed)


@singledispatch
def _learnt(form: object, log: Log, seed: int) -> Arrays:
    raise TypeError(f"{form} is not learnt on Spark")


@_learnt.register
def _popularity(form: Popularity, log: Log, seed: int) -> Arrays:
    age = (sql.lit(log.until) - sql.col("at")) / DAY
    weight = sql.col("strength") * sql.pow(sql.lit(2.0), -age / form.half_life)
    found = log.once.groupBy("item").agg(sql.sum(weight.cast(EXACT)).cast("double").alias("weight"))
    return {"popular": _dense(found.toArrow(), "weight", log.n_items)}


@_learnt.register
def _following(form: Following, log: Log, seed: int) -> Arrays:
    step = sql.pow(sql.lit(2.0), (1 - sql.col("distance")) / form.fade)
    found = pairs(log.once, ["visitor"], form.window).groupBy("item", "near")
    totals = found.agg((sql.sum(whole(step)) / UNIT).alias("total"))
    visitors = log.once.groupBy("item").agg(sql.count("*").alias("weight"))
    values = scaled(totals, visitors, near=-form.damping)
    return table(form.name, values, form.longest, log.n_items)


@_learnt.register
def _nearest(form: Nearest, log: Log, seed: int) -> Arrays:
    if form.half_life is not None:
        raise ValueError("on Spark likes do not fade: leave out the half-life")
    return _cosines(form, log.once, ["visitor"], sql.pow("size", sql.lit(-0.5)), log.n_items)


@_learnt.register
def _together(form: Together, log: Log, seed: int) -> Arrays:
    day = sql.floor(sql.col("at") / DAY).alias("day")
    baskets = log.rows.groupBy("visitor", day, "item").agg(sql.min("place").alias("place"))
    return _cosines(form, baskets, ["visitor", "day"], sql.lit(1.0), log.n_items)


@_learnt.register
def _factors(form: Factors, log: Log, seed: int) -> Arrays:
    """Spark multiplies the ridge by each one's number of rows: it is divided by their mean."""
    counts = log.counts
    rows = log.once.count()
    mean = 2 * rows / (counts["visitors"] + counts["items_with_events"])
    strongest = log.once.agg(sql.max("strength")).collect()[0][0]
    learner = ALS(
        rank=form.size,
        maxIter=form.rounds,
        regParam=form.ridge / mean,
        alpha=form.confidence,
        implicitPrefs=True,
        userCol="visitor",
        itemCol="item",
        ratingCol="strength",
        numUserBlocks=log.parts,
        numItemBlocks=log.parts,
        checkpointInterval=ROUNDS_REMEMBERED,
        seed=seed,
    )
    ratings = log.once.select(
        "visitor", "item", (sql.col("strength") / strongest).alias("strength")
    )
    in_order = ratings.repartition(log.parts, "visitor").sortWithinPartitions("visitor", "item")
    model = learner.fit(in_order)
    found = model.itemFactors.withColumnRenamed("id", "item").toArrow()
    return {form.name: _dense(found, "features", log.n_items)}


def _cosines(
    form: Nearest | Together, rows: DataFrame, groups: list[str], share: Column, n_items: int
) -> Arrays:
    """`share`: what one group of `size` items says for each pair of them."""
    said = (sql.sum(whole(share)) / UNIT).alias("total")
    sized = rows.withColumn("size", sql.count("*").over(Window.partitionBy(*groups)))
    lengths = sized.groupBy("item").agg(said.alias("weight"))  # squared
    once = sql.least("item", "near").alias("item"), sql.greatest("item", "near").alias("near")
    totals = pairs(rows, groups).groupBy(*once).agg(said)
    turned = totals.select(sql.col("near").alias("item"), sql.col("item").alias("near"), "total")
    both = totals.unionByName(turned)
    return table(form.name, scaled(both, lengths), form.longest, n_items)


def _dense(found: Table, name: str, n_items: int) -> interactions.Column:
    """A row for every item; zeros for those without events."""
    values = np.asarray(found[name].to_pylist(), np.float32)
    dense = np.zeros((n_items, *values.shape[1:]), np.float32)
    dense[found["item"].to_numpy()] = values
    return dense
