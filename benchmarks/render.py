"""A carousel of twelve cards: our sandbox beside f-strings, stock Jinja2 and Django's templates.

In:  nothing; the same twelve items for everybody, in one interleaved run. Only the ratios travel.
Out: rows, after a check that all peers make the same text.

    python -m benchmarks.render
"""

import os
import statistics
import sys
import time
from collections.abc import Callable
from html import escape
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "personalization.host.settings")

import django
from django.template import Context, Engine
from jinja2.sandbox import ImmutableSandboxedEnvironment

from benchmarks.table import Figure, report

ROUNDS, AT_ONCE = 60, 20
ITEMS = [
    {"key": f"i{n}", "title": f"Boots & shoes <{n}>", "url": f"/p/{n}", "image": f"/img/{n}.svg"}
    for n in range(12)
]
CARD = (
    '<li class="pz-card" data-pz-item="{{ item.key }}"><a href="{{ item.url }}">'
    '<img src="{{ item.image }}" alt=""><span>{{ item.title }}</span></a></li>'
)
SOURCE = f"<ul>{{% for item in items %}}{CARD}{{% endfor %}}</ul>"


def main() -> None:
    django.setup()
    peers = contestants()
    texts = {make().replace("&#34;", "&quot;") for make in peers.values()}
    if len(texts) != 1:
        raise SystemExit("the peers do not agree on the text")
    times = interleaved(peers)
    floor = times["f-strings"]
    print(f"a carousel of 12 cards by f-strings: {floor * 1e6:.1f} µs")
    report(
        Figure("render", f"{name}, of f-strings' time", seconds / floor)
        for name, seconds in times.items()
    )


def contestants() -> dict[str, Callable[[], str]]:
    from personalization.blocks.sandbox import Compiled

    ours = Compiled(SOURCE, guarded=False, html=True)
    guarded = Compiled(SOURCE, guarded=True, html=True)
    stock = ImmutableSandboxedEnvironment(autoescape=True).from_string(SOURCE)
    djangos = Engine().from_string(SOURCE)
    values = {"items": ITEMS}
    return {
        "f-strings": by_hand,
        "ours, a shipped block": lambda: ours.render(values),
        "ours, a block that an editor wrote": lambda: guarded.render(values),
        "Jinja2's own sandbox": lambda: stock.render(values),
        "Django's templates": lambda: djangos.render(Context(values)),
    }


def by_hand() -> str:
    cards = (
        f'<li class="pz-card" data-pz-item="{escape(item["key"])}"><a href="{escape(item["url"])}">'
        f'<img src="{escape(item["image"])}" alt=""><span>{escape(item["title"])}</span></a></li>'
        for item in ITEMS
    )
    return f"<ul>{''.join(cards)}</ul>"


def interleaved(peers: dict[str, Callable[[], str]]) -> dict[str, float]:
    """Seconds for one rendering: the median of rounds in which everybody had a turn."""
    taken: dict[str, list[float]] = {name: [] for name in peers}
    for _ in range(ROUNDS):
        for name, make in peers.items():
            start = time.perf_counter()
            for _ in range(AT_ONCE):
                make()
            taken[name].append((time.perf_counter() - start) / AT_ONCE)
    return {name: statistics.median(each) for name, each in taken.items()}


if __name__ == "__main__":
    main()
