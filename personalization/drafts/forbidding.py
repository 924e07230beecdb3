"""What the site's guide of today would not let pass: forbidden words and claims, foreign links.

In:  a revision that was written, and maybe approved, under an earlier guide.
Out: its hard findings by the guide as it is now.
"""

from collections.abc import Iterator
from typing import Final

from personalization.drafts.checks import brand, links
from personalization.drafts.models import Draft, Revision
from personalization.drafts.subjects import block_of
from personalization.drafts.values import Finding, Guide, Subject
from personalization.targeting.catalogue import site_catalogue

BY_GUIDE: Final = (brand.check, links.check)


def forbidden_in(draft: Draft, revision: Revision, guide: Guide) -> Iterator[Finding]:
    subject = Subject(
        fields=revision.fields,
        block=block_of(draft),
        catalogue=site_catalogue(draft.site),
        locale=draft.locale,
        guide=guide,
    )
    found = (finding for check in BY_GUIDE for finding in check(subject))
    return (finding for finding in found if finding.is_hard)
