"""A length of time as people say it: in the largest unit that fits it exactly."""

from django.utils.translation import ngettext

from rules.values import print_duration

SECOND = 1_000_000  # microseconds


def duration_in_words(seconds: int) -> str:
    """“7 days” for 604800; a day is 24 hours."""
    written = print_duration(seconds * SECOND)
    number, unit = int(written[:-1]), written[-1]
    said = {
        "d": ngettext("%s day", "%s days", number),
        "h": ngettext("%s hour", "%s hours", number),
        "m": ngettext("%s minute", "%s minutes", number),
        "s": ngettext("%s second", "%s seconds", number),
    }
    return said[unit] % number
