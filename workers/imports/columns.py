"""Their columns as ours.

In:  `--map theirs=ours`, `--set ours=value`, `--only ours=pattern`.
Out: a row by our names, or why it is not wanted.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatchcase
from typing import Any

from django.utils.translation import gettext as _

from personalization.exceptions import Malformed
from workers.imports.rows import NoRow, TheirRow

OurRow = dict[str, Any]  # our column -> a text or a typed value


@dataclass(frozen=True, slots=True)
class Columns:
    """`known`: our names; their columns of other names are not looked at."""

    known: frozenset[str]
    renamed: Mapping[str, str]  # theirs -> ours
    fixed: Mapping[str, str]
    patterns: Mapping[str, str]

    @classmethod
    def read(
        cls,
        known: frozenset[str],
        renamed: Iterable[str],
        fixed: Iterable[str],
        patterns: Iterable[str],
    ) -> "Columns":
        theirs = _pairs("--map", renamed)
        for ours in [*theirs.values(), *(constants := _pairs("--set", fixed))]:
            _check_known(known, ours)
        only = _pairs("--only", patterns)
        for ours in only:
            _check_known(known, ours)
        return cls(known, theirs, constants, only)

    def ours(self, row: TheirRow) -> OurRow | NoRow:
        """Empty texts and nulls are absent."""
        named = {self.renamed.get(name, name): value for name, value in row.items()}
        found = {
            name: value
            for name, value in named.items()
            if name in self.known and value is not None and value != ""
        }
        found.update(self.fixed)
        for name, pattern in self.patterns.items():
            if not fnmatchcase(str(found.get(name, "")), pattern):
                sentence = _("“%(name)s” does not match --only %(pattern)s.")
                return NoRow("not_wanted", sentence % {"name": name, "pattern": pattern})
        return found

    def names(self) -> frozenset[str]:
        """Our columns that `--map` and `--set` give."""
        return frozenset([*self.renamed.values(), *self.fixed])


def _pairs(option: str, written: Iterable[str]) -> dict[str, str]:
    found = {}
    for pair in written:
        left, equals, right = pair.partition("=")
        if not (left and equals and right):
            raise Malformed(
                _("Write %(option)s as left=right, not “%(pair)s”.")
                % {"option": option, "pair": pair}
            )
        found[left.strip()] = right.strip()
    return found


def _check_known(known: frozenset[str], name: str) -> None:
    if name not in known:
        raise Malformed(
            _("There is no column “%(name)s” of ours. There are: %(known)s.")
            % {"name": name, "known": ", ".join(sorted(known))}
        )
