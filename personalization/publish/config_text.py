"""A configuration as YAML text and back, without loss.

Stricter than YAML: no aliases (a small file could unfold without end), no name twice.
"""

import re
from collections.abc import Hashable
from typing import Any, Final

import yaml
from django.utils.translation import gettext as _

from personalization.exceptions import Malformed

MOST_CHARACTERS: Final = 20_000_000
BREAKS: Final = re.compile("[\\r\\x85\\u2028\\u2029\\ufeff]")


def write_text(document: object) -> str:
    return yaml.dump(
        document, Dumper=_Plain, allow_unicode=True, sort_keys=False, width=100, indent=2
    )


def read_text(text: str) -> Any:  # JSON, as far as YAML keeps to it
    if len(text) > MOST_CHARACTERS:
        raise Malformed(_("The file is larger than 20 MB."))
    try:
        return yaml.load(text, Loader=_Strict)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        raise Malformed(_("This is no YAML that can be read: %s") % error) from error
    except (RecursionError, ValueError) as error:
        raise Malformed(
            _("This YAML is nested too deeply, or holds an impossible date.")
        ) from error


class _Plain(yaml.SafeDumper):
    def ignore_aliases(self, data: object) -> bool:
        return True

    def represent_str(self, data: str) -> yaml.ScalarNode:
        """In double quotes where a text breaks lines: other styles lose some of the breaks."""
        style = '"' if BREAKS.search(data) else None
        return self.represent_scalar("tag:yaml.org,2002:str", data, style)


_Plain.add_representer(str, _Plain.represent_str)


class _Strict(yaml.SafeLoader):
    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call] # PyYAML's
            raise yaml.MarkedYAMLError(
                problem=_("aliases are not read; write it out"), problem_mark=event.start_mark
            )
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        keys = [key for key, _value in node.value]
        names = [key.value for key in keys if isinstance(key, yaml.ScalarNode)]
        if len(set(names)) < len(names):
            twice = next(name for name in names if names.count(name) > 1)
            problem = _("the name “%s” stands twice") % twice
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
        return super().construct_mapping(node, deep)
