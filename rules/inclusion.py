"""Which audiences are part of others: whoever meets the narrow condition meets the wide one too.

In:  conditions by name, which may name each other as segments.
Out: yes only where it is certain, whatever is known of a visitor; not every inclusion is found.
"""

from collections.abc import Iterable, Mapping

from rules.conditions import Condition, Group, nodes
from rules.normal import Normals
from rules.reach import Reach
from rules.segments import in_order


class Inclusions:
    """Laid out once for all the names that are asked about."""

    def __init__(self, names: Iterable[str], conditions: Mapping[str, Condition]) -> None:
        normals = Normals()
        order = in_order(names, conditions)
        self.said = {name: normals.of(conditions[name]) for name in order}
        asked = (each for name in order for each in nodes(conditions[name]))
        self.reach = Reach(
            [normals.of(each) for each in asked if not isinstance(each, Group)], self.said
        )

    def includes(self, wide: str, narrow: str) -> bool:
        """Is nothing left where the narrow one is true and the wide one is not?"""
        inside = self.reach.where(self.said[narrow], True)
        outside = self.reach.where(self.said[wide], False)
        return self.reach.meet([inside, outside]) is None

    def is_everyone(self, name: str) -> bool:
        return self.reach.always(self.said[name])
