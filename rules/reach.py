"""What a condition leaves of all visitors, told from above: more may be left, never less.

In:  normal forms.
Out: boxes. A box says for each thing that is asked which of its places are left; None: nothing is
     left, so the condition can never have this truth. Parts that must all hold cut each other's
     boxes; of parts of which any may hold the hull is taken, which is where "more" comes from.
"""

from collections import defaultdict
from collections.abc import Hashable, Iterable, Iterator, Mapping
from typing import Any, Final

from rules.axes import FALSE_PLACE, TRUE_PLACE, UNKNOWN, Axis, Split, values_of
from rules.normal import SEGMENT, VALUE, Atom, Joined, Normal, opposite, turned

Key = Hashable  # an axis: (field, measure); or a question that stands for itself: an atom
Box = dict[Key, int]
Boxed = Box | None
_WHOLE: Final = UNKNOWN | TRUE_PLACE | FALSE_PLACE
_FREE_TEXT: Final = ("contains", "ends", "matches")
_ON_AXES: Final = ("equal", "less", "more", "begins", "unknown")
_PLACED: Final = frozenset({*_FREE_TEXT, *_ON_AXES})


class Reach:
    """All that `asked` and the segments ask for, laid out in places."""

    def __init__(self, asked: Iterable[Normal], segments: Mapping[str, Normal]) -> None:
        """`segments`: each after those that it names. Of others nothing is known."""
        self.segments = segments
        self.boxes: dict[tuple[Normal, bool], Boxed] = {}
        self.splits: dict[Atom, list[tuple[Key, Split, int]]] = {}
        self.inner: dict[Normal, Reach] = {}
        self.axes = self._laid_out([*asked, *segments.values()])
        for said in segments.values():
            for each in (said, turned(said)):
                self.where(each, True)
                self.where(each, False)

    def never(self, said: Normal) -> bool:
        return self.where(said, True) is None

    def always(self, said: Normal) -> bool:
        return self.where(said, False) is None

    def where(self, said: Normal, holds: bool) -> Boxed:
        """Where it is true (`holds`), or where it is not: false or unknown."""
        if isinstance(said, Atom) and not self._is_told(said):
            return self._box(said, holds)
        if (said, holds) not in self.boxes:
            self.boxes[said, holds] = self._where(said, holds)
        return self.boxes[said, holds]

    def _is_told(self, atom: Atom) -> bool:
        return atom.base == SEGMENT and atom.value in self.segments

    def meet(self, boxes: Iterable[Boxed]) -> Boxed:
        """What all of them leave."""
        left: Box = {}
        for box in boxes:
            if box is None:
                return None
            for key, places in box.items():
                left[key] = left.get(key, places) & places
        return _linked(left)

    def hull(self, boxes: Iterable[Boxed]) -> Boxed:
        """What any of them leaves, and perhaps more."""
        left = [box for box in boxes if box is not None]
        if not left:
            return None
        found: Box = {}
        for key in min(left, key=len):
            places = 0
            for box in left:
                places |= box.get(key, self._full(key))
            if places != self._full(key):
                found[key] = places
        return found

    def _where(self, said: Normal, holds: bool) -> Boxed:
        if isinstance(said, Atom):
            inside = self.segments[str(said.value)]
            return self.where(turned(inside) if said.negated else inside, holds)
        boxes = [self.where(part, holds) for part in said.parts]
        return self.meet(boxes) if (said.word == "and") is holds else self.hull(boxes)

    def _box(self, atom: Atom, holds: bool) -> Boxed:
        asked = opposite(atom) if atom.negated else atom
        if asked not in self.splits:
            self.splits[asked] = list(self._splits(asked))
        open_too = 0 if holds or atom.base == "unknown" else UNKNOWN
        box: Box = {}
        for key, (true, false), full in self.splits[asked]:
            places = (true if holds is not atom.negated else false) | open_too
            if not places:
                return None
            if places != full:
                box[key] = places
        return box

    def _full(self, key: Any) -> int:  # a `Key`
        return _WHOLE if isinstance(key, Atom) else self.axes[key].full

    def _splits(self, atom: Atom) -> Iterator[tuple[Key, Split, int]]:
        """Of each thing that it looks at: where it is true, where it is false, and all places."""
        is_placed = len(atom.fields) == 1 and atom.base in _PLACED
        if is_placed:
            key = (atom.fields[0], atom.measure)
            axis = self.axes[key]
            yield key, axis.split(atom.base, atom.value), axis.full
        if not is_placed or atom.base in _FREE_TEXT:
            yield atom, self._possible(atom), _WHOLE
        if not is_placed or atom.measure != VALUE:
            for field in atom.fields:
                axis = self.axes[field, VALUE]
                yield (field, VALUE), (axis.known, axis.known), axis.full

    def _possible(self, atom: Atom) -> Split:
        """Of a question that stands for itself: can it be true, can it be false?"""
        can_be_true = can_be_false = True
        if len(set(atom.fields)) < len(atom.fields):  # a field and itself
            can_be_true, can_be_false = atom.base != "less", atom.base == "less"
        elif isinstance(atom.measure, Atom | Joined):
            can_be_false = not self._is_certain_share(atom.base, atom.measure)
        elif isinstance(atom.value, tuple) and atom.base in ("did", "didNot"):
            steps, _within = atom.value
            needed = steps if atom.base == "did" else steps[:-1]
            can_be_true = not any(self._inside(step).never(step) for step in needed)
        return TRUE_PLACE * can_be_true, FALSE_PLACE * can_be_false

    def _is_certain_share(self, mode: str, inner: Normal) -> bool:
        if mode == "atMost":
            return self._inside(inner).never(inner)
        return mode in ("all", "atLeast") and self._inside(inner).always(inner)

    def _inside(self, inner: Normal) -> "Reach":
        """A condition over one element has fields of its own."""
        if inner not in self.inner:
            self.inner[inner] = Reach([inner], {})
        return self.inner[inner]

    def _laid_out(self, said: Iterable[Normal]) -> dict[tuple[str, Hashable], Axis]:
        values: defaultdict[tuple[str, Hashable], set[Any]] = defaultdict(set)
        kinds: dict[str, str] = {}
        for atom in atoms(said):
            for field in atom.fields:
                kinds[field] = atom.kind
                values[field, VALUE]  # whether it is known is asked of every field
            if len(atom.fields) == 1 and atom.base in _ON_AXES:
                values[atom.fields[0], atom.measure].update(values_of(atom.base, atom.value))
        return {key: self._axis(kinds[key[0]], key[1], found) for key, found in values.items()}

    def _axis(self, kind: str, measure: Hashable, values: set[Any]) -> Axis:
        if isinstance(measure, Atom | Joined):
            is_none = self._inside(measure).never(measure)
            return Axis(values, floor=0, whole=True, only=(0,) if is_none else ())
        if kind == "boolean":
            return Axis(values, only=(False, True))
        return Axis(values, floor="" if kind == "string" else None)


def atoms(said: Iterable[Normal]) -> Iterator[Atom]:
    """Every question, over the visitor's own fields."""
    waiting = list(said)
    while waiting:
        one = waiting.pop()
        if isinstance(one, Atom):
            yield one
        else:
            waiting.extend(one.parts)


def _linked(box: Box) -> Boxed:
    """What is known of a field in one place is known of it in every other."""
    if 0 in box.values():
        return None
    known: set[str] = set()
    unknown: set[str] = set()
    for key, places in box.items():
        fields = _fields_of(key)
        if not places & UNKNOWN:
            known |= fields
        elif places == UNKNOWN and len(fields) == 1:
            unknown |= fields
    if known & unknown:
        return None
    for key, places in box.items():
        fields = _fields_of(key)
        if fields and fields <= known:
            box[key] = places & ~UNKNOWN
    return None if 0 in box.values() else box


def _fields_of(key: Any) -> set[str]:  # a `Key`
    return set(key.fields) if isinstance(key, Atom) else {key[0]}
