"""Does it fit its block: schema, lengths, placeholders that are valid and have a fallback?"""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from personalization.blocks.advice import shown_length
from personalization.blocks.checking import check_fields
from personalization.blocks.fallbacks import without_fallback
from personalization.drafts.checks.texts import texts
from personalization.drafts.values import Finding, Subject
from personalization.exceptions import Malformed


def check(subject: Subject) -> Iterator[Finding]:
    yield from _against_block(subject)
    for text in texts(subject.fields, subject.block):
        limit = subject.limits.get(text.path)
        length = shown_length(text.raw)
        if limit is not None and length > limit:
            sentence = _("%(length)d characters; the brief allows %(limit)d.")
            said = sentence % {"length": length, "limit": limit}
            yield Finding("too_long", text.path, said, True, limit, len(text.raw))
        for name in without_fallback(text.raw):
            start = text.raw.find(name)
            sentence = _("“%(name)s” is unknown of most visitors. It needs a fallback.")
            yield Finding(
                "placeholder_without_fallback",
                text.path,
                sentence % {"name": name},
                True,
                start,
                start + len(name),
            )


def _against_block(subject: Subject) -> Iterator[Finding]:
    try:
        check_fields(subject.block, {subject.locale: subject.fields}, subject.catalogue)
    except Malformed as refused:
        for error in refused.errors:
            path = error.path.removeprefix(f"fields.{subject.locale}").lstrip(".")
            yield Finding("does_not_fit", path, error.detail, is_hard=True)
