"""The reference of the language lists what the code has, no more and no less."""

import re
from pathlib import Path

from rules.fields import BUILT_IN
from rules.operators import OPERATORS

PAGE = (Path(__file__).parents[2] / "docs" / "conditions.md").read_text(encoding="utf-8")


def rows(heading):
    table = PAGE.split(f"## {heading}\n", 1)[1].split("\n## ", 1)[0]
    cells = [[cell.strip() for cell in line.strip("|").split("|")] for line in table.splitlines()]
    return [row for row in cells if re.fullmatch(r"`.+`", row[0])]


def test_the_page_lists_every_operator_as_the_table_has_it():
    told = [tuple(row) for row in rows("Operators")]

    assert told == [
        (f"`{each.key}`", each.label, ", ".join(sorted(each.types)), each.shape)
        for each in OPERATORS.values()
    ]


def test_the_page_lists_every_built_in_field_and_what_it_needs():
    told = [tuple(row) for row in rows("Fields")]

    assert told == [
        (f"`{each.name}`", each.kind, each.title, ", ".join(sorted(each.purposes)) or "none")
        for each in BUILT_IN.fields.values()
    ]
