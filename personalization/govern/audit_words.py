"""What an entry of the audit trail says in words: "approved the release “12”", "days and hours"."""

from typing import Final

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

DEEDS: Final = {
    "activated": gettext_lazy("switched to %s"),
    "approved": gettext_lazy("approved %s"),
    "asked_for": gettext_lazy("asked for %s"),
    "asked": gettext_lazy("had a model write for %s"),
    "assigned": gettext_lazy("handed out %s"),
    "cancelled": gettext_lazy("cancelled %s"),
    "brought_back": gettext_lazy("brought back %s"),
    "changed": gettext_lazy("changed %s"),
    "declared": gettext_lazy("declared %s"),
    "declined": gettext_lazy("declined %s"),
    "deleted": gettext_lazy("deleted %s"),
    "duplicated": gettext_lazy("duplicated %s"),
    "edited": gettext_lazy("edited %s"),
    "dismissed": gettext_lazy("dismissed %s"),
    "erased": gettext_lazy("erased %s"),
    "failed": gettext_lazy("could not write %s"),
    "fed": gettext_lazy("imported into %s"),
    "imported": gettext_lazy("took in %s"),
    "invited": gettext_lazy("invited %s"),
    "lapsed": gettext_lazy("put %s up for review again"),
    "made": gettext_lazy("made %s"),
    "merged": gettext_lazy("merged %s"),
    "promoted": gettext_lazy("promoted %s"),
    "proposed": gettext_lazy("proposed %s"),
    "published": gettext_lazy("published %s"),
    "put_back": gettext_lazy("took a decision back on %s"),
    "rejected": gettext_lazy("rejected %s"),
    "removed": gettext_lazy("removed %s"),
    "rolled_back": gettext_lazy("went back from %s to the one before"),
    "reordered": gettext_lazy("put the rules in another order: %s"),
    "revoked": gettext_lazy("revoked %s"),
    "sent_again": gettext_lazy("sent a message once more to %s"),
    "sent_back": gettext_lazy("asked for changes of %s"),
    "shared": gettext_lazy("shared %s"),
    "superseded": gettext_lazy("left out %s, since a newer one is live"),
    "switched_off": gettext_lazy("switched off %s"),
    "switched_on": gettext_lazy("switched on %s"),
    "taken_in": gettext_lazy("put up for review: %s"),
    "taken_up": gettext_lazy("put on the site: %s"),
    "tested": gettext_lazy("sent a test to %s"),
    "unscheduled": gettext_lazy("took %s off the schedule"),
    "went_live": gettext_lazy("made %s live at its time"),
}
THINGS: Final = {
    "block": gettext_lazy("the own block"),
    "brandguide": gettext_lazy("the brand guide"),
    "brief": gettext_lazy("the brief"),
    "brieftemplate": gettext_lazy("the template of briefs"),
    "campaign": gettext_lazy("the campaign"),
    "catalog": gettext_lazy("the catalogue"),
    "config": gettext_lazy("a configuration"),
    "content": gettext_lazy("the content"),
    "customblock": gettext_lazy("the own block"),
    "draft": gettext_lazy("the draft"),
    "experiment": gettext_lazy("the experiment"),
    "foundgroup": gettext_lazy("the group of alike visitors"),
    "journey": gettext_lazy("the journey"),
    "key": gettext_lazy("the API key"),
    "lesson": gettext_lazy("the lesson"),
    "media": gettext_lazy("the picture"),
    "member": gettext_lazy("the member"),
    "model": gettext_lazy("the model"),
    "order": gettext_lazy("the order"),
    "preview": gettext_lazy("a link to a preview"),
    "prompt": gettext_lazy("the prompt"),
    "release": gettext_lazy("release"),
    "rule": gettext_lazy("the rule"),
    "segment": gettext_lazy("the segment"),
    "site": gettext_lazy("the site"),
    "slot": gettext_lazy("the slot"),
    "traits": gettext_lazy("the traits"),
    "visitor": gettext_lazy("a visitor"),
    "webhook": gettext_lazy("the webhook"),
    "writingpolicy": gettext_lazy("the rules for generated copy"),
}
FACTS: Final = {  # about a deed that is no column of a row
    "assigned_to": gettext_lazy("handed to"),
    "created": gettext_lazy("new ones"),
    "due_at": gettext_lazy("due"),
    "estimate": gettext_lazy("estimated cost"),
    "from": gettext_lazy("was"),
    "guest": gettext_lazy("guest"),
    "live_release": gettext_lazy("live release"),
    "missing": gettext_lazy("still missing"),
    "note": gettext_lazy("note"),
    "orders": gettext_lazy("orders"),
    "reason": gettext_lazy("reason"),
    "remark": gettext_lazy("remark"),
    "to": gettext_lazy("is now"),
    "until": gettext_lazy("until"),
    "updated": gettext_lazy("changed ones"),
}


def in_words(action: str, target: str) -> str:
    """An action that has no words yet stands as it is."""
    thing, _dot, deed = action.partition(".")
    if thing not in THINGS or deed not in DEEDS:
        return f"{action} {target}".strip()
    named = str(THINGS[thing])
    if target:
        named = _("%(thing)s “%(name)s”") % {"thing": named, "name": target}
    return str(DEEDS[deed]) % named


def part_in_words(action: str, name: str) -> str:
    """What changed, as the forms call it; what is no column stands as it is."""
    if name in FACTS:
        return str(FACTS[name])
    try:
        column = apps.get_model("personalization", action.partition(".")[0])._meta.get_field(name)
    except (LookupError, FieldDoesNotExist):
        return name.replace("_", " ")
    words = getattr(column, "verbose_name", name)
    return str(words) if isinstance(words, Promise) else name.replace("_", " ")
