"""`import_items FILE`: a catalogue, or the items that a file of sales speaks of."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.utils.translation import gettext as _

from personalization.catalog.feed import CHUNK, Outcome, upsert_items
from personalization.govern.models import Site
from personalization.management.site_command import BY
from workers.imports.item_rows import KNOWN, Gathering
from workers.imports.progress import Progress
from workers.imports.rejects import Rejects
from workers.imports.rows import NoRow
from workers.management.import_command import ImportCommand

Numbered = tuple[int, dict[str, Any]]  # a line, an item


class Command(ImportCommand):
    help = "Take items from a file. Running it again changes nothing."
    known = KNOWN

    def work(self, site: Site, options: dict[str, Any]) -> None:
        progress = Progress(self.stderr)
        total = Outcome(0, 0, 0, ())
        with Rejects(self.rejects_path(options)) as rejects:
            found = self._gathered(options, rejects, progress).items()
            for batch in _batches(found, CHUNK):
                outcome = upsert_items(site, [item for _line, item in batch], by=BY)
                for refused in outcome.rejected:
                    rejects.add(batch[refused.index][0], refused.code, refused.detail)
                total = _sum(total, outcome)
                progress.say(_("%(n)d items written") % {"n": total.created + total.updated})
        progress.end()
        self.say(
            _("%(created)d new, %(updated)d changed, %(unchanged)d as they were.")
            % {
                "created": total.created,
                "updated": total.updated,
                "unchanged": total.unchanged,
            }
        )
        if len(rejects):
            named = {"n": len(rejects), "why": rejects.said(), "file": rejects.path}
            self.say(_("%(n)d refused (%(why)s): %(file)s") % named)

    def _gathered(self, options: dict[str, Any], rejects: Rejects, progress: Progress) -> Gathering:
        columns, gathering = self.columns(options), Gathering()
        for line, row in self.rows(options, columns):
            ours = row if isinstance(row, NoRow) else columns.ours(row)
            if isinstance(ours, NoRow):
                rejects.add(line, ours.code, ours.reason)
            else:
                gathering.hear(line, ours)
            progress.say(_("line %(n)d") % {"n": line})
        return gathering


def _batches(found: Iterable[Numbered], size: int) -> Iterator[list[Numbered]]:
    batch: list[Numbered] = []
    for one in found:
        batch.append(one)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _sum(one: Outcome, other: Outcome) -> Outcome:
    return Outcome(
        one.created + other.created,
        one.updated + other.updated,
        one.unchanged + other.unchanged,
        (),
    )
