"""What a visitor may allow. Unknown is no."""

from enum import StrEnum


class Purpose(StrEnum):
    ANALYTICS = "analytics"
    PERSONALIZATION = "personalization"
    TRAINING = "training"
    PROFILING_AI = "profiling_ai"


Purposes = frozenset[Purpose]
NONE_GRANTED: Purposes = frozenset()
ALL_PURPOSES: Purposes = frozenset(Purpose)
