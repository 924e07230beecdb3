"""Whose yes a draft needs, which it has, and what an approved one may say of itself.

A yes counts for exactly the revision whose hash it names, once for each person.
"""

from collections.abc import Iterable, Iterator

from django.db.models import QuerySet

from personalization.drafts.checks.brand import places
from personalization.drafts.checks.texts import folded, prose
from personalization.drafts.models import Draft, Review, Revision
from personalization.drafts.people import Person, roots_of
from personalization.drafts.policies import Policy, policy_of
from personalization.drafts.revisions import current, hash_of
from personalization.drafts.subjects import block_of
from personalization.govern.models import Site
from rules.provenance import Provenance


def missing(draft: Draft, *, policy: Policy | None = None) -> tuple[str, ...]:
    """The steps that still want somebody's yes, as in ("editorial", "legal")."""
    asked = policy or policy_of(draft.site)
    revision = current(draft)
    given = [review.step for review in yeses(draft, revision)]
    wanted = [Review.EDITORIAL] * (2 if asked.two_approvals else 1)
    if is_legal(draft, revision, asked):
        wanted.append(Review.LEGAL)
    for step in given:
        if step in wanted:
            wanted.remove(step)
    return tuple(wanted)


def is_legal(draft: Draft, revision: Revision, policy: Policy) -> bool:
    """Does a lawyer look at this one, for its audience or for a word in it?"""
    if draft.segment in policy.legal_segments:
        return True
    seen = [folded(text.plain) for text in prose(revision.fields, block_of(draft))]
    return any(next(places(text, word), None) for word in policy.legal_words for text in seen)


def yeses(draft: Draft, revision: Revision) -> Iterator[Review]:
    """The approvals of this very text that stand: after the last no, of different people."""
    taken: set[str] = set()
    for review in _since_the_last_no(draft, revision):
        if review.sha256 == revision.sha256 and taken.isdisjoint(roots_of(review)):
            taken |= roots_of(review)
            yield review


def has_said_yes(draft: Draft, who: Person) -> bool:
    given = yeses(draft, current(draft))
    return any(not who.roots.isdisjoint(roots_of(review)) for review in given)


def is_approved(draft: Draft) -> bool:
    """Its newest text has its yeses, and is still, letter by letter, what they were given to."""
    if draft.state != Draft.APPROVED:
        return False
    revision = current(draft)
    is_untouched = hash_of(draft, revision.fields) == revision.sha256
    return is_untouched and any(True for _each in yeses(draft, revision))


def approved(site: Site, hashes: Iterable[str]) -> dict[str, Provenance | None]:
    """Those of these hashes that drafts of the site stand at: where they came from, once approved.

    None: it waits for a yes, or had a no.
    """
    revisions = Revision.objects.filter(draft__site=site, sha256__in=list(hashes))
    found: dict[str, Provenance | None] = {}
    rows = Draft.objects.filter(pk__in=revisions.values("draft_id"))
    for draft, provenance in approved_drafts(site, rows):
        sha256 = current(draft).sha256
        found[sha256] = provenance or found.get(sha256)
    return found


def approved_drafts(
    site: Site, rows: "QuerySet[Draft]"
) -> Iterator[tuple[Draft, Provenance | None]]:
    """Each of these drafts with where it came from, once it is approved."""
    rows = rows.select_related("order", "brief", "picture")
    policy = policy_of(site)
    for row in rows.prefetch_related("revisions", "reviews"):
        yield row, provenance_of(row, policy=policy) if is_approved(row) else None


def provenance_of(draft: Draft, *, policy: Policy | None = None) -> Provenance:
    """Of an approved draft: who asked, what wrote, who said yes, when."""
    revision, order = current(draft), draft.order
    given = list(yeses(draft, revision))
    return Provenance(
        draft=draft.pk,
        revision=revision.number,
        sha256=revision.sha256,
        segment=draft.segment,
        prompt=order.prompt,
        model=_model(draft),
        author=order.by or draft.brief.by,
        reviewers=tuple(review.by for review in given),
        asked_at=order.created_at.isoformat(),
        approved_at=max(review.created_at for review in given).isoformat(),
        disclose=(policy or policy_of(draft.site)).must_disclose,
    )


def _model(draft: Draft) -> str:
    """Who drew a picture is not who described it."""
    drawn_by = draft.picture.generated.get("model") if draft.picture else None
    return drawn_by or draft.order.model


def _since_the_last_no(draft: Draft, revision: Revision) -> list[Review]:
    found: list[Review] = []
    for review in draft.reviews.all():
        if review.revision == revision.number and review.undone_at is None:
            found = [*found, review] if review.verdict == Review.APPROVE else []
    return found
