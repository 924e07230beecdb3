"""docs/publishing.md says what the code does: its tables are held against it."""

import re
from pathlib import Path

from django.core.management import get_commands, load_command_class

from personalization.targeting import documents
from tests.publish.test_commands import OURS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "publishing.md").read_text(encoding="utf-8")


def rows(heading):
    section = TEXT.split(f"## {heading}\n")[1].split("\n## ")[0]
    cells = [line.strip("|").split("|") for line in section.splitlines() if line.startswith("|")]
    return {row[0].strip().strip("`"): row[1] for row in cells[2:]}


def test_every_finding_is_listed():
    sources = (ROOT / "personalization" / "publish").glob("*.py")
    said = [re.findall(r'warn\(\s*"(\w+)"', source.read_text("utf-8")) for source in sources]

    assert set(rows("Worth a look")) == {code for codes in said for code in codes}


def test_every_kind_is_listed_with_its_fields(site):
    listed = rows("Documents")

    assert list(listed) == list(documents.KINDS)
    for name, kind in documents.KINDS.items():
        written = kind.written(_anything(kind.model(site=site, key="k")))
        assert set(re.findall(r"`(\w+)`", listed[name])) == set(written) - {"key", "name"}


def test_every_command_is_listed_with_its_options():
    listed = {usage.split()[0]: usage for usage in rows("Commands")}

    assert set(listed) == set(OURS)
    for name, usage in listed.items():
        parser = load_command_class(get_commands()[name], name).create_parser("manage.py", name)
        for option in re.findall(r"--?[a-z-]+", usage):
            assert option in parser.format_help()


def _anything(row):
    from personalization.targeting.models import Content, Slot

    for name, model in (("slot", Slot), ("content", Content)):
        if name in {field.name for field in row._meta.fields}:
            setattr(row, name, model(key="k"))
    return row
