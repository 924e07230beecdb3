"""The kind of device that a user agent names."""

import re
from functools import lru_cache
from typing import Final

_TABLET: Final = re.compile(r"iPad|Tablet|PlayBook|Silk/|Kindle|Android(?!.*Mobile)", re.IGNORECASE)
_MOBILE: Final = re.compile(r"Mobi|iPhone|iPod|Android|Windows Phone|Opera Mini", re.IGNORECASE)


@lru_cache(maxsize=4096)
def device_of(user_agent: str) -> str:
    """mobile, tablet or desktop."""
    if _TABLET.search(user_agent):
        return "tablet"
    return "mobile" if _MOBILE.search(user_agent) else "desktop"
