"""Contents that came from elsewhere with a model's words: here they need a yes of their own.

In:  a site whose contents claim texts that none of its drafts holds.
Out: a draft for each, which waits for a reviewer like any other.
"""

from collections.abc import Iterator

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts.models import Brief, Draft, Order, Revision
from personalization.drafts.revisions import first_revision
from personalization.govern import audit
from personalization.govern.models import Site
from personalization.targeting.models import Content
from rules.provenance import Provenance, binding

IMPORTED = "import"


@transaction.atomic
def adopt(site: Site, *, by: str) -> list[Draft]:
    """Once a text: what waits, was approved or rejected here already is left as it is."""
    unknown = dict(_unknown(site))
    made = [_adopted(row, locale, by=by) for row, locale in unknown.values()]
    if made:
        changes = {"drafts": [draft.pk for draft in made]}
        audit.record(site=site, actor=by, action="draft.taken_in", changes=changes)
    return made


def claimed_hash(row: Content, locale: str) -> str:
    """What a draft of this text would have for a hash, by what the content says it was made for."""
    claim = row.generated[locale]
    return binding(
        row.fields[locale],
        block=row.block,
        segment=claim["segment"],
        locale=locale,
        prompt=claim["prompt"],
    )


def _unknown(site: Site) -> Iterator[tuple[str, tuple[Content, str]]]:
    """By hash, so that two contents with the same text make one draft."""
    rows = Content.objects.filter(site=site).exclude(generated={})
    wanted = {
        claimed_hash(row, locale): (row, locale)
        for row in rows
        for locale in row.generated.keys() & row.fields.keys()
    }
    known = Revision.objects.filter(draft__site=site, sha256__in=list(wanted))
    there = set(known.values_list("sha256", flat=True))
    return ((sha256, found) for sha256, found in wanted.items() if sha256 not in there)


def _adopted(row: Content, locale: str, *, by: str) -> Draft:
    """Whoever brings it in counts as who asked for it."""
    claim = Provenance.from_document(row.generated[locale])
    brief = Brief.objects.create(
        site=row.site,
        name=(_("Imported: %s") % row)[:200],
        block=row.block,
        segment=claim.segment,
        goal=_("It came with a configuration from another site."),
        locales=[locale],
        variants=1,
        state=Brief.ASKED,
        by=by[:200],
    )
    order = Order.objects.create(
        brief=brief,
        locale=locale,
        by=by[:200],
        state=Order.WRITTEN,
        provider=IMPORTED,
        model=claim.model,
        prompt=claim.prompt,
    )
    draft = Draft.objects.create(
        site=row.site,
        order=order,
        brief=brief,
        variant=1,
        block=row.block,
        segment=claim.segment,
        locale=locale,
    )
    first_revision(draft, row.fields[locale])
    return draft
