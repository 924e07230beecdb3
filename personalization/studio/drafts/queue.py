"""The queue: which drafts a reviewer goes through, in which order, and where they are in it.

In:  the filters of an address. Out: drafts; of one, its place among them and its neighbours.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from urllib.parse import parse_qs, urlencode

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.http import HttpRequest

from personalization import clock
from personalization.drafts.models import Draft, Revision
from personalization.govern.models import Site

LONGEST: Final = 2000  # drafts of one sitting
SOON: Final = timedelta(days=1)
PLAIN: Final = {"locale": "locale", "block": "block", "brief": "brief_id", "state": "state"}
OWN: Final = ("mine", "due", "findings")
KEPT_BY_DJANGO: Final = "_changelist_filters"  # what a list hands to the page of a row


@dataclass(frozen=True, slots=True)
class Place:
    """`number` of `count`, counted from one; the neighbours' ids, None at the ends.

    A draft that is decided stands in the queue no more: its number is the next one's.
    """

    number: int
    count: int
    before: int | None
    after: int | None


@dataclass(frozen=True, slots=True)
class Queue:
    """`chosen`: filter -> value, as in the address of the list."""

    site: Site
    person: Any  # the host's user model
    chosen: Mapping[str, str]

    @classmethod
    def asked(cls, request: HttpRequest, site: Site) -> "Queue":
        sent = request.GET
        listed = parse_qs(sent.get(KEPT_BY_DJANGO, ""))
        given = {name: sent.get(name) or listed.get(name, [""])[0] for name in (*PLAIN, *OWN)}
        return cls(site, request.user, {name: value for name, value in given.items() if value})

    def drafts(self) -> QuerySet[Draft]:
        """What is due first; then as they were written."""
        rows = Draft.objects.filter(site=self.site)
        for name, value in self.chosen.items():
            rows = rows.filter(condition(name, value, self.person))
        if "state" not in self.chosen:
            rows = rows.filter(state=Draft.WAITING)
        return rows.order_by(F("due_at").asc(nulls_last=True), "id")

    def place(self, draft: Draft) -> Place:
        """A draft that has just been decided keeps its place: its neighbours are still asked."""
        rows = self.drafts().values_list("due_at", "pk")[:LONGEST]
        ids = [pk for _due, pk in rows]
        if draft.pk in ids:
            here = ids.index(draft.pk)
            return Place(here + 1, len(ids), _at(ids, here - 1), _at(ids, here + 1))
        turn = _turn(draft.due_at, draft.pk)
        here = sum(1 for due, pk in rows if _turn(due, pk) < turn)
        return Place(here + 1, len(ids), _at(ids, here - 1), _at(ids, here) or _at(ids, 0))

    def first(self) -> int | None:
        return self.drafts().values_list("pk", flat=True).first()

    def as_query(self) -> str:
        return urlencode(self.chosen)


def _turn(due: datetime | None, pk: int) -> tuple[bool, float, int]:
    return due is None, due.timestamp() if due else 0.0, pk


def _at(ids: list[int], place: int) -> int | None:
    return ids[place] if 0 <= place < len(ids) else None


def condition(name: str, value: str, person: Any) -> Q:
    if name == "mine":
        return Q(assigned_to=person.pk)
    if name == "due":
        return Q(due_at__lt=clock.now() + SOON)
    if name == "findings":
        found = Q(Exists(with_findings()))
        return found if value == "with" else ~found
    column = PLAIN[name]
    if column == "brief_id" and not value.isdigit():
        return Q(pk=None)
    return Q(**{column: value})


def with_findings() -> QuerySet[Revision]:
    """Of an outer draft: its newest revision, if the checks found something."""
    newest = Revision.objects.filter(draft=OuterRef("pk"), number=OuterRef("revision"))
    return newest.exclude(findings=[])
