"""Which languages of a content a model wrote, as a document says it.

What is said here is a claim: publishing looks the draft up and compares its hash, so a wrong one
shows nothing. Once claimed it stays, whoever saves the content without it.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from personalization.targeting.reading import Document
from rules.provenance import Provenance

Claims = dict[str, dict[str, Any]]  # language -> JSON of a `Provenance`


def checked_generated(reading: Document, kept: Mapping[str, Any]) -> Claims:
    """`{"en": {"draft": 12, "sha256": …}}`, beside what the content claims already."""
    claimed = reading.mapping("generated", required=False)
    found: Claims = {}
    for locale, document in claimed.items():
        try:
            found[locale] = Provenance.from_document(document).to_document()
        except (TypeError, KeyError):
            detail = _("Leave it out, or write it as the export does: draft, revision, sha256, …")
            reading.refuse(f"generated.{locale}", "generated", detail)
    return {**kept, **found}
