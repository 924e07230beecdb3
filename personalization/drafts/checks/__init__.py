"""What is looked at in a draft before a person sees it.

In:  a `Subject`: the text, its block, the facts and the guide that it must keep to.
Out: findings, each at its word; the hard ones first. Nothing here asks a model or a network.
"""

from collections.abc import Callable, Iterator
from typing import Final

from personalization.drafts.checks import (
    alike,
    brand,
    facts,
    form,
    injection,
    language,
    links,
    markup,
    personal,
)
from personalization.drafts.values import Finding, Subject

CHECKS: Final[tuple[Callable[[Subject], Iterator[Finding]], ...]] = (
    form.check,
    brand.check,
    facts.check,
    personal.check,
    links.check,
    markup.check,
    language.check,
    alike.check,
    injection.check,
)


def check(subject: Subject) -> tuple[Finding, ...]:
    found = {finding for each in CHECKS for finding in each(subject)}
    return tuple(
        sorted(found, key=lambda one: (not one.is_hard, one.path, one.start, one.end, one.code))
    )
