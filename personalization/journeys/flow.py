"""A journey as a drawing: boxes for its stages, arrows for the ways between them.

In:  a journey, and what to write on its ways.
Out: a `Drawing`: places in pixels, worked out here and nowhere else, so that the same journey is
     always drawn the same. Time runs from top to bottom, so that it fits a phone; ways that lead
     back run beside everything.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from rules.journeys import Journey

INSIDE, OUTSIDE = ":in", ":out"  # where visitors come from, where they go; no key of a stage
BOX, END = 176, 92  # widths, at least
TALL, LOW = 84, 40  # heights: of a stage, of the beginning and the end
WAYPOINT: Final = 18
SPACE, MARGIN = 12, 12
GAP, LABEL = 82, 50  # between two rows; how much of it is for what stands on an arrow
SHARE: Final = 108  # of a box's width, for each arrow that leaves it
LANE, TURN = 20, 10
LETTERS, LINES, LINE = 16, 3, 14  # that fit on an arrow; the height of a line
NAME_LETTERS: Final = 22
Way = tuple[str, str, str]  # from, to, what it says


@dataclass(frozen=True, slots=True)
class Box:
    """A stage, or (`kind`) the beginning or the end. `lines`: its name, as it fits."""

    key: str
    kind: str  # stage, in or out
    x: int
    y: int
    width: int
    height: int
    lines: tuple[str, ...]

    @property
    def center(self) -> int:
        return self.x + self.width // 2

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Arrow:
    """`path`: as SVG says it. `lines` stand on its beginning, the first of them at (x, y);
    `whole` is all that it says."""

    source: str
    target: str
    path: str
    x: int
    y: int
    lines: tuple[str, ...]
    whole: str


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]


def draw(journey: Journey, ways: Sequence[Way], ends: tuple[str, str]) -> Drawing:
    """`ends`: what stands at the beginning and at the end."""
    joined = _joined(ways)
    names = {stage.key: stage.name or stage.key for stage in journey.stages}
    rows = _rows([stage.key for stage in journey.stages], joined)
    boxes = _boxes(rows, joined, {**names, INSIDE: ends[0], OUTSIDE: ends[1]})
    edge = max(box.x + box.width for box in boxes.values())
    arrows = tuple(_arrows(boxes, joined, edge))
    lanes = sum(_leads_back(boxes, way) for way in joined)
    shown = tuple(box for key, box in boxes.items() if not _is_waypoint(key))
    height = max(box.bottom for box in shown) + MARGIN
    return Drawing(edge + MARGIN + lanes * LANE, height, shown, arrows)


def wrapped(text: str, letters: int, lines: int) -> tuple[str, ...]:
    """Words on as many lines as there may be; what is left over is cut, with an ellipsis."""
    found, words = [""], text.split()
    for word in words:
        longer = f"{found[-1]} {word}".strip()
        if len(longer) <= letters:
            found[-1] = longer
        elif len(found) < lines and found[-1]:
            found.append(word)
        else:
            found[-1] = longer
            break
    found = [line if len(line) <= letters else f"{line[: letters - 1]}…" for line in found]
    cut = len(" ".join(found)) < len(" ".join(words)) and not found[-1].endswith("…")
    return (*found[:-1], f"{found[-1][: letters - 1]}…") if cut else tuple(found)


# ---------------------------------------------------------------- rows

Joined = dict[tuple[str, str], tuple[str, ...]]  # (from, to) -> what the ways say


def _joined(ways: Sequence[Way]) -> Joined:
    """Ways between the same two places are one arrow."""
    found: Joined = {}
    for source, target, says in ways:
        found[source, target] = (*found.get((source, target), ()), says)
    return found


def _rows(stages: Sequence[str], ways: Joined) -> list[list[str]]:
    """Each place in a row of its own rank; what jumps over rows has waypoints there."""
    rank = _ranks([INSIDE, *stages], ways)
    last = max(rank.values()) + 1
    rank[OUTSIDE] = last
    rows: list[list[str]] = [[] for _ in range(last + 1)]
    for key in (INSIDE, *stages, OUTSIDE):
        rows[rank[key]].append(key)
    for source, target in ways:
        for place in range(rank[source] + 1, rank[target]):
            rows[place].append(_waypoint(source, target, place))
    return _untangled(rows, ways, rank)


def _ranks(places: Sequence[str], ways: Joined) -> dict[str, int]:
    """The longest way from the beginning, ways that lead back not counted."""
    onward: dict[str, list[str]] = {place: [] for place in places}
    for source, target in ways:
        if target in onward:
            onward[source].append(target)
    order, back = _in_depth(places, onward)
    rank = dict.fromkeys(places, 1)
    rank[INSIDE] = 0
    for place in order:
        for target in onward[place]:
            if (place, target) not in back:
                rank[target] = max(rank[target], rank[place] + 1)
    return rank


def _in_depth(
    places: Sequence[str], onward: Mapping[str, list[str]]
) -> tuple[list[str], set[tuple[str, str]]]:
    """The places, each before those that follow it, and the ways that lead back."""
    done: list[str] = []
    back: set[tuple[str, str]] = set()
    seen: set[str] = set()
    for start in places:
        trail = [(start, iter(onward[start]))] if start not in seen else []
        seen.add(start)
        while trail:
            here, ahead = trail[-1]
            target = next(ahead, None)
            if target is None:
                done.append(here)
                trail.pop()
            elif target not in seen:
                seen.add(target)
                trail.append((target, iter(onward[target])))
            elif any(target == before for before, _rest in trail):
                back.add((here, target))
    return done[::-1], back


def _untangled(rows: list[list[str]], ways: Joined, rank: Mapping[str, int]) -> list[list[str]]:
    """Ordered so that few arrows cross: each place near the middle of those that lead to it."""
    before: dict[str, list[str]] = {}
    for source, target in ways:
        chain = _chain(source, target, rank)
        for one, other in pairwise(chain):
            before.setdefault(other, []).append(one)
    ordered = [rows[0]]
    for row in rows[1:]:
        places = {key: place for place, key in enumerate(ordered[-1])}
        ordered.append(sorted(row, key=lambda key: _middle(before.get(key, ()), places)))
    return ordered


def _middle(keys: Sequence[str], places: Mapping[str, int]) -> float:
    known = [places[key] for key in keys if key in places]
    return sum(known) / len(known) if known else float(len(places))


def _chain(source: str, target: str, rank: Mapping[str, int]) -> list[str]:
    """The places that an arrow passes; one that leads back passes none."""
    between = range(rank[source] + 1, rank[target])
    return [source, *(_waypoint(source, target, place) for place in between), target]


def _waypoint(source: str, target: str, place: int) -> str:
    return f"{source}>{target}>{place}"


def _is_waypoint(key: str) -> bool:
    return ">" in key


# ---------------------------------------------------------------- places


def _boxes(rows: Sequence[Sequence[str]], ways: Joined, names: Mapping[str, str]) -> dict[str, Box]:
    widths = {key: _width(key, ways) for row in rows for key in row}
    wide = [sum(widths[key] + SPACE for key in row) - SPACE for row in rows]
    found: dict[str, Box] = {}
    y = MARGIN
    for row, width in zip(rows, wide, strict=True):
        x = MARGIN + (max(wide) - width) // 2
        height = TALL if any(_kind(key) == "stage" for key in row) else LOW
        for key in row:
            lines = () if _is_waypoint(key) else wrapped(names[key], NAME_LETTERS, 2)
            found[key] = Box(key, _kind(key), x, y, widths[key], height, lines)
            x += widths[key] + SPACE
        y += height + GAP
    return found


def _kind(key: str) -> str:
    ends = {INSIDE: "in", OUTSIDE: "out"}
    return ends.get(key) or ("waypoint" if _is_waypoint(key) else "stage")


def _width(key: str, ways: Joined) -> int:
    """Room for what stands on the arrows that begin here."""
    if _is_waypoint(key):
        return WAYPOINT
    least = BOX if _kind(key) == "stage" else END
    return max(least, SHARE * sum(source == key for source, _target in ways))


# ---------------------------------------------------------------- arrows


def _arrows(boxes: Mapping[str, Box], ways: Joined, edge: int) -> Iterator[Arrow]:
    lane = 0
    for source, box in boxes.items():
        targets = [target for one, target in ways if one == source]
        targets.sort(key=lambda target, s=source: _aim(boxes, s, target))  # type: ignore[misc]
        for place, target in enumerate(targets):
            x = box.x + box.width * (2 * place + 1) // (2 * len(targets))
            says = " / ".join(ways[source, target])
            if _leads_back(boxes, (source, target)):
                lane += 1
                path = _path_back(x, box.bottom, boxes[target], edge + lane * LANE)
            else:
                path = _path_on(x, box.bottom, _stops(boxes, source, target))
            lines = wrapped(says, LETTERS, LINES)
            y = box.bottom + (LABEL - LINE * (len(lines) - 1)) // 2 + 4
            yield Arrow(source, target, path, x, y, lines, says)


def _leads_back(boxes: Mapping[str, Box], way: tuple[str, str]) -> bool:
    return boxes[way[1]].y <= boxes[way[0]].y


def _aim(boxes: Mapping[str, Box], source: str, target: str) -> tuple[bool, int]:
    """Arrows leave a box in the order of what they lead to; those that lead back, last."""
    if _leads_back(boxes, (source, target)):
        return True, -boxes[target].y
    return False, _stops(boxes, source, target)[0].center


def _stops(boxes: Mapping[str, Box], source: str, target: str) -> list[Box]:
    prefix = f"{source}>{target}>"
    return [*(box for key, box in boxes.items() if key.startswith(prefix)), boxes[target]]


def _path_on(x: int, y: int, stops: Sequence[Box]) -> str:
    """Straight down past what stands on arrows, then in a curve to the next stop."""
    parts = [f"M{x} {y}"]
    for stop in stops:
        bend = (GAP - LABEL) // 2
        parts.append(f"V{y + LABEL}")
        parts.append(f"C{x} {stop.y - bend} {stop.center} {stop.y - bend} {stop.center} {stop.y}")
        x, y = stop.center, stop.bottom
        if stop.kind == "waypoint":
            parts.append(f"V{y}")
    return " ".join(parts)


def _path_back(x: int, y: int, target: Box, lane: int) -> str:
    """Down past what stands on it, up in a lane of its own beside everything, and in from above."""
    out, into, side = y + LABEL, target.y - TURN, target.center
    return (
        f"M{x} {y} V{out - TURN} Q{x} {out} {x + TURN} {out} H{lane - TURN}"
        f" Q{lane} {out} {lane} {out - TURN} V{into}"
        f" Q{lane} {into - TURN} {lane - TURN} {into - TURN} H{side + TURN}"
        f" Q{side} {into - TURN} {side} {into} V{target.y}"
    )
