"""The words that the composer's script shows; %(…)s are filled by it."""

from django.utils.translation import gettext as _


def composer_words() -> dict[str, str]:
    return {
        "away": _("No connection. Your text stays here; what you see is older."),
        "back": _("Back"),
        "choosePicture": _("Choose a picture"),
        "close": _("Close"),
        "colour": _("Pick a colour"),
        "contrast": _(
            "“%(text)s” is hard to read: its contrast is %(ratio)s, it needs at least %(least)s."
        ),
        "copy": _("Copy"),
        "copyAll": _("Copy from %(from)s what is missing in %(to)s"),
        "copyFrom": _("Copy from %(language)s"),
        "count": _("%(length)s of %(longest)s characters"),
        "dead": _("The site has no page %(link)s."),
        "decorates": _("It only decorates; nobody misses anything without it"),
        "entry": _("Entry %(number)s"),
        "example": _("for example %(value)s"),
        "fallback": _("says nothing yet, visitors see %(language)s"),
        "fallbackMaybe": _(
            "Pages usually know “%(label)s”; where one does not, this stands there."
        ),
        "fallbackQuestion": _("What shall stand there when it is unknown?"),
        "fallbackWhy": _(
            "“%(label)s” is known of visitors who allow it. Everybody else reads your words."
        ),
        "frame": _("Preview, %(language)s"),
        "gap": _("Not translated: %(language)s has a text here."),
        "insert": _("Insert"),
        "insertPlaceholder": _("Insert a placeholder"),
        "items": _("These items, and why"),
        "known": _("What it asks of the visitor: %(facts)s"),
        "missing": _("%(count)s missing"),
        "noPlaceholder": _("Nothing is called that."),
        "placeholders": _("Placeholders"),
        "searchPicture": _("Search pictures"),
        "searchPlaceholder": _("Search: name, visits, price …"),
        "use": _("Use this picture"),
        "words": _("What does the picture show?"),
        "wordsWhy": _("For people who do not see it: one sentence, without “picture of”."),
        "worth": _("Worth a look (%(count)s)"),
    }
