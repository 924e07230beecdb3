"""What axe-core finds wrong on a page of ours, where somebody could not go on because of it."""

from typing import Any

from axe_playwright_python.sync_playwright import Axe

SERIOUS = ("serious", "critical")
# Rule and a part of the markup, of what the admin's frame draws and we cannot name.
FRAMES_OWN = {
    ("aria-input-field-name", "select2-selection"): (
        "Django's select2 lists name neither the box nor what it shows; the field's own label "
        "stands beside it"
    ),
}


def violations(page) -> list[str]:
    """A line for each, in our own markup; what is the frame's is listed above."""
    found = Axe().run(page).response["violations"]
    return [
        f"{each['id']} ({each['impact']}): {node['target']} {node['html'][:200]}"
        for each in found
        if each["impact"] in SERIOUS
        for node in each["nodes"]
        if not _is_the_frames(each, node)
    ]


def _is_the_frames(violation: dict[str, Any], node: dict[str, Any]) -> bool:
    return any(rule == violation["id"] and part in node["html"] for rule, part in FRAMES_OWN)
