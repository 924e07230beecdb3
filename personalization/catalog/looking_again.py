"""A yes rests on more than its text: on a segment, a picture, the site's rules. When one of them
changes, the drafts that were approved are looked at again.
"""

from typing import Final

from personalization.outbox import after_commit

LOOK_AGAIN: Final = "drafts.look_again"


def ask_to_look_again(site_id: int) -> None:
    """In the transaction of the change; once for all that change with it."""
    after_commit(LOOK_AGAIN, unique=f"{LOOK_AGAIN}:{site_id}", site_id=site_id)
