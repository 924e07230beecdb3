"""In: rows as they were sent. Out: those to store if consent allows, and the rejections. No I/O."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Protocol

from django.utils.translation import gettext as _

from personalization.collect.checking import BUILT_IN_TYPES, Rejection, Row, Rules, check_row
from personalization.collect.exposures import Claims, read
from personalization.govern.pseudonyms import candidates


class SiteRules(Protocol):
    """A site, or what a process remembers of one."""

    @property
    def id(self) -> int: ...
    @property
    def currency(self) -> str: ...
    @property
    def event_types(self) -> Iterable[str]: ...
    @property
    def gpc_opts_out(self) -> object: ...
    @property
    def has_journeys(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class Reception:
    """The rows that passed, the claims of their exposure tokens by index, and the rejections."""

    rows: Sequence[Row]
    claims: dict[int, Claims]
    rejected: tuple[Rejection, ...]


def receive(
    site: SiteRules, sent: Sequence[object], *, now: int, proven_visitor: str | None, trusted: bool
) -> Reception:
    """Check every row. Who is not trusted speaks only for the visitor whom they proved to be."""
    rules = Rules(BUILT_IN_TYPES.union(site.event_types), site.currency, now)
    rows: list[Row] = []
    claims: dict[int, Claims] = {}
    rejected: list[Rejection] = []
    for index, document in enumerate(sent):
        row = check_row(index, document, rules)
        if isinstance(row, Row) and not trusted and row.visitor != proven_visitor:
            row = Rejection(index, "visitor_token", _("Send the token of this visitor."))
        if isinstance(row, Row) and row.exposure:
            row = _with_claims(site.id, row, claims)
        if isinstance(row, Row):
            rows.append(row)
        else:
            rejected.append(row)
    return Reception(rows, claims, tuple(rejected))


def _with_claims(site_id: int, row: Row, claims: dict[int, Claims]) -> Row | Rejection:
    """Read the row's exposure token: ours, not expired, and shown to this visitor or to anybody."""
    shown = read(site_id, str(row.exposure))
    if shown is None:
        return Rejection(row.place, "exposure", _("The exposure token is not ours, or too old."))
    if shown.visitor and shown.visitor not in candidates(site_id, row.visitor):
        return Rejection(row.place, "exposure", _("This was shown to another visitor."))
    claims[row.place] = shown
    return row
