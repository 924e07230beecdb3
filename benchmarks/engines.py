"""From which size Spark is worth it: both engines on growing logs, in processes of their own.

In:  sizes in events and sides (100,000 500,000 1,000,000 and all, if none are named); logs made by
     construction, some 25 events a visitor over 4,000 items, few of which take most.
Out: processor seconds and the most memory held by what both engines do: read a log, sift it, learn
     the five families that both know. The floor, reading the file into arrays, runs beside them;
     and, where it is asked for, the whole of a training on this machine.

    python -m benchmarks.engines [EVENTS ...] [floor local whole spark]
"""

import json
import os
import resource
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from time import perf_counter
from typing import Final

import django

from benchmarks.shops import crowd, crowd_items
from benchmarks.table import Figure, report
from workers.learning.study import Row, Study, make_study
from workers.training.factors import Factors
from workers.training.following import Following
from workers.training.nearest import Nearest, Together
from workers.training.popularity import Popularity

SIZES: Final = (100_000, 500_000, 1_000_000)
ITEMS: Final = 4_000
MEMORY: Final = "1g"  # of Spark's Java
FAMILIES: Final = (Popularity(), Nearest(), Following(), Together(), Factors())
SEED: Final = 1
ONE: Final = "--one"  # side of one log, in this process
WHAT: Final = ("processor time", "wall time", "memory")


def main(sizes: list[int], sides: list[str]) -> None:
    print("| events | side | processor s | wall s | MB at most |")
    print("|---|---|---|---|---|")
    rows = []
    for size in sizes:
        with tempfile.TemporaryDirectory(prefix="engines-") as folder:
            file = Path(folder) / "events.parquet"
            make(size, file)
            found = {side: measured(side, file) for side in sides}
        for side, (seconds, wall, peak) in found.items():
            print(f"| {size:,} | {side} | {seconds:.0f} | {wall:.0f} | {peak:.0f} |", flush=True)
        if {"local", "spark"} <= found.keys():
            rows += [
                Figure("engines", f"{size:,} events: {what}, Spark of local", theirs / ours)
                for what, theirs, ours in zip(WHAT, found["spark"], found["local"], strict=True)
            ]
    report(rows)


def make(size: int, file: Path) -> None:
    from workers.training.spark import parquet

    columns = (column.tolist() for column in crowd(size, SEED, ITEMS))
    parquet.write(file, zip(*columns, [1.0] * size, strict=True))


def measured(side: str, file: Path) -> tuple[float, float, float]:
    started = perf_counter()
    program = [sys.executable, "-m", "benchmarks.engines", ONE, side, str(file)]
    said = subprocess.run(program, capture_output=True, text=True, check=False)
    if said.returncode:
        raise SystemExit(said.stderr[-2000:])
    seconds, peak = json.loads(said.stdout.splitlines()[-1])
    return seconds, perf_counter() - started, peak


def floor(file: Path) -> None:
    import pyarrow.parquet as pq

    for column in pq.read_table(file).columns:
        column.to_numpy()


def local(file: Path) -> None:
    study = _study(file)
    for family in FAMILIES:
        family.fit(study.interactions, seed=SEED)


def whole(file: Path) -> None:
    """All of `train` but the database: every family tried, blended, measured, fitted on all."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "personalization.host.settings")
    os.environ["DATA_DIR"] = str(file.parent)
    django.setup()
    from workers.learning.training import learn

    learn(_study(file), seed=SEED, say=lambda sentence: print(sentence, file=sys.stderr))


def _study(file: Path) -> Study:
    """Row by row, as the product reads its database."""
    import pyarrow.parquet as pq

    def rows() -> Iterator[Row]:
        for batch in pq.ParquetFile(file).iter_batches(10_000):
            names = (batch[name].to_pylist() for name in ("visitor", "item", "at", "strength"))
            for visitor, item, at, strength in zip(*names, strict=True):
                yield Row(visitor, str(item), at, strength)

    return make_study(crowd_items(ITEMS), rows()).sifted()


def spark(file: Path) -> None:
    from workers.learning.study import MOST_ROWS_OF_A_VISITOR
    from workers.training.spark.families import OnSpark
    from workers.training.spark.log import Log
    from workers.training.spark.session import session
    from workers.training.spark.sifting import sifted

    with session("local[2]", MEMORY, file.parent) as found:
        log, _dropped = sifted(Log.read(found, file, ITEMS), MOST_ROWS_OF_A_VISITOR)
        for family in FAMILIES:
            OnSpark(family).fit(log, seed=SEED)


SIDES: Final[dict[str, Callable[[Path], None]]] = {
    "floor": floor,
    "local": local,
    "whole": whole,
    "spark": spark,
}
USUAL: Final = ("floor", "local", "spark")


def one(side: str, file: Path) -> None:
    """Its processor seconds and megabytes, Java's included, as the last line."""
    SIDES[side](file)
    own, java = (
        resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    seconds = sum(each.ru_utime + each.ru_stime for each in (own, java))
    print(json.dumps([seconds, _peak() + java.ru_maxrss / 1024]))


def _peak() -> float:
    """`ru_maxrss` would count what the process held that this one was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.partition("VmHWM:")[2].split()[0]) / 1024


if __name__ == "__main__":
    if sys.argv[1:2] == [ONE]:
        one(sys.argv[2], Path(sys.argv[3]))
    else:
        sizes = [int(asked) for asked in sys.argv[1:] if asked.isdigit()]
        sides = [asked for asked in sys.argv[1:] if asked in SIDES]
        main(sizes or list(SIZES), sides or list(USUAL))
