"""Train a site's model on Spark: export, choose, measure on held-out events, fit on all, register.

In:  a site with consented events, however many.
Out: what `training.train` ends with. Memory holds the catalogue, the arrays over items, and the
     rows of a sample of visitors; all others stay on disk, and are deleted at the end.
"""

import resource
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from time import monotonic
from typing import Any, Final

from django.utils.translation import gettext as _
from pyspark.sql import SparkSession
from pyspark.sql import functions as sql

from personalization import conf
from personalization.exceptions import Refusal
from personalization.govern.models import Site
from personalization.learn import registry
from personalization.learn.describing import ItemText, Vocabulary
from personalization.learn.ranker import ArrayRanker
from workers.learning.attributes import read_audit
from workers.learning.choices import Choices, Say
from workers.learning.describing import describe_items
from workers.learning.events import read_items
from workers.learning.meanwhile import undisturbed
from workers.learning.measuring import Reach, measured
from workers.learning.scratch import scratch
from workers.learning.spark_choices import choose, fit
from workers.learning.spark_export import Names, Pseudonyms, write
from workers.learning.study import FEWEST_EVENTS, MOST_ROWS_OF_A_VISITOR, Study, require_enough
from workers.learning.training import (
    TEST_SHARE,
    Report,
    enter,
    live_of,
    packed,
    parameters_of,
    too_little,
)
from workers.training.interactions import NotEnoughData
from workers.training.spark.families import OnSpark
from workers.training.spark.log import Log, sample
from workers.training.spark.session import FAILURES, session
from workers.training.spark.sifting import sifted

FAMILY: Final = "spark"
MOST_MEASURED: Final = 20_000  # visitors whose rows come to this process


@dataclass(frozen=True, slots=True)
class Export:
    """The catalogue, and the file in which the events wait."""

    items: Mapping[str, ItemText]
    pseudonyms: Pseudonyms
    file: Path


class SparkBroke(Refusal):
    """Spark ended before its work did. The model in use is untouched."""

    code = "spark_broke"
    status = 500


def train(site: Site, *, seed: int, say: Say) -> Report:
    """Too little data is an answer, not a failure: popularity serves meanwhile."""
    try:
        trained = undisturbed(site, lambda: _trained(site, seed=seed, say=say), say=say)
    except NotEnoughData as little:
        return too_little(site, little)
    except FAILURES as broken:
        raise SparkBroke(
            _(
                "Spark broke off (%(why)s); the model in use stays. If it ran out of memory, raise "
                "SPARK_MEMORY and train again; what it printed stands in the log."
            )
            % {"why": type(broken).__name__}
        ) from broken
    return enter(site, replace(trained, metrics={**trained.metrics, "memory": _peak()}))


def _trained(site: Site, *, seed: int, say: Say) -> registry.Trained:
    with scratch() as folder:
        export = Export(read_items(site), Pseudonyms(), folder / "events.parquet")
        rows = write(site, export.items, export.pseudonyms, export.file)
        if site.reweighted_by:
            say(f"Spark does not reweight: groups by {site.reweighted_by} count as they are")
        say(f"{rows:,} events written; starting Spark")
        if rows < FEWEST_EVENTS:
            raise NotEnoughData(f"{rows} events; at least {FEWEST_EVENTS} are needed")
        with session(conf.get("SPARK_MASTER"), conf.get("SPARK_MEMORY"), folder) as spark:
            return learn(spark, site, export, seed=seed, say=say)


def learn(
    spark: SparkSession, site: Site, export: Export, *, seed: int, say: Say
) -> registry.Trained:
    """The same export and seed give the same model; docs/recommender.md says how much the same."""
    started = monotonic()
    whole = Log.read(spark, export.file, len(export.items))
    log, dropped = sifted(whole, MOST_ROWS_OF_A_VISITOR)
    say(", ".join(f"{count:,} {name}" for name, count in log.counts.items()))
    say("left out: " + ", ".join(f"{n:,} {name.replace('_', ' ')}" for name, n in dropped.items()))
    require_enough(log.counts)
    past, future = log.split(TEST_SHARE, seed=seed)
    memory = int(conf.get("RECENT_EVENTS"))
    texts = tuple(export.items.values())
    vocabulary = Vocabulary.of(texts)
    features = describe_items(texts, vocabulary)
    choices = choose(past, features, seed=seed, memory=memory, say=say)
    say("measuring on held-out events")
    ranker = ArrayRanker.of(fit(choices, past, seed=seed), tuple(export.items), choices.serving)
    metrics = _measured(ranker, site, export, past, future, seed=seed, memory=memory)
    say("fitting on all events")
    found = fit(choices, log, seed=seed)
    content = packed(found, tuple(export.items), choices.serving, vocabulary)
    return registry.Trained(
        family=FAMILY,
        content=content,
        parameters={**parameters_of(_local(choices), seed), "engine": FAMILY},
        metrics={**metrics, "until": log.until, "mix": _asked_for(log, export), "dropped": dropped},
        fingerprint=_fingerprint(log, export),
        counts=log.counts,
        seconds=round(monotonic() - started, 1),
    )


def _measured(
    ranker: ArrayRanker,
    site: Site,
    export: Export,
    past: Log,
    future: Log,
    *,
    seed: int,
    memory: int | None,
) -> dict[str, Any]:  # JSON
    """By a sample of visitors; how many touched an item is counted over all."""
    judges = sample(past, future, MOST_MEASURED, seed=seed)
    numbers = {pseudonym: number for number, pseudonym in enumerate(judges.pseudonyms)}
    keys, texts = tuple(export.items), tuple(export.items.values())
    study = Study(judges.split.past, keys, texts, Names(export.pseudonyms, numbers))
    audit = read_audit(site, study, reweight="")
    reach = Reach(past.visitors_by_item(), past.counts["visitors"])
    return measured(ranker, judges.split, memory, live_of(site), audit, reach)


def _asked_for(log: Log, export: Export, days: float = 30.0) -> dict[str, float]:
    """`training.asked_for`, of a log."""
    newest = log.rows.where(sql.lit(log.until) - sql.col("at") < days * 86_400)
    texts = tuple(export.items.values())
    counts: Counter[str] = Counter()
    for item, count in newest.groupBy("item").count().collect():
        counts[texts[item].category] += count
    return {name: round(count / counts.total(), 6) for name, count in sorted(counts.items())}


def _fingerprint(log: Log, export: Export) -> str:
    """Changes with any row, item or their order; rows are hashed where they are, and added up."""
    row = sql.xxhash64("place", "visitor", "item", "at", "strength").cast("decimal(20,0)")
    added = log.rows.agg(sql.sum(row)).collect()[0][0]
    known = repr((str(added), list(export.items.items())))
    return sha256(known.encode("utf-8", "surrogatepass")).hexdigest()


def _local(choices: Choices) -> Choices:
    """With the forms that Spark learnt, whose parameters the register keeps."""
    forms = [one.form if isinstance(one, OnSpark) else one for one in choices.trainers]
    return replace(choices, trainers=tuple(forms))


def _peak() -> int:
    """Megabytes that this process and the largest of its own, Java, held at most so far."""
    whose = resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN
    return sum(resource.getrusage(who).ru_maxrss for who in whose) // 1024
