"""Pairs of items of one group (a visitor, a basket), and tables of the items nearest to each.

In:  rows of a log. Out: `item`, `near` and a value; the arrays that `training.tables` makes.
"""

from typing import Final

import numpy as np
from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as sql

from workers.training import interactions

UNIT: Final = 2**30  # whole numbers stand for fractions of nine digits


def whole(fraction: Column) -> Column:
    return sql.round(fraction * UNIT).cast("long")


def pairs(rows: DataFrame, groups: list[str], window: int | None = None) -> DataFrame:
    """Every `item` with each `near` that comes at most `window` places after it in its group.

    `distance` is how many places; `size` is how many items the group has.
    """
    in_order = sql.sort_array(sql.collect_list(sql.struct("place", "item")))
    listed = rows.groupBy(*groups).agg(in_order.getField("item").alias("items"))
    starts = listed.select("items", sql.posexplode("items").alias("start", "item"))
    size = sql.size("items")
    ahead = sql.slice("items", sql.col("start") + 2, size if window is None else sql.lit(window))
    found = starts.select(
        "item", size.alias("size"), sql.posexplode(ahead).alias("skipped", "near")
    )
    return found.withColumn("distance", sql.col("skipped") + 1)


def scaled(
    totals: DataFrame, by_item: DataFrame, *, item: float = -0.5, near: float = -0.5
) -> DataFrame:
    """`value`: each pair's `total` times its items' `weight` to these powers."""
    of_item = by_item.select("item", sql.pow("weight", sql.lit(item)).alias("left"))
    of_near = by_item.select(
        sql.col("item").alias("near"), sql.pow("weight", sql.lit(near)).alias("right")
    )
    joined = totals.join(sql.broadcast(of_item), "item").join(sql.broadcast(of_near), "near")
    value = sql.col("left") * sql.col("total") * sql.col("right")
    return joined.select("item", "near", value.alias("value"))


def table(
    name: str, values: DataFrame, longest: int, n_items: int
) -> dict[str, interactions.Column]:
    """Of each `item` the `longest` rows whose `value` weighs most, in the order of `near`."""
    heaviest = Window.partitionBy("item").orderBy(sql.desc("value"), "near")
    ranked = values.where("value > 0").withColumn("rank", sql.row_number().over(heaviest))
    found = ranked.where(sql.col("rank") <= longest).select("item", "near", "value").toArrow()
    items, near, value = (found[column].to_numpy() for column in ("item", "near", "value"))
    order = np.lexsort((near, items))
    return {
        f"{name}_starts": np.searchsorted(items[order], np.arange(n_items + 1)).astype(np.int64),
        f"{name}_items": near[order].astype(np.int32),
        f"{name}_values": value[order].astype(np.float32),
    }
