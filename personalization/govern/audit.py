"""The audit trail: who changed what, from what to what."""

from collections.abc import Mapping
from typing import Any

from personalization.govern.models import AuditEntry, Site


def record(
    *,
    site: Site | None,
    actor: str,
    action: str,
    target: str = "",
    changes: Mapping[str, Any] | None = None,  # JSON values
) -> AuditEntry:
    """Note a deed, in the transaction of the deed itself."""
    return AuditEntry.objects.create(
        site=site,
        actor=actor[:200],
        action=action,
        target=target[:200],
        changes=dict(changes or {}),
    )
