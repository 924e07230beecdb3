"""`import_events FILE [--consent p1,p2 --policy NAME]`: what visitors did elsewhere."""

from collections import Counter
from collections.abc import Iterable
from typing import Any

from django.core.management.base import CommandError, CommandParser
from django.utils.translation import gettext as _

from personalization.collect.bulk import introduce_many
from personalization.collect.ingest import ingest
from personalization.exceptions import Malformed
from personalization.govern.models import Site
from personalization.profiles.ids import check_visitor_id
from rules.purposes import Purpose, Purposes
from workers.imports.columns import Columns
from workers.imports.event_rows import KNOWN, as_event
from workers.imports.progress import Progress
from workers.imports.rejects import Rejects
from workers.imports.rows import BATCH, NoRow, TheirRow
from workers.management.import_command import ImportCommand

SOURCE = "import"
SOME_WITHHELD = 3  # the exit code
Event = dict[str, Any]  # JSON values


class Command(ImportCommand):
    help = "Take events from a file, for visitors who consented. Running it again changes nothing."
    known = KNOWN

    def add_arguments(self, parser: CommandParser) -> None:
        super().add_arguments(parser)
        parser.add_argument(
            "--consent",
            help=_("What visitors of this file allowed you: %(all)s, separated by commas")
            % {"all": ",".join(Purpose)},
        )
        parser.add_argument(
            "--policy", default=SOURCE, help=_("Under which text they consented; for the ledger")
        )

    def work(self, site: Site, options: dict[str, Any]) -> None:
        consent = _purposes(options["consent"])
        columns = self.columns(options)
        with Rejects(self.rejects_path(options)) as rejects:
            run = _Run(site, consent, options["policy"], rejects, Progress(self.stderr))
            run.read(self.rows(options, columns), columns)
        self._report(run.counts, rejects)
        if run.counts["foreign"]:
            self.say(
                _(
                    "%(n)d events are in another currency than the site's, %(currency)s: they are "
                    "kept, and count for nothing in what visitors spent."
                )
                % {"n": run.counts["foreign"], "currency": site.currency}
            )
        if run.counts["withheld"]:
            raise CommandError(
                _(
                    "%(n)d events were withheld: their visitors allowed nothing that we know of. "
                    "If they did consent, say so with --consent and --policy."
                )
                % {"n": run.counts["withheld"]},
                returncode=SOME_WITHHELD,
            )

    def _report(self, counts: Counter[str], rejects: Rejects) -> None:
        self.say(
            _(
                "%(lines)d lines: %(accepted)d events stored, %(duplicates)d were there already, "
                "%(withheld)d withheld; consent recorded for %(introduced)d visitors."
            )
            % {name: counts[name] for name in (*OUTCOMES, "lines", "introduced")}
        )
        if len(rejects):
            named = {"n": len(rejects), "why": rejects.said(), "file": rejects.path}
            self.say(_("%(n)d refused (%(why)s): %(file)s") % named)


OUTCOMES = ("accepted", "duplicates", "withheld")


class _Run:
    """One pass over a file, a batch at a time: memory does not grow with its length."""

    def __init__(
        self, site: Site, consent: Purposes, policy: str, rejects: Rejects, progress: Progress
    ) -> None:
        self.counts: Counter[str] = Counter()
        self._site, self._consent, self._policy = site, consent, policy
        self._rejects, self._progress = rejects, progress

    def read(self, rows: Iterable[tuple[int, TheirRow | NoRow]], columns: Columns) -> None:
        batch: list[tuple[int, Event]] = []
        for line, row in rows:
            self.counts["lines"] += 1
            event = _event(row, columns)
            if isinstance(event, NoRow):
                self._rejects.add(line, event.code, event.reason)
                continue
            self.counts["foreign"] += event.get("currency", self._site.currency) != (
                self._site.currency
            )
            batch.append((line, event))
            if len(batch) == BATCH:
                self._hand_over(batch)
                batch = []
        self._hand_over(batch)
        self._progress.end()

    def _hand_over(self, batch: list[tuple[int, Event]]) -> None:
        if self._consent:
            self.counts["introduced"] += introduce_many(
                self._site,
                [event["visitor"] for _line, event in batch if _is_id(event["visitor"])],
                purposes=self._consent,
                policy=self._policy,
                source=SOURCE,
            )
        outcome = ingest(self._site, [event for _line, event in batch], trusted=True)
        for name in OUTCOMES:
            self.counts[name] += getattr(outcome, name)
        for refused in outcome.rejected:
            self._rejects.add(batch[refused.index][0], refused.code, refused.detail)
        said = {"lines": self.counts["lines"], "stored": self.counts["accepted"]}
        self._progress.say(_("%(lines)d lines read, %(stored)d events stored") % said)


def _event(row: TheirRow | NoRow, columns: Columns) -> Event | NoRow:
    ours = row if isinstance(row, NoRow) else columns.ours(row)
    return ours if isinstance(ours, NoRow) else as_event(ours)


def _is_id(visitor: object) -> bool:
    try:
        check_visitor_id(visitor)
    except Malformed:
        return False  # the event's own check refuses it, with its line
    return True


def _purposes(written: str | None) -> Purposes:
    if not written:
        return frozenset()
    names = [name.strip() for name in written.split(",") if name.strip()]
    unknown = [name for name in names if name not in set(Purpose)]
    if unknown:
        raise Malformed(
            _("“%(unknown)s” is no purpose. Purposes are: %(all)s.")
            % {"unknown": ", ".join(unknown), "all": ", ".join(Purpose)}
        )
    return frozenset(map(Purpose, names))
