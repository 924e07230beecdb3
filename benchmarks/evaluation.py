"""`evaluate` at full size: what it takes, and whether it says the same twice.

In:  events and items by construction (500,000 and 4,000, unless others are asked for), some 25
     events a visitor; everybody is predicted for.
Out: wall and processor seconds and the most memory held, of two runs of the command in processes
     of their own; whether both wrote the same bytes. Then everybody's scores by the blend that is
     chosen there, of the matrix products that they contain, in processor time.

    python -m benchmarks.evaluation [EVENTS ITEMS]
"""

import csv
import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter, process_time
from typing import Final

from benchmarks.shops import ROOT, crowd, crowd_items
from benchmarks.table import Figure, report

EVENTS: Final = 500_000
ITEMS: Final = 4_000
SEED: Final = 1
ROUNDS: Final = 5
ALONE: Final = {
    "OPENBLAS_NUM_THREADS": "1",
    "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
}
MOST_SECONDS: Final = 600.0
MOST_MEGABYTES: Final = 2_048.0


@dataclass(frozen=True, slots=True)
class Run:
    wall: float  # seconds
    processor: float
    megabytes: float
    said: bytes


def main(events: int, items: int) -> int:
    with tempfile.TemporaryDirectory(prefix="evaluation-") as name:
        folder = Path(name)
        make(folder, events, items)
        print(f"{events:,} events, {items:,} items\n")
        print("| run | wall s | processor s | MB at most |\n|---|---|---|---|")
        runs = [evaluated(folder, number) for number in (1, 2)]
        program = [sys.executable, "-m", "benchmarks.evaluation", "scoring", str(folder)]
        subprocess.run(program, check=True, env={**os.environ, **ALONE, "DATA_DIR": name})
    is_same = runs[0].said == runs[1].said
    print(f"\nthe same bytes: {'yes' if is_same else 'NO'}\n")
    what = {
        "wall time, of 10 minutes": max(run.wall for run in runs) / MOST_SECONDS,
        "processor time, of 10 minutes": max(run.processor for run in runs) / MOST_SECONDS,
        "memory, of 2 GB": max(run.megabytes for run in runs) / MOST_MEGABYTES,
    }
    report(Figure("evaluation", name, ratio, most=1.0) for name, ratio in what.items())
    return 0 if is_same else 1


def scoring(folder: Path) -> None:
    """In a process of its own, of one thread."""
    import django

    django.setup()
    from personalization.learn.members import Vectors
    from personalization.learn.ranker import ArrayRanker
    from workers.learning.audience import pasts_by_visitor
    from workers.learning.batches import CELLS, blended
    from workers.learning.choices import choose
    from workers.learning.describing import describe_items
    from workers.learning.files import read_catalogue, read_events
    from workers.learning.study import make_study

    catalogue = read_catalogue(folder / "items.csv")
    study = make_study(catalogue.items, read_events(folder / "train.csv"))
    features = describe_items(study.texts)
    choices = choose(study.interactions, features, seed=SEED, memory=None, say=print)
    arrays = choices.fit(study.interactions, seed=SEED)
    ranker = ArrayRanker.of(arrays, study.keys, choices.serving, catalogue.available)
    pasts = list(pasts_by_visitor(study.interactions).values())
    members = [ranker.members[name] for name in choices.serving.blend]
    vectors = [member.vectors for member in members if isinstance(member, Vectors)]
    step = CELLS // len(study.keys)

    def scores() -> None:
        for _chunk in blended(ranker, pasts):
            pass

    def products() -> None:
        for first in range(0, len(pasts), step):
            for each in vectors:
                each[: len(pasts[first : first + step])] @ each.T

    pairs = [(_timed(scores), _timed(products)) for _ in range(ROUNDS)]
    ratio = statistics.median(mine / least for mine, least in pairs)
    what = f"everybody's scores by {', '.join(choices.serving.blend)}"
    report([Figure("evaluation", what, ratio, most=2.5)])


def _timed(work: Callable[[], None]) -> float:
    started = process_time()
    work()
    return process_time() - started


def make(folder: Path, events: int, items: int) -> None:
    visitors, touched, at = (column.tolist() for column in crowd(events, SEED, items))
    with (folder / "train.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["visitor", "item", "at"])
        writer.writerows(zip(visitors, touched, at, strict=True))
    with (folder / "items.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["item", "title", "category", "tags", "price"])
        for key, item in crowd_items(items).items():
            writer.writerow([key, item.title, item.category, "|".join(item.tags), item.price])
    asked = "\n".join(map(str, sorted(set(visitors))))
    (folder / "users.txt").write_text(asked, encoding="utf-8")


def evaluated(folder: Path, number: int) -> Run:
    """What the command itself used, and any process that it started and waited for."""
    output = folder / f"recs-{number}.csv"
    files = {"train": "train.csv", "items": "items.csv", "predict": "users.txt"}
    options = [part for name, file in files.items() for part in (f"--{name}", str(folder / file))]
    program = [sys.executable, str(ROOT / "manage.py"), "evaluate", *options]
    log = folder / f"log-{number}"
    started = perf_counter()
    with log.open("wb") as said:
        process = subprocess.Popen(
            [*program, "--output", str(output), "--seed", str(SEED)],
            stdout=said,
            stderr=said,
            env={**os.environ, "DATA_DIR": str(folder / "data")},
        )
        _pid, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = perf_counter() - started
    if process.returncode:
        raise SystemExit(log.read_text(encoding="utf-8")[-2000:])
    seconds = usage.ru_utime + usage.ru_stime
    run = Run(wall, seconds, usage.ru_maxrss / 1024, output.read_bytes())
    print(f"| {number} | {wall:.0f} | {seconds:.0f} | {run.megabytes:.0f} |", flush=True)
    return run


if __name__ == "__main__":
    if sys.argv[1:2] == ["scoring"]:
        scoring(Path(sys.argv[2]))
        sys.exit()
    asked = [int(number) for number in sys.argv[1:3]]
    sys.exit(main(*(asked or (EVENTS, ITEMS))))
