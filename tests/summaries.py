"""Rows of visitors that a test wrote by itself, as audiences find them."""

from personalization.profiles.models import Profile
from personalization.profiles.summaries import summarize


def summarized(profiles=None):
    """The same profiles, all unless given, each with its summary."""
    written = list(Profile.objects.all() if profiles is None else profiles)
    summarize([profile.pk for profile in written])
    return written
