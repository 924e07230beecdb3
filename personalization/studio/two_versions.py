"""A form that, where somebody else saved meanwhile, shows both versions part by part."""

from abc import abstractmethod
from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

from personalization.govern.models import Site
from personalization.studio.conflicts import Standoff
from personalization.studio.row_form import RowForm
from personalization.studio.side_by_side import in_words, side_by_side


class TwoVersions:
    """Of a form. `studio/conflict.html` asks; who uses it notices the standoff, and saves what was
    chosen."""

    fields: Any  # Django's own
    data: Any  # a QueryDict
    standoff: Standoff | None = None  # somebody else saved meanwhile, and nobody has chosen yet

    @abstractmethod
    def place_of(self, path: str) -> str:
        """The form field that shows what is wrong at this path of the document."""

    @abstractmethod
    def site_of_both(self) -> Site: ...

    def label_of(self, path: str) -> str:
        """What a person calls this part of the document."""
        field = self.fields.get(self.place_of(path))
        return str(field.label or path) if field else path

    def choices(self) -> Iterator[dict[str, Any]]:  # for a template
        """The parts of which somebody else saved another value, both values in words."""
        if self.standoff is None:
            return
        for choice in self.standoff.choices(self.data, self.fields, self.place_of):
            part, site = choice.part, self.site_of_both()
            values = (in_words(site, part.path[-1], each) for each in (part.theirs, part.mine))
            shown = dict(zip(("theirs", "mine"), side_by_side(*values), strict=True))
            yield {"choice": choice, "label": self.label_of(part.name), **shown}


class TwoVersionsForm(TwoVersions, RowForm):
    """Of a row of a table."""

    names: ClassVar[Mapping[str, str]] = {}  # document field -> form field, where they differ

    def place_of(self, path: str) -> str:
        top = path.replace("[", ".").split(".")[0]
        return self.names.get(top, top)

    def site_of_both(self) -> Site:
        site: Site = self.instance.site
        return site
