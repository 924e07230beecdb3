"""A change as a marketer reads it: names instead of keys, conditions as sentences.

In:  a `Change` and the two releases that it lies between.
Out: a `Wording`: what it is called, and its parts with what they were and what they will be.
"""

import difflib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from personalization.govern.purpose_words import purpose_in_words
from personalization.publish.diff import Change
from personalization.publish.journey_words import stage_in_words
from personalization.targeting.durations import duration_in_words
from personalization.targeting.schedules import when_in_words
from personalization.targeting.shelves import shelf_in_words
from rules import describe
from rules.types import Block, Release

KINDS: Final = {
    "settings": gettext_lazy("settings of the site"),
    "trait": gettext_lazy("trait"),
    "slot": gettext_lazy("slot"),
    "rule": gettext_lazy("rule"),
    "experiment": gettext_lazy("experiment"),
    "content": gettext_lazy("content"),
    "block": gettext_lazy("block"),
    "segment": gettext_lazy("segment"),
    "condition": gettext_lazy("condition of the rule"),
    "journey": gettext_lazy("journey"),
}
PARTS: Final = {
    "slot": gettext_lazy("slot"),
    "place": gettext_lazy("place in the order"),
    "content": gettext_lazy("content"),
    "audience": gettext_lazy("audience"),
    "start": gettext_lazy("from"),
    "end": gettext_lazy("until"),
    "cap": gettext_lazy("at most"),
    "when": gettext_lazy("days and hours"),
    "campaign": gettext_lazy("campaign"),
    "again": gettext_lazy("may come back after"),
    "default": gettext_lazy("default content"),
    "min_height": gettext_lazy("reserved height"),
    "block": gettext_lazy("block"),
    "template": gettext_lazy("template"),
    "condition": gettext_lazy("who belongs to it"),
    "arms": gettext_lazy("arms"),
    "weights": gettext_lazy("shares"),
    "coverage": gettext_lazy("share of the visitors"),
    "locale": gettext_lazy("language"),
    "zone": gettext_lazy("time zone"),
    "currency": gettext_lazy("currency"),
    "holdout": gettext_lazy("held out"),
    "gpc_opts_out": gettext_lazy("Global Privacy Control opts out of"),
    "type": gettext_lazy("kind"),
    "purpose": gettext_lazy("needs consent to"),
    "label": gettext_lazy("called"),
    "choices": gettext_lazy("choices"),
    "personal": gettext_lazy("personal, for placeholders only"),
    "group": gettext_lazy("stands under"),
}
TYPES: Final = {  # of traits
    "string": gettext_lazy("text"),
    "number": gettext_lazy("number"),
    "boolean": gettext_lazy("yes or no"),
    "datetime": gettext_lazy("time"),
    "version": gettext_lazy("version"),
    "list": gettext_lazy("list"),
}
SAID_ELSEWHERE: Final = frozenset({"key", "name", "segment", "reads"})
OF_THE_MACHINE: Final = frozenset({"seed", "hash_version", "namespace", "phase"})  # until changed
LONGEST: Final = 2_000
_WORDS: Final = re.compile(r"\s+|\w+|[^\w\s]")
Said = tuple[str, str]  # ("same" | "gone" | "new", text)


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that differs; "" where there is nothing."""

    label: str
    before: str
    after: str

    @property
    def marks(self) -> tuple[Said, ...]:
        """The text word by word: what stays, what goes, what comes.

        Where less than a third of the words stay, the one text goes and the other comes.
        """
        old, new = _WORDS.findall(self.before), _WORDS.findall(self.after)
        if not _has_much_in_common(old, new):
            return tuple(said for said in _step("replace", self.before, self.after) if said[1])
        steps = difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
        return tuple(
            said
            for step, a, b, c, d in steps
            for said in _step(step, "".join(old[a:b]), "".join(new[c:d]))
            if said[1]
        )


@dataclass(frozen=True, slots=True)
class Wording:
    kind: str  # as in the change
    key: str
    what: str  # "added", "changed" or "removed"
    called: str  # "rule “Spring” in “Home hero”"
    parts: tuple[Part, ...]


def _has_much_in_common(old: list[str], new: list[str]) -> bool:
    mine, other = (Counter(word for word in words if word.isalnum()) for words in (old, new))
    return (mine & other).total() * 3 >= max(mine.total(), other.total())


def _step(step: str, old: str, new: str) -> tuple[Said, ...]:
    return (("same", old),) if step == "equal" else (("gone", old), ("new", new))


def in_words(change: Change, before: Release | None, after: Release) -> Wording:
    """`before`: None where nothing was live yet."""
    old, new = _parts(change, change.before, before), _parts(change, change.after, after)
    names = [*old, *(name for name in new if name not in old)]
    pairs = ((name, old.get(name, ""), new.get(name, "")) for name in names)
    if change.what != "changed":
        pairs = (pair for pair in pairs if (pair[1] or pair[2]) not in _says_nothing())
    parts = tuple(Part(name, was, will) for name, was, will in pairs if was != will)
    return Wording(change.kind, change.key, change.what, _called(change, before, after), parts)


def _says_nothing() -> tuple[str, ...]:
    return _("nothing"), _("open"), _("none"), _("always"), _("as often as it likes")


def _called(change: Change, before: Release | None, after: Release) -> str:
    release = before if before is not None and change.after is None else after
    kind = str(KINDS.get(change.kind, change.kind))
    if not change.key:
        return kind
    named = "rule" if change.kind == "condition" else change.kind
    called = f"{kind} {_('“{}”').format(name_of(release, named, change.key))}"
    document = change.after or change.before
    if change.kind in ("rule", "experiment"):
        slot = name_of(release, "slot", document["slot"])
        return _("%(thing)s in “%(slot)s”") % {"thing": called, "slot": slot}
    return called


def _parts(change: Change, document: Any, release: Release | None) -> dict[str, str]:
    """Label -> what it says, of one side of a change."""
    if document is None or release is None:
        return {}
    if not isinstance(document, Mapping):
        return {_("definition"): _plain(document)}
    if change.kind in ("segment", "condition"):
        name = change.key if change.kind == "segment" else f"rule:{change.key}"
        return {str(PARTS["condition"]): describe(release.conditions[name], _labels(release), _)}
    if change.what != "changed":
        document = {name: said for name, said in document.items() if name not in OF_THE_MACHINE}
    return dict(_said(document, release))


def _said(document: Mapping[str, Any], release: Release) -> Iterator[tuple[str, str]]:
    for name, value in document.items():
        if name == "fields":
            yield from _fields(value, release.blocks.get(document["block"]))
        elif name == "suggestions":
            shelf = shelf_in_words(value and value["shelf"], release.settings.zone)
            if shelf:
                yield _("which items"), shelf
        elif name == "provenance":
            yield from _written(value)
        elif name == "pictures":
            yield from _drawn(value)
        elif name == "stages":
            yield from _stages(document["key"], release)
        elif name not in SAID_ELSEWHERE:
            label = str(PARTS.get(name, name.replace("_", " ")))
            yield label, _IN_WORDS.get(name, _other)(value, release)


def _fields(
    by_locale: Mapping[str, Mapping[str, Any]], block: Block | None
) -> Iterator[tuple[str, str]]:
    """What a content says, field by field in each language, called as its form calls them."""
    properties = block.schema.get("properties", {}) if block else {}
    for locale, fields in by_locale.items():
        for name, value in fields.items():
            yield f"{_titled(name, properties.get(name, {}))} ({locale})", _plain(value)


def _written(by_locale: Mapping[str, Mapping[str, Any]]) -> Iterator[tuple[str, str]]:
    """Which languages a model wrote, and who said yes."""
    for locale, said in by_locale.items():
        names = {"model": said["model"], "people": ", ".join(said["reviewers"])}
        label = _("where it came from (%s)") % locale
        yield label, _("%(model)s; approved by %(people)s") % names


def _drawn(by_locale: Mapping[str, list[Mapping[str, Any]]]) -> Iterator[tuple[str, str]]:
    """Which pictures a model drew, and who said yes."""
    for locale, drawn in by_locale.items():
        for each in drawn:
            said = each["provenance"]
            names = {"model": said["model"], "people": ", ".join(said["reviewers"])}
            label = _("where the picture %(name)s came from (%(locale)s)")
            at = ".".join(map(str, each["at"]))
            yield (
                label % {"name": at, "locale": locale},
                _("%(model)s; approved by %(people)s") % names,
            )


def _stages(key: str, release: Release) -> Iterator[tuple[str, str]]:
    journey = release.journeys[key]
    for stage in journey.stages:
        label = _("stage “%s”") % (stage.name or stage.key)
        yield label, stage_in_words(stage, journey, _labels(release))


def _audience(name: str | None, release: Release) -> str:
    if name is None:
        return _("everyone")
    if name.startswith("rule:"):
        return _("its own condition")
    return release.labels.get(name) or name


def _moment(text: str | None, release: Release) -> str:
    if text is None:
        return _("open")
    at = datetime.fromisoformat(text).astimezone(ZoneInfo(release.settings.zone))
    return str(date_format(at, "DATETIME_FORMAT"))


def _cap(cap: Mapping[str, Any] | None, _release: Release) -> str:
    if cap is None:
        return _("as often as it likes")
    if cap["seconds"] is None:
        times: int = cap["times"]
        return _("%d times per visitor") % times
    said = {"times": cap["times"], "within": duration_in_words(cap["seconds"])}
    return _("%(times)s times per visitor within %(within)s") % said


def _days_and_hours(when: Mapping[str, Any] | None, _release: Release) -> str:
    return when_in_words(when) or _("always")


def _content(key: str | None, release: Release) -> str:
    return name_of(release, "content", key) if key else _("nothing")


def _arms(arms: list[Mapping[str, Any]], release: Release) -> str:
    return ", ".join(f"{arm['key']}: {_shown(arm['content'], release)}" for arm in arms)


def _shown(content: str | None, release: Release) -> str:
    """By an arm: one without a content shows what the slot shows by default."""
    return name_of(release, "content", content) if content else _("the default")


def _shares(weights: list[float], _release: Release) -> str:
    return ", ".join(f"{weight * 100:.4g} %" for weight in weights)


def _holdout(held: Mapping[str, Any] | None, _release: Release) -> str:
    return f"{held['share'] * 100:.4g} %" if held else _("nothing")


def _listed(values: list[Any] | None, _release: Release) -> str:
    """Names, or pairs of a value and what people call it."""
    said = (each[1] if isinstance(each, list | tuple) else each for each in values or ())
    return ", ".join(map(str, said)) or _("nothing")


def _other(value: Any, _release: Release) -> str:
    return _plain(value)


def _plain(value: Any) -> str:  # JSON
    if value is None:
        return _("nothing")
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"


def _labels(release: Release) -> dict[str, str]:
    """The names that people gave to fields and to segments."""
    fields = release.catalogue.fields.values()
    return {field.name: field.label for field in fields if field.label} | dict(release.labels)


def name_of(release: Release, kind: str, key: str) -> str:
    """The name that a person gave to a slot, content, rule, segment ...; else its key."""
    if kind == "block" and key in release.blocks:
        return _titled(key, release.blocks[key].schema)
    return release.labels.get(key if kind == "segment" else f"{kind}:{key}") or key


def _titled(name: str, schema: Mapping[str, Any]) -> str:  # a JSON Schema document
    return _(schema.get("title") or name.replace("_", " ").capitalize())


_IN_WORDS: Final[Mapping[str, Callable[[Any, Release], str]]] = {
    "slot": lambda key, release: name_of(release, "slot", key),
    "place": lambda place, _release: str(place + 1),
    "content": _content,
    "block": lambda name, release: name_of(release, "block", name),
    "default": _content,
    "audience": _audience,
    "start": _moment,
    "end": _moment,
    "cap": _cap,
    "when": _days_and_hours,
    "campaign": lambda key, release: name_of(release, "campaign", key) if key else _("none"),
    "again": lambda time, _release: time or _("never"),
    "arms": _arms,
    "weights": _shares,
    "coverage": lambda share, _release: f"{share * 100:.4g} %",
    "holdout": _holdout,
    "gpc_opts_out": lambda names, _release: ", ".join(map(purpose_in_words, names)) or _("nothing"),
    "choices": _listed,
    "type": lambda kind, _release: str(TYPES.get(kind, kind)),
    "purpose": lambda name, _release: purpose_in_words(name) if name else _("nothing"),
    "group": lambda name, _release: _(name),
    "personal": lambda is_so, _release: _("yes") if is_so else _("no"),
    "min_height": lambda pixels, _release: f"{pixels} px",
}
