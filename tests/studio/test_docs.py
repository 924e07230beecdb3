"""The roles that the marketer's page promises are those that the code gives."""

from pathlib import Path

import pytest

from personalization.govern.roles import ROLES

PAGE = (Path(__file__).parents[2] / "docs" / "marketer.md").read_text(encoding="utf-8")
COLUMNS = ("view", "edit", "publish", "review", "report", "privacy", "manage")
NAMES = {
    "privacy officer": "privacy_officer",
    "legal reviewer": "legal_reviewer",
    "administrator": "admin",
}
ROWS = [
    [cell.strip() for cell in line.strip("|").split("|")]
    for line in PAGE.split("## Who may do what", 1)[1].splitlines()
    if line.endswith(("yes |", "no |"))
]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_the_page_tells_what_a_role_may(row):
    abilities = ROLES[NAMES.get(row[0], row[0])]

    assert [cell == "yes" for cell in row[1:]] == [each in abilities for each in COLUMNS]


def test_the_page_tells_of_every_role():
    assert {NAMES.get(row[0], row[0]) for row in ROWS} == set(ROLES)
