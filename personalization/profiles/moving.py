"""Visitors whom journeys may move: marked in the request, moved by a worker, joined in a merge.

A request writes a mark into the visitor's own row and asks for one piece of work of the site,
however many visitors a burst of events marks.
"""

from typing import Final

import orjson

from personalization.outbox import after_commit
from personalization.profiles.models import Profile, Stay, Step

MOVE: Final = "journeys.move"


def ask_to_move(site_id: int) -> None:
    """Journeys look at the marked visitors soon after the caller's transaction."""
    after_commit(MOVE, unique=f"{MOVE}:{site_id}", site_id=site_id)


def unsettle(profile: Profile) -> None:
    """Mark a visitor about whom something changed; the row is unsaved."""
    profile.is_unsettled = True
    ask_to_move(profile.site_id)


def stages_text(stages: list[str]) -> str:
    """Stages, as conditions name them, as the text of a profile."""
    return orjson.dumps(sorted(stages)).decode()


def join_journeys(source: Profile, target: Profile) -> None:
    """Two visitors who are one: in a journey in which both were, the target stays where it is.

    Changes the target, unsaved; what the source did in journeys is moved at once.
    """
    own = Stay.objects.filter(profile=target)
    Stay.objects.filter(profile=source).exclude(journey__in=own.values("journey")).update(
        profile=target
    )
    Step.objects.filter(profile=source).update(profile=target)
    inside = Stay.objects.filter(profile=target).exclude(named="")
    target.stages = stages_text(list(inside.values_list("named", flat=True)))
