"""Why a slot showed what it showed, in a few words."""

from typing import Final

from django.utils.translation import gettext_lazy as _

REASONS: Final = {
    "rule": _("by a rule"),
    "experiment": _("by an experiment"),
    "default": _("the default"),
    "holdout": _("held out"),
    "error": _("after a failure"),
}


def reason_in_words(kind: str) -> str:
    """A kind without words, as of a slot that nobody declared, stands as it is."""
    return str(REASONS.get(kind, kind))
