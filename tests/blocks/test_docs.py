"""What `docs/templates.md` lists is what the code has."""

import re
from pathlib import Path

import pytest

from personalization.blocks import limits
from personalization.blocks.fields import ITEM_FIELDS, SITE_FIELDS
from personalization.blocks.filters import FILTERS, TESTS
from personalization.blocks.sandbox import LOOP_PARTS

PAGE = (Path(__file__).parents[2] / "docs" / "templates.md").read_text(encoding="utf-8")
STYLES = (
    Path(__file__).parents[2] / "personalization" / "static" / "personalization" / "blocks.css"
).read_text(encoding="utf-8")


def row(name):
    return next(line for line in PAGE.splitlines() if line.startswith(f"| `{name}"))


def quoted(text):
    return set(re.findall(r"`([a-z_0-9]+)`", text))


def test_every_filter_is_explained_and_no_other():
    table = PAGE.split("### Filters")[1].split("\nTests")[0]

    assert re.findall(r"^\| `([a-z]+)` \|", table, re.M) == sorted(FILTERS)


def test_every_test_is_named_and_no_other():
    line = next(each for each in PAGE.splitlines() if each.startswith("Tests, behind"))

    assert quoted(line.split(":")[1]) == set(TESTS)


@pytest.mark.parametrize(
    ("root", "fields"), [("site", SITE_FIELDS), ("item", ITEM_FIELDS), ("loop", LOOP_PARTS)]
)
def test_the_parts_of_a_name_are_listed(root, fields):
    assert quoted(row(root).split("|")[2]) == fields


@pytest.mark.parametrize(
    "number",
    [
        f"{limits.OUTPUT_BYTES // 1024} KB",
        f"{limits.STEPS} parts",
        f"{limits.TEXT} characters",
        f"{limits.LOOPS} loops",
        f"{limits.NODES} parts",
        f"beyond {limits.DEPTH}",
        f"beyond {limits.SOURCE} characters",
        f"({limits.FIELD_SOURCE} in a field)",
        f"at most {limits.RANGE} numbers",
    ],
)
def test_the_limits_are_the_true_ones(number):
    assert number in PAGE


def test_every_custom_property_of_the_stylesheet_is_named():
    used = set(re.findall(r"var\((--pz-[a-z-]+)", STYLES))

    assert used == set(re.findall(r"--pz-[a-z-]+", PAGE))
