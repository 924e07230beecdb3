"""Purposes as bits of a column, and as the document that a consent banner sends."""

from collections.abc import Mapping
from functools import cache
from typing import Final

from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed
from rules.purposes import Purpose, Purposes

ANALYTICS: Final = 1
PERSONALIZATION: Final = 2
TRAINING: Final = 4
PROFILING_AI: Final = 8
ALL_BITS: Final = 15
_BITS: Final[Mapping[Purpose, int]] = {
    Purpose.ANALYTICS: ANALYTICS,
    Purpose.PERSONALIZATION: PERSONALIZATION,
    Purpose.TRAINING: TRAINING,
    Purpose.PROFILING_AI: PROFILING_AI,
}


@cache
def to_bits(purposes: Purposes) -> int:
    return sum(_BITS[purpose] for purpose in purposes)


@cache
def from_bits(bits: int) -> Purposes:
    return frozenset(purpose for purpose, bit in _BITS.items() if bits & bit)


def granting(bits: int) -> tuple[int, ...]:
    """Every combination of purposes that grants all of these."""
    return tuple(each for each in range(ALL_BITS + 1) if each & bits == bits)


def read_purposes(document: object, path: str = "purposes") -> Purposes:
    """What `{"analytics": true, …}` grants; what is not named is not granted."""
    if not isinstance(document, Mapping):
        raise _malformed(path, "type", _("Send an object of purposes, each true or false."))
    for name, granted in document.items():
        if name not in set(Purpose):
            known = ", ".join(Purpose)
            raise _malformed(f"{path}.{name}", "unknown", _("Purposes are: %s.") % known)
        if not isinstance(granted, bool):
            raise _malformed(f"{path}.{name}", "type", _("Send true or false."))
    return frozenset(Purpose(name) for name, granted in document.items() if granted)


def as_document(purposes: Purposes) -> dict[str, bool]:
    """Every purpose, granted or not."""
    return {purpose.value: purpose in purposes for purpose in Purpose}


def _malformed(path: str, code: str, detail: str) -> Malformed:
    return Malformed(detail, errors=(FieldError(path, code, detail),))
