"""Texts of drafts as hashes, so that no unapproved one gets to a page as somebody's own.

In:  a revision. Out: a row for each of its texts of 20 characters and more that a model, or
     whoever edited it, brought in: not what stood in the catalogue or on the site before.
"""

import hashlib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any, Final

from personalization.catalog.models import Item
from personalization.catalog.named import is_address
from personalization.drafts.facts import OURS, facts_of
from personalization.drafts.models import Draft, Fingerprint, Revision
from personalization.govern.models import Site
from personalization.targeting.models import Content

TAG: Final = re.compile(r"<[^>]*>")
SHORTEST: Final = 20  # characters; shorter texts are everybody's: "Buy now"


def take_fingerprints(revision: Revision) -> None:
    """Once, when the revision is made."""
    draft = revision.draft
    known = _of_item(draft) | _on_the_site(draft.site)
    new = digests(revision.fields) - known
    Fingerprint.objects.bulk_create(
        Fingerprint(site_id=draft.site_id, revision=revision, digest=each) for each in sorted(new)
    )


def stolen(site: Site, texts: Iterable[str]) -> dict[str, Draft]:
    """Those of these texts that only drafts without a yes hold: text -> such a draft."""
    by_digest: dict[str, set[str]] = defaultdict(set)
    for text in texts:
        for each in digests(text):
            by_digest[each].add(text)
    rows = Fingerprint.objects.filter(site=site, digest__in=by_digest)
    found: dict[str, Draft] = {}
    allowed: set[str] = set()
    for row in rows.select_related("revision__draft__brief"):
        draft = row.revision.draft
        if draft.state == Draft.APPROVED and row.revision.number == draft.revision:
            allowed.add(row.digest)
        else:
            found[row.digest] = draft
    taken = {each: draft for each, draft in found.items() if each not in allowed}
    return {text: draft for each, draft in taken.items() for text in by_digest[each]}


def digests(fields: Any) -> set[str]:  # JSON
    """Of every text, of its words without markup, and of each piece between two tags."""
    return {digest(form) for text in texts_in(fields) for form in _forms(text) if is_long(form)}


def _forms(text: str) -> set[str]:
    if "<" not in text and "&" not in text:
        return {text}
    pieces = [unescape(piece) for piece in TAG.split(text)]
    return {text, "".join(pieces), *pieces}


def digest(text: str) -> str:
    return hashlib.sha256(normal(text).encode()).hexdigest()


def is_long(text: str) -> bool:
    """Words enough to be somebody's. Pictures are known by their bytes (`drafts.drawn`)."""
    return len(normal(text)) >= SHORTEST and not is_address(text)


def normal(text: str) -> str:
    """Without case, blanks, punctuation and marks, so that a moved comma changes nothing."""
    spread = unicodedata.normalize("NFKD", text).casefold()
    return "".join(each for each in spread if each.isalnum())


def texts_in(value: Any) -> Iterator[str]:  # JSON
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for each in value.values():
            yield from texts_in(each)
    elif isinstance(value, list):
        for each in value:
            yield from texts_in(each)


def _of_item(draft: Draft) -> set[str]:
    """A title, an address or a picture of the catalogue belongs to the catalogue."""
    row = Item.objects.filter(site_id=draft.site_id, key=draft.item).first()
    return digests(facts_of(row, OURS)) if row else set()


def _on_the_site(site: Site) -> set[str]:
    """What people wrote before. A content that carries a draft is that draft's own."""
    written = Content.objects.filter(site=site).values_list("fields", "generated")
    found: set[str] = set()
    for fields, generated in written:
        for locale, said in fields.items():
            if locale not in generated:
                found |= digests(said)
    return found
