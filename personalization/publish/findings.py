"""What the linter says."""

from dataclasses import dataclass
from typing import Final

ERROR: Final = "error"
WARNING: Final = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing worth a look. `where` names it like "rules.spring"; an error stops publishing."""

    severity: str
    code: str
    where: str
    sentence: str


def warn(code: str, where: str, sentence: str) -> Finding:
    return Finding(WARNING, code, where, sentence)
