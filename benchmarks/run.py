"""Every benchmark, each in a process of its own, one after the other: `make bench`.

Each prints its own table of ratios against a floor that runs beside it. Ends with 1 if one failed.
"""

import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent
SKIPPED = {"__init__", "run"}


def main() -> int:
    names = sorted(path.stem for path in FOLDER.glob("*.py") if path.stem not in SKIPPED)
    failed = [name for name in names if not _ran(name)]
    if failed:
        print(f"\nfailed: {', '.join(failed)}")
    return 1 if failed else 0


def _ran(name: str) -> bool:
    print(f"\n== {name} ==", flush=True)
    return subprocess.run([sys.executable, "-m", f"benchmarks.{name}"], check=False).returncode == 0


if __name__ == "__main__":
    sys.exit(main())
