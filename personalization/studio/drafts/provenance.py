"""Where the texts of a content came from, for its form: by language, with a link to the draft."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import reverse
from django.utils.dateparse import parse_datetime
from django.utils.formats import date_format
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from personalization.studio.languages import language_name
from personalization.targeting.models import Content
from rules.provenance import Provenance


@dataclass(frozen=True, slots=True)
class Written:
    """`is_untouched`: the content still says, letter by letter, what was approved."""

    language: str
    sentence: str
    address: str
    is_untouched: bool


def written_of(row: Content) -> Iterator[Written]:
    for locale, claim in sorted(row.generated.items()):
        provenance = Provenance.from_document(claim)
        fields = row.fields.get(locale, {})
        yield Written(
            language_name(locale),
            _sentence(provenance),
            reverse("admin:personalization_draft_change", args=(provenance.draft,)),
            provenance.is_of(fields, block=row.block, locale=locale),
        )


def _sentence(provenance: Provenance) -> str:
    at = parse_datetime(provenance.approved_at)
    return _("written by %(model)s, asked by %(author)s, approved by %(who)s on %(day)s") % {
        "model": provenance.model,
        "author": provenance.author,
        "who": ", ".join(provenance.reviewers),
        "day": date_format(localtime(at), "DATE_FORMAT") if at else "",
    }
