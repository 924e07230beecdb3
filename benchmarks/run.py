"""Every benchmark, each in a process of its own, one after the other: `make bench`.

Each prints its own rows as ratios against a floor that runs beside it; one table of all of them
comes last. Ends with 1 if one could not run; a promise that is not kept is only said.
"""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.table import read, show

NAMES = (
    *("conditions", "http", "events", "audiences", "render", "imports"),
    *("recommender", "poisoning", "membership"),
)


def main() -> int:
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        rows = Path(folder) / "rows"
        rows.touch()
        os.environ["BENCH_ROWS"] = str(rows)
        failed = [name for name in NAMES if not _ran(name)]
        print("\n== all of it ==")
        show(read(rows))
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


def _ran(name: str) -> bool:
    print(f"\n== {name} ==", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
