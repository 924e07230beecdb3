"""What `training.sifting` leaves out, and what is more than one visitor's share, told by Spark.

In:  a log. Out: the log that is learnt from, and counts of what was dropped.
"""

from dataclasses import replace

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as sql

from workers.training import sifting
from workers.training.spark.log import Log, kept


def sifted(log: Log, most: int) -> tuple[Log, dict[str, int]]:
    """No programs, no bursts, and of nobody more than the newest `most` rows."""
    programs = kept(_programs(log.rows))
    people = kept(log.rows.join(sql.broadcast(programs), "visitor", "left_anti"))
    bursts = kept(_bursts(people, log.n_items))
    cells = people.withColumn("hour", _at_unit(sifting.HOUR)).withColumn("is_new", _is_new())
    crowds = bursts.withColumn("is_new", sql.lit(True))
    calm = kept(cells.join(sql.broadcast(crowds), ["hour", "item", "is_new"], "left_anti"))
    newest = Window.partitionBy("visitor").orderBy(sql.desc("place"))
    share = calm.withColumn("newer", sql.row_number().over(newest)).where(sql.col("newer") <= most)
    learnt = replace(log, rows=kept(share.select(*log.rows.columns)))
    counts = [rows.count() for rows in (log.rows, people, calm, learnt.rows)]
    return learnt, {
        "programs": programs.count(),
        "program_events": counts[0] - counts[1],
        "burst_events": counts[1] - counts[2],
        "excess_events": counts[2] - counts[3],
    }


def _programs(rows: DataFrame) -> DataFrame:
    """Visitors who are quicker, or longer awake, than people."""
    by_second = _moments(rows, sifting.SECOND)
    by_hour = _moments(rows, sifting.HOUR)
    found = (
        _crowded(by_second, sifting.IN_A_MINUTE, sifting.MINUTE / sifting.SECOND),
        _crowded(by_second, sifting.IN_AN_HOUR, sifting.HOUR / sifting.SECOND),
        _crowded(by_hour, sifting.AWAKE - 1, sifting.DAY / sifting.HOUR),
    )
    return found[0].union(found[1]).union(found[2]).distinct()


def _moments(rows: DataFrame, unit: float) -> DataFrame:
    return rows.select("visitor", _at_unit(unit).alias("moment")).distinct()


def _crowded(moments: DataFrame, most: int, span: float) -> DataFrame:
    """Visitors with more than `most` different moments within `span` of them."""
    earlier = sql.lag("moment", most).over(Window.partitionBy("visitor").orderBy("moment"))
    apart = moments.withColumn("apart", sql.col("moment") - earlier)
    return apart.where(sql.col("apart") < span).select("visitor")


def _bursts(people: DataFrame, n_items: int) -> DataFrame:
    """Hours and items to which far more newcomers came than the taste of others lets expect."""
    marked = people.withColumn("is_new", _is_new())
    likes = kept(marked.where("not is_new").groupBy("item").agg(sql.count("*").alias("likes")))
    total = likes.agg(sql.sum("likes")).collect()[0][0] or 0
    cells = marked.where("is_new").groupBy(_at_unit(sifting.HOUR).alias("hour"), "item")
    counted = cells.agg(sql.countDistinct("visitor").alias("came"))
    in_hour = sql.sum("came").over(Window.partitionBy("hour"))
    share = (sql.coalesce("likes", sql.lit(0)) + 1) / (total + n_items)
    found = counted.withColumn("in_hour", in_hour).join(sql.broadcast(likes), "item", "left")
    is_crowd = (sql.col("came") >= sifting.CROWD) & (
        sql.col("came") > sifting.TIMES * sql.col("in_hour") * share
    )
    return found.where(is_crowd & sql.lit(total >= sifting.FEWEST)).select("hour", "item")


def _is_new() -> Column:
    first = sql.min("at").over(Window.partitionBy("visitor"))
    return sql.col("at") - first < sifting.NEW


def _at_unit(unit: float) -> Column:
    return sql.floor(sql.col("at") / unit)
