"""Which pictures a model drew, and which of them had somebody's yes.

In:  a site, and the names of stored files that contents name.
Out: for each that a model drew a `Source`. A copy that somebody uploads is known by its bytes.
"""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from personalization.catalog.models import Media
from personalization.catalog.pictures import digest_of_stored
from personalization.drafts.approvals import Approval, approvals
from personalization.drafts.models import Draft
from personalization.govern.models import Site
from rules.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Source:
    """A drawn picture of the library, and its draft on this site.

    `provenance` None: nobody's yes, or its bytes or words are not those that had one; `lapse` says
    why a yes that it had holds no more.
    """

    picture: Media
    draft: Draft | None = None
    provenance: Provenance | None = None
    lapse: str = ""


def sources(site: Site, names: Collection[str]) -> dict[str, Source]:
    """Name of a file -> where its picture came from; what people uploaded is left out."""
    originals = _originals(names)
    rows = Draft.objects.filter(site=site, picture__in=set(originals.values()))
    by_picture = {each.draft.picture_id: each for each in approvals(site, rows)}
    return {
        name: _source(name, picture, by_picture.get(picture.pk))
        for name, picture in originals.items()
    }


def _source(name: str, picture: Media, approval: Approval | None) -> Source:
    if approval is None:
        return Source(picture)
    if digest_of_stored(name) != picture.sha256:
        return Source(picture, approval.draft, None, _("Its file is another one now."))
    return Source(picture, approval.draft, approval.provenance, approval.lapse)


def _originals(names: Collection[str]) -> dict[str, Media]:
    """Name -> the picture as the model drew it, of whichever site."""
    if not names:
        return {}
    rows = {row.file.name or "": row for row in Media.objects.filter(file__in=names)}
    others = dict(_bytes_of_others(names, rows))
    drawn = Media.objects.filter(sha256__in=set(others.values()) - {""}).exclude(generated={})
    by_bytes = {row.sha256: row for row in drawn}
    found = {name: row for name, row in rows.items() if row.generated}
    return found | {name: by_bytes[sha256] for name, sha256 in others.items() if sha256 in by_bytes}


def _bytes_of_others(
    names: Collection[str], rows: Mapping[str, Media]
) -> Iterator[tuple[str, str]]:
    """Of what is not marked as drawn the digest; what left the library may still be stored."""
    for name in names:
        row = rows.get(name)
        if row is None:
            yield name, digest_of_stored(name)
        elif not row.generated:
            yield name, row.sha256 or digest_of_stored(name)
