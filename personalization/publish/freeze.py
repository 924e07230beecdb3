"""From drafts to a release.

In:  a site, its rows as they stand now, and a number.
Out: a `rules.Release` in which everything is checked and compiled; else `Malformed`, which names
     every draft that stands in the way.
"""

from collections.abc import Iterator, Mapping

from django.db.models import Value
from django.utils.translation import gettext as _

from personalization.exceptions import FieldError, Malformed
from personalization.govern.models import Site
from personalization.publish.frozen_contents import frozen_contents
from personalization.publish.frozen_journeys import (
    asks_for_the_page,
    frozen_journeys,
    journeys_that_are_on,
    trees_of_journeys,
    unanswered,
)
from personalization.publish.frozen_slots import frozen_slots
from personalization.publish.site_settings import site_settings, wrong_settings
from personalization.targeting.catalogue import site_catalogue
from personalization.targeting.conditions import segments_named_in
from personalization.targeting.models import (
    Campaign,
    Content,
    Experiment,
    Journey,
    Rule,
    Segment,
    Slot,
)
from personalization.targeting.reading import dotted
from rules import codec
from rules.compiler import compile as compile_conditions
from rules.conditions import Condition, parse
from rules.fields import GROUP, Catalogue
from rules.invalid import Invalid
from rules.journeys import STAGE
from rules.journeys import Journey as FrozenJourney
from rules.types import Release
from rules.types import Slot as FrozenSlot

Trees = dict[str, object]  # condition's name -> its tree


def freeze(site: Site, number: int, *, only: str | None = None) -> Release:
    """Everything that is on for the site, proven to hold together; or one slot, to look at."""
    errors = list(wrong_settings(site))
    catalogue = site_catalogue(site)
    slots = frozen_slots(site, only)
    rows = journeys_that_are_on(site)
    trees = _trees(site, slots, rows if only is None else [])
    conditions = _parsed(trees, catalogue, errors)
    contents, blocks = frozen_contents(site, slots, catalogue, errors)
    wrong: list[FieldError] = []
    journeys = frozen_journeys(rows, catalogue, wrong)
    errors.extend(_unknown_stages(trees, rows if only is None else [], journeys))
    if only is None:
        errors.extend([*wrong, *asks_for_the_page(site, journeys, conditions)])
    _refuse(errors)
    try:
        release = Release(
            site=site.key,
            number=number,
            catalogue=catalogue,
            slots=slots,
            contents=contents,
            blocks=blocks,
            conditions=conditions,
            settings=site_settings(site),
            matcher=compile_conditions(conditions),
            labels=_labels(site),
            journeys=journeys if only is None else {},
        )
        return codec.from_document(codec.to_document(release))
    except Invalid as invalid:
        raise _refusal([FieldError(invalid.path, "invalid", invalid.said(_))]) from invalid


def _trees(site: Site, slots: Mapping[str, FrozenSlot], journeys: list[Journey]) -> Trees:
    """Conditions that the slots use, segments that those and the journeys name included."""
    segments = dict(Segment.objects.filter(site=site).values_list("key", "condition"))
    own = Rule.objects.filter(site=site, condition__isnull=False).values_list("key", "condition")
    known: Trees = {**segments, **{f"rule:{key}": tree for key, tree in own}}
    wanted = [name for slot in slots.values() for name in _audiences(slot)]
    wanted += [key for tree in trees_of_journeys(journeys) for key in segments_named_in(tree)]
    found: Trees = {}
    while wanted:
        name = wanted.pop()
        if name not in found and name in known:
            found[name] = known[name]
            wanted.extend(segments_named_in(known[name]))
    return dict(sorted(found.items()))


def _audiences(slot: FrozenSlot) -> Iterator[str]:
    named = [rule.audience for rule in slot.rules]
    named += [experiment.audience for experiment in slot.experiments]
    yield from (name for name in named if name is not None)


def _parsed(trees: Trees, catalogue: Catalogue, errors: list[FieldError]) -> dict[str, Condition]:
    parsed = {}
    for name, tree in trees.items():
        try:
            parsed[name] = parse(tree, catalogue)
        except Invalid as invalid:
            errors.append(FieldError(_place(name, invalid.path), "condition", invalid.said(_)))
    return parsed


def _place(name: str, path: str) -> str:
    return f"{_whose(name)}.{dotted(f'condition/{path}')}"


def _whose(name: str) -> str:
    return f"rules.{name.removeprefix('rule:')}" if ":" in name else f"segments.{name}"


def _unknown_stages(
    trees: Trees, rows: list[Journey], journeys: Mapping[str, FrozenJourney]
) -> Iterator[FieldError]:
    whose = {_whose(name): tree for name, tree in trees.items()}
    for place, stage in unanswered(whose, rows, journeys):
        said = _("It asks for the stage “%s”, which no journey that is on has.")
        yield FieldError(f"{place}.condition", "unknown_stage", said % stage)


def _labels(site: Site) -> dict[str, str]:
    """The names that people gave: of a segment under its key, of all else under "kind:key"."""
    first, *others = (
        model._default_manager.filter(site=site)
        .exclude(name="")
        .order_by()
        .values_list(Value("" if model is Segment else f"{model._meta.model_name}:"), "key", "name")
        for model in (Segment, Slot, Content, Rule, Experiment, Campaign, Journey)
    )
    named = {f"{kind}{key}": name for kind, key, name in first.union(*others, all=True)}
    named |= {f"{STAGE}:{stage}": label for stage, label in site.stages}
    return named | {f"{GROUP}:{key}": name for key, name in site.groups}


def _refuse(errors: list[FieldError]) -> None:
    if errors:
        raise _refusal(errors)


def _refusal(errors: list[FieldError]) -> Malformed:
    first = errors[0]
    return Malformed(
        _("%(count)d drafts stand in the way of publishing. %(path)s: %(detail)s")
        % {"count": len(errors), "path": first.path, "detail": first.detail},
        errors=tuple(errors),
    )
