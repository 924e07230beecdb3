"""The brand guide: `{voice, dos, donts, glossary, forbidden, allowed_hosts, hardest_reading}`."""

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from django.db import transaction
from django.utils.translation import gettext as _

from personalization.drafts import values
from personalization.drafts.brand_models import BrandGuide
from personalization.drafts.settings_rows import put_settings
from personalization.govern.models import Site
from personalization.targeting.reading import Document

MOST: Final = 200  # entries of a list
LONGEST: Final = 500  # characters of an entry
HOST: Final = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)*[a-z0-9-]{1,63}", re.I)


@transaction.atomic
def save_guide(
    site: Site, document: object, *, by: str, unchanged_since: datetime | None = None
) -> BrandGuide:
    """Save how the site speaks. It holds for what is written from now on, and at each approval.

    What it forbids, it forbids in what was approved before too, from the next release on.
    """
    reading = Document(document)
    columns = {
        "voice": reading.text("voice", longest=4000),
        "dos": texts(reading, "dos"),
        "donts": texts(reading, "donts"),
        "glossary": list(_glossary(reading)),
        "forbidden": list(_forbidden(reading)),
        "allowed_hosts": list(_hosts(reading)),
        "hardest_reading": reading.integer("hardest_reading", 50, least=20, most=100),
    }
    reading.finish()
    return put_settings(BrandGuide, site, columns, by=by, unchanged_since=unchanged_since)


def guide_row(site: Site) -> BrandGuide:
    """The site's, or one that is not saved yet and says nothing."""
    return BrandGuide.objects.filter(site=site).first() or BrandGuide(site=site)


def guide_document(row: BrandGuide) -> dict[str, Any]:  # JSON
    return {
        "voice": row.voice,
        "dos": row.dos,
        "donts": row.donts,
        "glossary": row.glossary,
        "forbidden": row.forbidden,
        "allowed_hosts": row.allowed_hosts,
        "hardest_reading": row.hardest_reading,
    }


def guide_of(site: Site) -> values.Guide:
    row = guide_row(site)
    return values.Guide(
        voice=row.voice,
        dos=tuple(row.dos),
        donts=tuple(row.donts),
        glossary=tuple((each["term"], each["use"]) for each in row.glossary),
        forbidden=tuple(values.Forbidden(**each) for each in row.forbidden),
        allowed_hosts=frozenset(row.allowed_hosts) | _own_hosts(site),
        hardest_reading=row.hardest_reading,
    )


def texts(reading: Document, name: str) -> list[str]:
    """A list of sentences or words, each once, blank ones left out."""
    given = reading.sequence(name, required=False)
    if len(given) > MOST:
        reading.refuse(name, "too_many", _("Keep it to %d entries.") % MOST)
        return []
    found: dict[str, None] = {}
    for place, each in enumerate(given):
        if not isinstance(each, str) or len(each) > LONGEST:
            detail = _("Write a text of up to %d characters.") % LONGEST
            reading.refuse(f"{name}[{place}]", "type", detail)
        elif each.strip():
            found[each.strip()] = None
    return list(found)


def _glossary(reading: Document) -> Iterator[dict[str, str]]:
    for place, each in _objects(reading, "glossary"):
        term, use = _word(each, "term"), _word(each, "use")
        if not term or not use or set(each) - {"term", "use"}:
            detail = _("Write what models say and what the brand says: {term, use}.")
            reading.refuse(f"glossary[{place}]", "glossary", detail)
        else:
            yield {"term": term, "use": use}


def _forbidden(reading: Document) -> Iterator[dict[str, Any]]:
    for place, each in _objects(reading, "forbidden"):
        text, why, is_hard = _word(each, "text"), each.get("why", ""), each.get("is_hard", True)
        known = not set(each) - {"text", "why", "is_hard"}
        if not text or not isinstance(why, str) or not isinstance(is_hard, bool) or not known:
            detail = _("Write the word or claim, and why: {text, why, is_hard}.")
            reading.refuse(f"forbidden[{place}]", "forbidden", detail)
        elif not text.replace("*", "").strip():
            detail = _("Write at least one letter beside the star.")
            reading.refuse(f"forbidden[{place}].text", "forbidden", detail)
        else:
            yield {"text": text, "why": why.strip()[:LONGEST], "is_hard": is_hard}


def _hosts(reading: Document) -> Iterator[str]:
    for place, host in enumerate(texts(reading, "allowed_hosts")):
        if HOST.fullmatch(host):
            yield host.lower()
        else:
            detail = _("Write a host alone, without https:// and without a path: shop.example.")
            reading.refuse(f"allowed_hosts[{place}]", "host", detail)


def _objects(reading: Document, name: str) -> Iterator[tuple[int, Mapping[str, Any]]]:
    given = reading.sequence(name, required=False)
    if len(given) > MOST:
        reading.refuse(name, "too_many", _("Keep it to %d entries.") % MOST)
        return
    for place, each in enumerate(given):
        if isinstance(each, Mapping):
            yield place, each
        else:
            reading.refuse(f"{name}[{place}]", "type", _("Send an object with named fields."))


def _word(each: Mapping[str, Any], name: str) -> str:
    """Stripped; "" where it is no text of a fitting length."""
    said = each.get(name)
    return said.strip() if isinstance(said, str) and len(said) <= LONGEST else ""


def _own_hosts(site: Site) -> frozenset[str]:
    """Links to the site itself are always allowed."""
    return frozenset(origin.split("://", 1)[-1].split(":")[0].lower() for origin in site.origins)
