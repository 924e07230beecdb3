"""A draft's texts: each revision cleaned, checked, hashed, and never changed again.

In:  a draft, a block's fields in the draft's language.
Out: a `Revision` with its findings. Whoever had said yes said it to another text.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.blocks.advice import alternative_of
from personalization.catalog.pictures import offer_picture, save_picture
from personalization.drafts.checks import check
from personalization.drafts.checks.markup import cleaned, removed
from personalization.drafts.fingerprints import take_fingerprints
from personalization.drafts.models import Brief, Draft, Revision
from personalization.drafts.people import Person, demand
from personalization.drafts.shape import picture_fields
from personalization.drafts.subjects import block_of, subject_of
from personalization.drafts.values import Finding
from personalization.exceptions import Conflict
from personalization.govern import audit
from personalization.targeting.reading import Document
from rules.provenance import binding, picture_binding

Fields = Mapping[str, Any]  # JSON


def first_revision(draft: Draft, fields: Fields, *, also: tuple[Finding, ...] = ()) -> Revision:
    """What the model wrote, in the transaction that makes the draft. `also`: further findings."""
    return _add(draft, fields, number=1, also=also)


@transaction.atomic
def edit(draft: Draft, fields: object, *, by: Person, sha256: str) -> Revision:
    """Write another text in place of the one seen; all approvals are gone with that one.

    Who edits does not approve. An edit that changes nothing is none.
    """
    demand(by, "edit", "review")
    _refuse_guest(by)
    reading = Document({"fields": fields})
    said = reading.mapping("fields")
    reading.finish()
    draft = locked(draft)
    before = seen(draft, sha256)
    is_same = cleaned(said, block_of(draft)) == before.fields
    if is_same and hash_of(draft, before.fields) == before.sha256:
        return before
    _describe_picture(draft, said, by)
    revision = _add(draft, said, number=draft.revision + 1, by=by)
    draft.revision, draft.state, draft.decided_at = revision.number, Draft.WAITING, None
    draft.save(update_fields=["revision", "state", "decided_at"])
    if draft.picture is not None:
        offer_picture(draft.picture, by=by.name, is_offered=False)
    changes = {"revision": [before.number, revision.number], "text": [before.fields, said]}
    note(draft, "edited", by, changes)
    return revision


def locked(draft: Draft) -> Draft:
    """The row as it is now, ours until we commit."""
    rows = Draft.objects.select_for_update(of=("self",))
    return rows.select_related("site", "brief__author", "order__author", "picture").get(pk=draft.pk)


def current(draft: Draft) -> Revision:
    """Its newest text; of drafts that were loaded with their revisions without a query."""
    return next(each for each in draft.revisions.all() if each.number == draft.revision)


def seen(draft: Draft, sha256: str) -> Revision:
    """The newest revision, if it is the very text that somebody looked at."""
    revision = current(draft)
    if revision.sha256 != sha256:
        raise Conflict(_("This text changed meanwhile. Look at it again, then decide."))
    return revision


def hash_of(draft: Draft, fields: Fields) -> str:
    """Of a draft that is a picture: over its bytes and the words that the library has for it."""
    if draft.brief.kind == Brief.IMAGE:
        picture = draft.picture
        return picture_binding(
            picture.sha256 if picture else "",
            picture.alternative if picture else "",
            segment=draft.segment,
            locale=draft.locale,
            prompt=draft.order.prompt,
        )
    return binding(
        fields,
        block=draft.block,
        segment=draft.segment,
        locale=draft.locale,
        prompt=draft.order.prompt,
    )


def findings_of(revision: Revision) -> tuple[Finding, ...]:
    return tuple(map(Finding.from_document, revision.findings))


def add_findings(revision: Revision, found: Iterable[Finding]) -> list[Finding]:
    """Those that were not known of it are kept in front, for the reviewer to see."""
    known = {(each["code"], each["path"]) for each in revision.findings}
    new = [each for each in found if (each.code, each.path) not in known]
    if new:
        revision.findings = [*(each.to_document() for each in new), *revision.findings]
        revision.save(update_fields=["findings"])
    return new


def note(draft: Draft, deed: str, by: Person, changes: Mapping[str, Any]) -> None:  # JSON
    audit.record(
        site=draft.site,
        actor=by.name,
        action=f"draft.{deed}",
        target=str(draft.pk),
        changes=changes,
    )


def _describe_picture(draft: Draft, said: Fields, by: Person) -> None:
    """What the draft says of its picture, the library says too."""
    if draft.picture is None:
        return
    block = block_of(draft)
    named = (alternative_of(name, block.schema) for name in picture_fields(block.schema))
    words = next((name for name in named if name is not None), None)
    if words is not None:
        save_picture(
            draft.site,
            title=draft.picture.title,
            alternative=str(cleaned(said, block).get(words, "")),
            row=draft.picture,
            by=by.name,
        )


def _refuse_guest(by: Person) -> None:
    if by.is_guest:
        raise Conflict(_("A guest says yes or no; ask a colleague to change the text."))


def _add(
    draft: Draft,
    fields: Fields,
    *,
    number: int,
    by: Person | None = None,
    also: tuple[Finding, ...] = (),
) -> Revision:
    block = block_of(draft)
    said = cleaned(fields, block)
    found = (*check(subject_of(draft, said)), *removed(fields, said, block), *also)
    revision = Revision.objects.create(
        draft=draft,
        number=number,
        fields=said,
        findings=[each.to_document() for each in found],
        sha256=hash_of(draft, said),
        author=by.account if by else None,
        by=by.name if by else "",
    )
    take_fingerprints(revision)
    return revision
