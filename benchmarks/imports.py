"""What a website pays at start-up: our own modules, and what comes with them.

In:  nothing; fresh interpreters, in interleaved rounds: a bare `django.setup()` with Django's usual
     apps, the same with our plugin in it, and with the addresses that a first request loads.
Out: medians as ratios to the bare set-up. The time of importing is charged to the top-level
     package whose module it is (self time, as `-X importtime` tells it).

    python -m benchmarks.imports
"""

import os
import re
import statistics
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Final

from benchmarks.table import Figure, report

ROUNDS: Final = 9
ROOT: Final = Path(__file__).resolve().parents[1]
OURS: Final = frozenset({"personalization", "rules"})
NEVER: Final = frozenset(
    {
        "lightfm",
        "scipy",
        "sklearn",
        "numpy",
        "pandas",
        "pyspark",
        "openai",
        "tea_tasting",
        "workers",
    }
)
LINE: Final = re.compile(r"import time:\s+(\d+) \|\s+\d+ \| +(\S+)")
SETTINGS: Final = """
import django
from django.conf import settings
settings.configure(
    SECRET_KEY="bench", ALLOWED_HOSTS=["*"], ROOT_URLCONF={urls!r}, USE_TZ=True,
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes",
                    "django.contrib.sessions", "django.contrib.messages",
                    "django.contrib.staticfiles", *{apps!r}],
    DATABASES={{"default": {{"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}}},
)
django.setup()
"""
BARE: Final = SETTINGS.format(urls="django.contrib.staticfiles.urls", apps=())
PLUGIN: Final = SETTINGS.format(
    urls="personalization.urls", apps=("rest_framework", "personalization")
)
FIRST_REQUEST: Final = (
    f"{PLUGIN}\nfrom django.urls import get_resolver\nget_resolver().url_patterns\n"
)
SIDES: Final = {"bare": BARE, "set-up": PLUGIN, "first request": FIRST_REQUEST}


def main() -> None:
    taken: dict[str, list[Counter[str]]] = {side: [] for side in SIDES}
    for _ in range(ROUNDS):
        for side, code in SIDES.items():
            taken[side].append(microseconds(code))
    bare = median_of(taken["bare"], lambda counted: counted.total())
    rows = []
    for side in ("set-up", "first request"):
        own = median_of(taken[side], lambda counted: sum(counted[name] for name in OURS))
        most = 0.5 if side == "set-up" else None
        rows.append(Figure("imports", f"our own modules, {side}", own / bare, most=most))
        rows.append(
            Figure("imports", f"with dependencies, {side}", added(taken, side, bare) / bare)
        )
    report(rows)
    print("\nwhat dependencies add by the first request, of a bare set-up:")
    for name, share in dependencies(taken, bare):
        print(f"  {name:<24}{share:.2f}")


def microseconds(code: str) -> Counter[str]:
    """The self time of every import, by top-level package."""
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}
    command = [sys.executable, "-X", "importtime", "-c", code]
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, check=False, cwd=ROOT
    )
    if done.returncode:
        raise SystemExit(done.stderr[-2000:])
    counted: Counter[str] = Counter()
    for spent, module in LINE.findall(done.stderr):
        counted[module.partition(".")[0]] += int(spent)
    if loaded := NEVER & counted.keys():
        raise SystemExit(f"the web process imports {', '.join(sorted(loaded))}")
    return counted


def added(taken: dict[str, list[Counter[str]]], side: str, bare: float) -> float:
    return median_of(taken[side], lambda counted: counted.total()) - bare


def dependencies(taken: dict[str, list[Counter[str]]], bare: float) -> list[tuple[str, float]]:
    """What other packages cost beyond the bare set-up, dearest first; under 2 % is left out."""
    names = {name for counted in taken["first request"] for name in counted} - OURS
    shares = {}
    for name in names:
        sides = [
            median_of(taken[side], lambda counted, name=name: counted[name])
            for side in ("first request", "bare")
        ]
        shares[name] = (sides[0] - sides[1]) / bare
    dear = [(name, share) for name, share in shares.items() if share >= 0.02]
    return sorted(dear, key=lambda pair: -pair[1])


def median_of(rounds: list[Counter[str]], figure: object) -> float:
    return statistics.median(figure(counted) for counted in rounds)


if __name__ == "__main__":
    main()
