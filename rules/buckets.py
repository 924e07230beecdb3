"""Where the hash puts a unit: GrowthBook's public bucketing, so that any SDK agrees with us.

In:  a seed and a unit; arms with weights and coverage.
Out: a number in [0, 1), and the arm whose range holds it.
Source: https://docs.growthbook.io/lib/build-your-own, versions 1 and 2 of the hash.
"""

from collections.abc import Sequence
from functools import lru_cache

Range = tuple[float, float]
Namespace = tuple[str, float, float]

FNV_OFFSET, FNV_PRIME, FNV_MASK = 0x811C9DC5, 0x01000193, 0xFFFFFFFF
NO_ARM = -1


def assign(seed: str, unit: str, version: int) -> float | None:
    """The unit's place in [0, 1); None for a version that nobody has defined."""
    if version == 2:
        first = _fnv1a32(unit, _state_after(seed))
        return _fnv1a32(str(first)) % 10_000 / 10_000
    if version == 1:
        return _fnv1a32(unit + seed) % 1_000 / 1_000
    return None


def bucket_ranges(
    n: int, coverage: float = 1.0, weights: Sequence[float] | None = None
) -> tuple[Range, ...]:
    """One range an arm. Weights that do not fit `n` or do not add up to 1 become equal ones."""
    covered = min(1.0, max(0.0, coverage))
    ranges, start = [], 0.0
    for weight in _fitting(n, weights):
        ranges.append((start, start + covered * weight))
        start += weight
    return tuple(ranges)


def choose(value: float, ranges: Sequence[Range]) -> int:
    """The index of the range that holds the value, or -1."""
    for index, (low, high) in enumerate(ranges):
        if low <= value < high:
            return index
    return NO_ARM


def in_namespace(unit: str, namespace: Namespace) -> bool:
    """Experiments whose parts of one namespace do not overlap never share a visitor."""
    name, start, end = namespace
    return start <= _fnv1a32(f"{unit}__{name}") % 1_000 / 1_000 < end


def equal_weights(n: int) -> tuple[float, ...]:
    return (1 / n,) * n if n > 0 else ()


def _fitting(n: int, weights: Sequence[float] | None) -> Sequence[float]:
    fits = weights is not None and len(weights) == n and 0.99 <= sum(weights) <= 1.01
    return weights if weights is not None and fits else equal_weights(n)


@lru_cache(maxsize=4096)
def _state_after(seed: str) -> int:
    """The hash's state once the seed is read: seeds are few, units are many."""
    return _fnv1a32(seed)


def _fnv1a32(text: str, state: int = FNV_OFFSET) -> int:
    """FNV-1a over UTF-16 code units, as the JavaScript SDK reads a string."""
    units: Sequence[int] = text.encode() if text.isascii() else _utf16_units(text)
    for unit in units:
        state = ((state ^ unit) * FNV_PRIME) & FNV_MASK
    return state


def _utf16_units(text: str) -> memoryview:
    return memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
