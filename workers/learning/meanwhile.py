"""A run that a withdrawal overtakes is begun anew, without the visitor who withdrew.

In:  a site, and a run that reads what may be learnt from and learns.
Out: what the last run learnt.
"""

from collections.abc import Callable
from typing import Final

from personalization import clock
from personalization.govern.models import Site
from personalization.learn.consented import learnable_events
from personalization.learn.registry import Trained
from workers.learning.choices import Say

RUNS: Final = 2  # where somebody withdraws in each, the last is better than the one before


def undisturbed(site: Site, run: Callable[[], Trained], *, say: Say) -> Trained:
    """What may be learnt from only becomes less by withdrawal, erasure or age."""
    for _again in range(RUNS - 1):
        until = clock.to_us(clock.now())
        before = _held(site, until)
        found = run()
        if _held(site, until) == before:
            return found
        say("visitors withdrew, or were erased, meanwhile: once more, without them")
    return run()


def _held(site: Site, until: int) -> int:
    return learnable_events(site).filter(received__lte=until).count()
