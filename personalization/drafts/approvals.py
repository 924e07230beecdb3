"""Whose yes a draft needs, which it has, and what an approved one may say of itself.

A yes counts for exactly the revision whose hash it names, for its segment as that was then, once
for each person.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from personalization.drafts.checks.brand import places
from personalization.drafts.checks.texts import folded, prose
from personalization.drafts.forbidding import forbidden_in
from personalization.drafts.models import Draft, Review, Revision
from personalization.drafts.people import Person, roots_of
from personalization.drafts.policies import Policy
from personalization.drafts.revisions import current, hash_of
from personalization.drafts.subjects import block_of
from personalization.drafts.terms import Terms, terms_of
from personalization.govern.models import Site
from personalization.targeting.blocks import find_block
from personalization.targeting.models import Segment
from rules.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Approval:
    """Where an approved draft came from; else `lapse`, why a yes that it has is not enough."""

    draft: Draft
    provenance: Provenance | None
    lapse: str


def missing(draft: Draft, *, terms: Terms | None = None) -> tuple[str, ...]:
    """The steps that still want somebody's yes, as in ("editorial", "legal")."""
    terms = terms or terms_of(draft.site)
    revision = current(draft)
    given = [review.step for review in yeses(draft, revision, terms)]
    wanted = [Review.EDITORIAL] * (2 if terms.policy.two_approvals else 1)
    if is_legal(draft, revision, terms.policy):
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


def yeses(draft: Draft, revision: Revision, terms: Terms) -> Iterator[Review]:
    """The approvals of this very text for this very audience that stand: after the last no, of
    different people.
    """
    taken: set[str] = set()
    audience = terms.audience(draft.segment)
    for review in _of_this_text(draft, revision):
        if review.audience == audience and taken.isdisjoint(roots_of(review)):
            taken |= roots_of(review)
            yield review


def has_said_yes(draft: Draft, who: Person, *, terms: Terms | None = None) -> bool:
    given = yeses(draft, current(draft), terms or terms_of(draft.site))
    return any(not who.roots.isdisjoint(roots_of(review)) for review in given)


def was_for_others(draft: Draft, *, terms: Terms) -> bool:
    """Did somebody say yes to this text for the segment as it was, and it is another now?"""
    audience = terms.audience(draft.segment)
    return any(each.audience != audience for each in _of_this_text(draft, current(draft)))


def segment_name(draft: Draft) -> str:
    """As people call it."""
    row = Segment.objects.filter(site=draft.site_id, key=draft.segment).first()
    return str(row or draft.segment)


def is_approved(draft: Draft, *, terms: Terms | None = None) -> bool:
    """Its newest text has its yeses, and is still, letter by letter, what they were given to."""
    return draft.state == Draft.APPROVED and not lapse(draft, terms=terms)


def lapse(draft: Draft, *, terms: Terms | None = None) -> str:
    """Of one that was approved, why that would not be enough today; "" while it would."""
    terms = terms or terms_of(draft.site)
    revision = current(draft)
    if hash_of(draft, revision.fields) != revision.sha256:
        return _("It is not any more, to the letter, what was approved.")
    if find_block(draft.site, draft.block) is None:
        return _("Its block was deleted.")
    wanting = missing(draft, terms=terms)
    if wanting:
        return _too_little(draft, wanting, terms)
    forbidden = next(forbidden_in(draft, revision, terms.guide), None)
    if forbidden is not None:
        return _("Your rules forbid something in it by now. %s") % forbidden.sentence
    return ""


def approved(site: Site, hashes: Iterable[str]) -> dict[str, Approval]:
    """Those of these hashes that drafts of the site stand at; an approved one before any other."""
    revisions = Revision.objects.filter(draft__site=site, sha256__in=list(hashes))
    found: dict[str, Approval] = {}
    for each in approvals(site, Draft.objects.filter(pk__in=revisions.values("draft_id"))):
        sha256 = current(each.draft).sha256
        if sha256 not in found or each.provenance is not None:
            found[sha256] = each
    return found


def approvals(site: Site, rows: "QuerySet[Draft]") -> Iterator[Approval]:
    """Of each of these drafts, by what the site asks today."""
    rows = rows.select_related("site", "order", "brief", "picture")
    drafts = list(rows.prefetch_related("revisions", "reviews"))
    terms = terms_of(site) if drafts else None
    for draft in drafts:
        has_a_yes = draft.state == Draft.APPROVED or (
            draft.state == Draft.WAITING and bool(_of_this_text(draft, current(draft)))
        )
        why = lapse(draft, terms=terms) if has_a_yes else ""
        is_fine = draft.state == Draft.APPROVED and not why
        yield Approval(draft, provenance_of(draft, terms=terms) if is_fine else None, why)


def provenance_of(draft: Draft, *, terms: Terms | None = None) -> Provenance:
    """Of an approved draft: who asked, what wrote, who said yes, when."""
    terms = terms or terms_of(draft.site)
    revision, order = current(draft), draft.order
    given = list(yeses(draft, revision, terms))
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
        disclose=terms.policy.must_disclose,
        audience=terms.audience(draft.segment),
    )


def _too_little(draft: Draft, wanting: tuple[str, ...], terms: Terms) -> str:
    """Why the yeses that it has are not enough any more."""
    if was_for_others(draft, terms=terms):
        said = _("The condition of its segment “%s” changed after it was approved.")
        return said % segment_name(draft)
    if Review.LEGAL in wanting:
        return _("Your rules ask for a legal yes by now.")
    return _("Your rules ask for the yes of one more person by now.")


def _model(draft: Draft) -> str:
    """Who drew a picture is not who described it."""
    drawn_by = draft.picture.generated.get("model") if draft.picture else None
    return drawn_by or draft.order.model


def _of_this_text(draft: Draft, revision: Revision) -> list[Review]:
    """The yeses to it since the last no, for whichever audience."""
    found: list[Review] = []
    for review in draft.reviews.all():
        if review.revision == revision.number and review.undone_at is None:
            found = [*found, review] if review.verdict == Review.APPROVE else []
    return [each for each in found if each.sha256 == revision.sha256]
