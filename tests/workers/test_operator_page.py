"""The operator's page names every variable and every command, and none that is not."""

import re
from pathlib import Path

from django.core.management import get_commands

from personalization import conf
from personalization.host import settings

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "operator.md").read_text(encoding="utf-8")
READ = re.compile(r"""env\.\w+\(\s*"([A-Z_]+)"|environ\.get\("([A-Z_]+)"\)""")


def table(heading: str) -> set[str]:
    """What stands in backquotes in the first column below a heading."""
    section = PAGE.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    firsts = [line.split("|")[1] for line in section.splitlines() if line.startswith("| `")]
    return {name for first in firsts for name in re.findall("`([^`]+)`", first)}


def test_the_page_lists_the_environment_variables_that_are_read():
    sources = [Path(settings.__file__), ROOT / "workers/management/commands/demo.py"]
    found = {
        one or other for path in sources for one, other in READ.findall(path.read_text("utf-8"))
    }
    plain = {name for name, usual in conf.DEFAULTS.items() if isinstance(usual, str | int)}
    assert table("Environment") == found | plain


def test_the_page_lists_our_commands():
    ours = {name for name, app in get_commands().items() if app in {"personalization", "workers"}}
    assert table("Commands") == ours
