"""A release as a JSON document and back, without loss.

In:  a `Release`, or the document of one.
Out: the other. A document of a format that we do not know, or that does not hold together, is
refused with `Invalid`; whatever is accepted can be decided with.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from rules.caching import cache_scope
from rules.compiler import compile as compile_conditions
from rules.conditions import Condition, parse
from rules.fields import Catalogue
from rules.formats import FORMAT, lifted
from rules.invalid import Invalid
from rules.journey_codec import read_journey, write_journey
from rules.journeys import Journey, plan
from rules.printing import to_tree
from rules.provenance import Drawn, Provenance
from rules.purposes import Purpose
from rules.schedules import read_schedule, write_schedule
from rules.shelf_codec import read_shelf, write_shelf
from rules.types import (
    Arm,
    Block,
    Cap,
    Content,
    Experiment,
    Holdout,
    Release,
    Rule,
    Settings,
    Slot,
    SuggestionSpec,
    Window,
)
from rules.words import _

Document = dict[str, Any]  # JSON
T = TypeVar("T")


def to_document(release: Release) -> Document:
    return {
        "format": FORMAT,
        "site": release.site,
        "number": release.number,
        "catalogue": release.catalogue.to_dict(),
        "settings": _settings_to(release.settings),
        "slots": [_slot_to(slot) for slot in release.slots.values()],
        "contents": [_content_to(content) for content in release.contents.values()],
        "blocks": [_block_to(block) for block in release.blocks.values()],
        "conditions": {name: to_tree(each) for name, each in release.conditions.items()},
        "labels": dict(release.labels),
        "journeys": [write_journey(journey) for journey in release.journeys.values()],
    }


def from_document(document: Mapping[str, Any]) -> Release:
    try:
        release = _read(lifted(document))
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise Invalid(
            "release", _("The release cannot be read: %(why)s."), why=repr(error)
        ) from error
    return replace(release, slots=_checked_slots(release))


def _read(document: Mapping[str, Any]) -> Release:
    catalogue = Catalogue.from_dict(document["catalogue"])
    conditions = {name: parse(tree, catalogue) for name, tree in document["conditions"].items()}
    return Release(
        site=document["site"],
        number=document["number"],
        catalogue=catalogue,
        slots=_by_key(document["slots"], _slot_from),
        contents=_by_key(document["contents"], _content_from),
        blocks={each["name"]: _block_from(each) for each in document["blocks"]},
        conditions=conditions,
        settings=_settings_from(document["settings"]),
        matcher=compile_conditions(conditions),
        labels=dict(document["labels"]),
        journeys=_journeys(document.get("journeys", []), catalogue, conditions),
    )


def _journeys(
    documents: list[Document], catalogue: Catalogue, conditions: Mapping[str, Condition]
) -> dict[str, Journey]:
    """Format 2 began without them. Whatever is accepted can be advanced with."""
    journeys = _by_key(documents, lambda each: read_journey(each, catalogue))
    plan(tuple(journeys.values()), conditions)
    return journeys


def _by_key(documents: list[Document], read: Callable[[Document], T]) -> dict[str, T]:
    return {each["key"]: read(each) for each in documents}


def _checked_slots(release: Release) -> dict[str, Slot]:
    """The slots with their cache scope; every name that they use is there."""
    for slot in release.slots.values():
        _refuse_unknown(slot, release)
    for content in release.contents.values():
        if content.block not in release.blocks:
            raise Invalid(
                f"contents/{content.key}", _("There is no block %(key)s."), key=repr(content.block)
            )
    holdout, zone = release.settings.holdout is not None, release.settings.zone
    known = release.contents, release.conditions, release.catalogue
    return {
        key: replace(slot, cache=cache_scope(slot, *known, zone=zone, holdout=holdout))
        for key, slot in release.slots.items()
    }


def _refuse_unknown(slot: Slot, release: Release) -> None:
    arms = [arm.content for experiment in slot.experiments for arm in experiment.arms]
    for content in (slot.default, *(rule.content for rule in slot.rules), *arms):
        if content is not None and content not in release.contents:
            raise Invalid(f"slots/{slot.key}", _("There is no content %(key)s."), key=repr(content))
    both: tuple[Rule | Experiment, ...] = (*slot.rules, *slot.experiments)
    for one in both:
        if one.audience is not None and one.audience not in release.conditions:
            raise Invalid(
                f"slots/{slot.key}", _("There is no audience %(key)s."), key=repr(one.audience)
            )


# ---------------------------------------------------------------- settings


def _settings_to(settings: Settings) -> Document:
    holdout = settings.holdout
    return {
        "locale": settings.locale,
        "zone": settings.zone,
        "currency": settings.currency,
        "gpc_opts_out": sorted(settings.gpc_opts_out),
        "holdout": None if holdout is None else {"seed": holdout.seed, "share": holdout.share},
    }


def _settings_from(document: Document) -> Settings:
    holdout = document["holdout"]
    return Settings(
        locale=document["locale"],
        zone=ZoneInfo(document["zone"]).key,  # refuses a zone that nobody knows
        currency=document["currency"],
        gpc_opts_out=frozenset(Purpose(each) for each in document["gpc_opts_out"]),
        holdout=None if holdout is None else Holdout(holdout["seed"], float(holdout["share"])),
    )


# ---------------------------------------------------------------- slots, rules, experiments


def _slot_to(slot: Slot) -> Document:
    return {
        "key": slot.key,
        "default": slot.default,
        "min_height": slot.min_height,
        "rules": [_rule_to(rule) for rule in slot.rules],
        "experiments": [_experiment_to(experiment) for experiment in slot.experiments],
    }


def _slot_from(document: Document) -> Slot:
    return Slot(
        key=document["key"],
        default=document["default"],
        rules=tuple(_rule_from(each) for each in document["rules"]),
        experiments=tuple(_experiment_from(each) for each in document["experiments"]),
        min_height=document["min_height"],
    )


def _rule_to(rule: Rule) -> Document:
    return {
        "key": rule.key,
        "content": rule.content,
        "audience": rule.audience,
        "segment": rule.segment,
        **_window_to(rule.window),
        "cap": None if rule.cap is None else {"times": rule.cap.times, "seconds": rule.cap.seconds},
        "when": write_schedule(rule.when),
        "campaign": rule.campaign,
    }


def _rule_from(document: Document) -> Rule:
    cap = document["cap"]
    return Rule(
        key=document["key"],
        content=document["content"],
        audience=document["audience"],
        segment=document["segment"],
        window=_window_from(document),
        cap=None if cap is None else Cap(cap["times"], cap["seconds"]),
        when=read_schedule(document["when"]),
        campaign=document["campaign"],
    )


def _experiment_to(experiment: Experiment) -> Document:
    return {
        "key": experiment.key,
        "seed": experiment.seed,
        "arms": [{"key": arm.key, "content": arm.content} for arm in experiment.arms],
        "weights": list(experiment.weights),
        "coverage": experiment.coverage,
        "hash_version": experiment.hash_version,
        "namespace": None if experiment.namespace is None else list(experiment.namespace),
        "phase": experiment.phase,
        "audience": experiment.audience,
        **_window_to(experiment.window),
        "campaign": experiment.campaign,
    }


def _experiment_from(document: Document) -> Experiment:
    namespace = document["namespace"]
    if namespace is not None:
        name, start, end = namespace
        namespace = (str(name), float(start), float(end))
    return Experiment(
        key=document["key"],
        seed=document["seed"],
        arms=tuple(Arm(each["key"], each["content"]) for each in document["arms"]),
        weights=tuple(float(weight) for weight in document["weights"]),
        coverage=float(document["coverage"]),
        hash_version=document["hash_version"],
        namespace=namespace,
        phase=document["phase"],
        audience=document["audience"],
        window=_window_from(document),
        campaign=document["campaign"],
    )


def _window_to(window: Window) -> Document:
    return {
        "start": None if window.start is None else window.start.isoformat(),
        "end": None if window.end is None else window.end.isoformat(),
    }


def _window_from(document: Document) -> Window:
    return Window(_instant(document["start"]), _instant(document["end"]))


def _instant(text: str | None) -> datetime | None:
    if text is None:
        return None
    found = datetime.fromisoformat(text)
    if found.tzinfo is None:
        raise ValueError(f"{text} has no time zone")
    return found


# ---------------------------------------------------------------- contents and blocks


def _content_to(content: Content) -> Document:
    spec = content.suggestions
    return {
        "key": content.key,
        "block": content.block,
        "fields": {locale: dict(fields) for locale, fields in content.fields.items()},
        "reads": sorted(content.reads),
        "suggestions": None if spec is None else _spec_to(spec),
        "provenance": {at: each.to_document() for at, each in content.provenance.items()},
        "pictures": {
            locale: [each.to_document() for each in drawn]
            for locale, drawn in content.pictures.items()
        },
    }


def _content_from(document: Document) -> Content:
    spec = document["suggestions"]
    return Content(
        key=document["key"],
        block=document["block"],
        fields=document["fields"],
        reads=frozenset(document["reads"]),
        suggestions=None if spec is None else _spec_from(spec),
        provenance={
            locale: Provenance.from_document(each)
            for locale, each in document["provenance"].items()
        },
        pictures={
            locale: tuple(map(Drawn.from_document, drawn))
            for locale, drawn in document["pictures"].items()
        },
    )


def _spec_to(spec: SuggestionSpec) -> Document:
    return {"strategy": spec.strategy, "limit": spec.limit, "shelf": write_shelf(spec.shelf)}


def _spec_from(document: Document) -> SuggestionSpec:
    shelf = read_shelf(document["shelf"])
    return SuggestionSpec(document["strategy"], document["limit"], shelf)


def _block_to(block: Block) -> Document:
    return {
        "name": block.name,
        "template": block.template,
        "schema": dict(block.schema),
        "kind": block.kind,
        "trusted": block.trusted,
    }


def _block_from(document: Document) -> Block:
    return Block(
        name=document["name"],
        template=document["template"],
        schema=document["schema"],
        kind=document["kind"],
        trusted=document["trusted"],
    )
