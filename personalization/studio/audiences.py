"""For whom rules are, in plain words."""

from collections.abc import Iterable
from itertools import groupby

from django.utils.translation import gettext as _

from personalization.govern.models import Site
from personalization.studio.condition_form import labels_of
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.models import Rule
from rules import Condition, Invalid, describe, parse, segments_read


def audiences_in_words(rules: Iterable[Rule]) -> dict[int, str]:
    """By the rule's id; one query a site, however many rules there are."""
    found: dict[int, str] = {}
    for site, same in groupby(sorted(rules, key=lambda rule: rule.site_id), lambda rule: rule.site):
        found |= _of_site(site, list(same))
    return found


def _of_site(site: Site, rules: list[Rule]) -> dict[int, str]:
    own = {rule.pk: _parsed(site, rule.condition) for rule in rules if rule.condition is not None}
    read = [segments_read(each) for each in own.values() if not isinstance(each, str)]
    labels = labels_of(site, frozenset().union(*read))
    said = {
        pk: each if isinstance(each, str) else describe(each, labels, _) for pk, each in own.items()
    }
    return {rule.pk: said.get(rule.pk) or str(rule.segment or _("everyone")) for rule in rules}


def _parsed(site: Site, tree: object) -> Condition | str:
    """The condition; where it cannot be read, a sentence that says so."""
    try:
        return parse(tree, site_catalogue(site))
    except Invalid as refusal:
        return _("cannot be read: %s") % refusal.placed(_)
