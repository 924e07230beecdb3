"""A group of alike visitors in words for a marketer: a name, and what sets it apart.

In:  figures of the group beside everybody's (`workers.training.group_conditions`), strongest first.
Out: sentences in the reader's language, and a name in the site's.
"""

from collections.abc import Iterable, Sequence
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from personalization.figures import decimal, percent
from personalization.govern.models import Site

Difference = Sequence[str | float]  # figure, mean of the group, mean of everybody
CATEGORY: Final = "events:"
MOST_IN_A_NAME: Final = 2
LESS, MORE = 0, 1
TRAITS: Final = {  # figure -> what those with less of it are called, and those with more
    "visits": (gettext_lazy("come seldom"), gettext_lazy("come often")),
    "frequency": (gettext_lazy("buy seldom"), gettext_lazy("buy often")),
    "monetary": (gettext_lazy("spend little"), gettext_lazy("spend much")),
    "recency": (gettext_lazy("here lately"), gettext_lazy("long not seen")),
}
SENTENCES: Final = {
    "visits": gettext_lazy("They came %(here)s times on average; all visitors %(all)s times."),
    "frequency": gettext_lazy("They bought %(here)s things on average; all visitors %(all)s."),
    "monetary": gettext_lazy(
        "They spent %(here)s %(currency)s on average; all visitors %(all)s %(currency)s."
    ),
    "recency": gettext_lazy(
        "They were last seen %(here)s days ago on average; all visitors %(all)s days ago."
    ),
}


def name_of(differences: Iterable[Difference], site: Site) -> str:
    """What the group is called from now on: “Mostly boots, come often”."""
    with override(site.locale):
        parts = [said for each in differences if (said := _trait(each))]
        name = ", ".join(parts[:MOST_IN_A_NAME]) or _("alike visitors")
    return name[:1].upper() + name[1:]


def what_sets_apart(differences: Iterable[Difference], site: Site) -> list[str]:
    return [_sentence(str(of), float(here), float(all_), site) for of, here, all_ in differences]


def _trait(difference: Difference) -> str:
    of, here, everybody = difference
    is_more = MORE if float(here) > float(everybody) else LESS
    if str(of).startswith(CATEGORY):
        category = str(of).removeprefix(CATEGORY)
        return _("mostly %s") % category if is_more else ""
    return str(TRAITS[str(of)][is_more])


def _sentence(of: str, here: float, everybody: float, site: Site) -> str:
    if of.startswith(CATEGORY):
        said = _(
            "%(here)s of what they did lately was about “%(category)s”; of all visitors %(all)s."
        )
        return said % {
            "here": percent(here),
            "all": percent(everybody),
            "category": of.removeprefix(CATEGORY),
        }
    figures = {"here": _number(here), "all": _number(everybody), "currency": site.currency}
    return str(SENTENCES[of]) % figures


def _number(value: float) -> str:
    """With one decimal where that says something."""
    digits = 0 if value >= 20 else 1
    return decimal(value, digits)
