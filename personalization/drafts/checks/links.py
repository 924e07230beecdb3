"""Do links lead where the site allows: its own pages, or hosts in the brand guide?"""

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from django.utils.translation import gettext as _

from personalization.drafts.checks.lists import listed
from personalization.drafts.checks.texts import ADDRESSES, Text, texts
from personalization.drafts.values import Finding, Subject

ABSOLUTE: Final = re.compile(r"(?:(?:https?|ftp):)?//[^\s\"'<>)]+", re.I)
NAKED: Final = re.compile(
    r"(?<![\w@/.-])(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/[^\s\"'<>)]*)?", re.I
)
ENDINGS: Final = frozenset(listed("words")["endings of domains"].split())
OTHER_SCHEME: Final = re.compile(r"\s*([a-z][a-z0-9+.-]*):", re.I)


def check(subject: Subject) -> Iterator[Finding]:
    allowed = frozenset(host.casefold() for host in subject.guide.allowed_hosts)
    for text in texts(subject.fields, subject.block):
        yield from _hosts(text, allowed)
        if text.rules.get("format") in ADDRESSES:
            yield from _scheme(text)


def _hosts(text: Text, allowed: frozenset[str]) -> Iterator[Finding]:
    taken: list[tuple[int, int]] = []
    for found in ABSOLUTE.finditer(text.raw):
        taken.append(found.span())
        host = _host(found[0])
        if not is_allowed(host, allowed):
            yield _finding(text, host, found.span(), is_hard=True)
    if text.rules.get("format") in ADDRESSES:
        return
    for found in NAKED.finditer(text.raw):
        inside = any(low <= found.start() < high for low, high in taken)
        host = _host(f"//{found[0]}")
        if not inside and _is_domain(host) and not is_allowed(host, allowed):
            yield _finding(text, host, found.span(), is_hard=False)


def is_allowed(host: str, allowed: frozenset[str]) -> bool:
    """A host, or one below it: shop.example allows www.shop.example."""
    parts = host.split(".")
    return any(".".join(parts[place:]) in allowed for place in range(len(parts)))


def _host(address: str) -> str:
    """Whom a browser would ask; what nobody can read is nobody's."""
    try:
        return (urlsplit(address.replace("\\", "/")).hostname or "").casefold()
    except ValueError:
        return ""


def _is_domain(host: str) -> bool:
    """Not the end of one sentence and the start of the next, nor a number."""
    return host.rpartition(".")[2] in ENDINGS


def _finding(text: Text, host: str, span: tuple[int, int], *, is_hard: bool) -> Finding:
    sentence = _("Leads to “%s”, which the brand guide does not allow.") % (host or "?")
    return Finding("foreign_link", text.path, sentence, is_hard, *span)


def _scheme(text: Text) -> Iterator[Finding]:
    found = OTHER_SCHEME.match(text.raw)
    if found and found[1].lower() not in {"http", "https"}:
        sentence = _("A link of the kind “%s:” is not for generated copy.") % found[1]
        yield Finding("foreign_link", text.path, sentence, True, *found.span(1))
