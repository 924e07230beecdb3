"""Where the texts and pictures of a content came from, for its form, with links to the drafts."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from personalization.catalog.named import names_in
from personalization.drafts.adopting import claimed_hash
from personalization.drafts.approvals import approved
from personalization.drafts.drawn import Source, sources
from personalization.drafts.fingerprints import texts_in
from personalization.exceptions import FieldError
from personalization.publish.generated import Known
from personalization.publish.generated_pictures import drawn_in
from personalization.studio.languages import language_name
from personalization.targeting.blocks import find_block
from personalization.targeting.models import Content
from rules.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Written:
    """`what`: a language or a picture. `address`: of the draft, "" where this site has none.

    `holds`: it is still, to the letter, what was approved, and that would be enough today.
    """

    what: str
    sentence: str
    address: str
    holds: bool


def written_of(row: Content) -> Iterator[Written]:
    hashes = {
        locale: claimed_hash(row, locale) for locale in row.generated.keys() & row.fields.keys()
    }
    known = approved(row.site, hashes.values())
    for locale, claim in sorted(row.generated.items()):
        provenance = Provenance.from_document(claim)
        approval = known.get(hashes.get(locale, ""))
        yield Written(
            language_name(locale),
            _in_words(
                _("written by %(model)s, asked by %(author)s, approved by %(who)s on %(day)s"),
                provenance,
            ),
            page_of(provenance.draft),
            approval is not None and approval.provenance is not None,
        )


def drawn_of(row: Content) -> list[Written]:
    """Its pictures that a model drew, each once; they hold with the words that stand here."""
    named = {name for text in texts_in(row.fields) for name, _address in names_in(text)}
    block = find_block(row.site, row.block)
    found: list[Written] = []
    for name, source in sorted(sources(row.site, named).items()):
        wrong: list[FieldError] = []
        if block is not None:
            drawn_in(row, block, Known({}, {}, {name: source}), [], wrong)
        title, sentence, address, holds = drawn_in_words(source)
        found.append(Written(title, sentence, address, holds and not wrong))
    return found


def drawn_in_words(source: Source) -> tuple[str, str, str, bool]:
    """Title, where it came from, the address of its draft, whether its approval holds."""
    said, draft = source.provenance, source.draft
    if said is not None:
        sentence = _in_words(
            _("drawn by %(model)s, asked by %(author)s, approved by %(who)s on %(day)s"), said
        )
    else:
        model = source.picture.generated["model"]
        sentence = _("drawn by %s, and not approved as it is now") % model
    address = page_of(draft.pk) if draft is not None else ""
    return _("Picture “%s”") % source.picture, sentence, address, said is not None


def page_of(draft: int) -> str:
    return reverse("admin:personalization_draft_change", args=(draft,))


def _in_words(sentence: str, provenance: Provenance) -> str:
    at = parse_datetime(provenance.approved_at)
    return sentence % {
        "model": provenance.model,
        "author": provenance.author,
        "who": ", ".join(provenance.reviewers),
        "day": date_format(localtime(at), "DATE_FORMAT") if at else "",
    }
