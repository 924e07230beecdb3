"""How a visitor moves through the stages of journeys.

In:  journeys as they were published, where a visitor stands in each, what is known of them, now.
Out: where they stand after it, and the steps that led there.

Nothing here reads a clock, a database or chance, and a visitor is in one stage of a journey at
most. Events move by their own time, in its order: what came in three batches ends as what came in
one, and what is told again changes nothing. Conditions are asked of now. Where several things
would move somebody, an event goes before a condition and a condition before time that ran out;
other stages, in the journey's order, go before leaving it.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from rules.compiler import Matcher
from rules.compiler import compile as compile_conditions
from rules.conditions import Condition, Group, Match, segments_read

STAGE: Final = "stage"  # the field that conditions ask: "journey:stage", of all that they are in
MOST_STEPS: Final = 50  # of one visitor at once; who has more to go goes on the next time
BY_EVENT, BY_CONDITION, BY_TIME, ENDED = "event", "condition", "time", "end"


# ---------------------------------------------------------------- what was published


@dataclass(frozen=True, slots=True)
class Trigger:
    """What moves a visitor: a condition that holds, or (`by_event`) an event that fits.

    Then the condition says that some event does, and is asked of one event at a time.
    """

    condition: Condition
    by_event: bool = False


@dataclass(frozen=True, slots=True)
class Stage:
    """Visitors come in by `enter` from the stages of `origins` (none: from outside). `leave` takes
    them out of the journey; once `after` has passed they go on `to` a stage, or out (None)."""

    key: str
    name: str = ""
    enter: Trigger | None = None
    origins: tuple[str, ...] = ()
    leave: Trigger | None = None
    after: timedelta | None = None
    to: str | None = None
    webhook: str | None = None

    @property
    def is_entrance(self) -> bool:
        return self.enter is not None and not self.origins


@dataclass(frozen=True, slots=True)
class Journey:
    """Stages in order. `again`: how long after leaving somebody may come back; None: never.

    From `start` up to `end` visitors come in from outside; who is in goes on.
    """

    key: str
    stages: tuple[Stage, ...]
    name: str = ""
    again: timedelta | None = None
    start: datetime | None = None
    end: datetime | None = None
    campaign: str | None = None

    def stage(self, key: str | None) -> Stage | None:
        return next((each for each in self.stages if each.key == key), None)

    def takes_in(self, at: datetime) -> bool:
        return (self.start is None or self.start <= at) and (self.end is None or at < self.end)

    def triggers(self) -> Iterator[tuple[str, Trigger]]:
        for stage in self.stages:
            for what, trigger in (("enter", stage.enter), ("leave", stage.leave)):
                if trigger is not None:
                    yield f"{named(self.key, stage.key)}:{what}", trigger


def named(journey: str, stage: str) -> str:
    """A stage as conditions name it; keys hold no colon."""
    return f"{journey}:{stage}"


def some_event(fits: Group) -> Condition:
    """That some event fits."""
    return Group("and", (Match("events", "some", fits),))


def fitting(condition: Condition) -> Group:
    """The other way round: what must fit, of a condition that `some_event` made."""
    happened = condition.rules[0]
    return happened.inner if isinstance(happened, Match) else condition


def unreachable(journey: Journey) -> tuple[str, ...]:
    """Stages to which no way leads, in order."""
    reached = {stage.key for stage in journey.stages if stage.is_entrance}
    grows = True
    while grows:
        more = {stage.key for stage in journey.stages if reached.intersection(stage.origins)}
        more |= {s.to for s in journey.stages if s.key in reached and s.to and s.after}
        grows = not more <= reached
        reached |= more
    return tuple(stage.key for stage in journey.stages if stage.key not in reached)


# ---------------------------------------------------------------- one visitor


@dataclass(frozen=True, slots=True)
class Stay:
    """Where a visitor stands in a journey, and since when; `stage` None: outside.

    `is_new`: they were never in it, and `since` is when it began to look at visitors.
    """

    stage: str | None
    since: datetime
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Step:
    """From `before` into `stage` (None: outside), at this time, for this reason."""

    journey: str
    before: str | None
    stage: str | None
    at: datetime
    by: str  # event, condition, time or end


@dataclass(frozen=True, slots=True)
class Progress:
    """`is_settled`: until time passes or something happens, there is nothing more to do."""

    stays: Mapping[str, Stay]
    steps: tuple[Step, ...]
    is_settled: bool


@dataclass(frozen=True)
class Plan:
    """Journeys, ready to be asked: `fits` of one event at a time, `holds` of a visitor."""

    journeys: tuple[Journey, ...]
    fits: Matcher
    holds: Matcher


def plan(journeys: Sequence[Journey], segments: Mapping[str, Condition]) -> Plan:
    """`segments`: at least those that the conditions name, and those that these name."""
    triggers = dict(pair for journey in journeys for pair in journey.triggers())
    by_event = {name: each.condition for name, each in triggers.items() if each.by_event}
    own = {name: each.condition for name, each in triggers.items() if not each.by_event}
    asked = {**_needed(own, segments), **own}
    return Plan(tuple(journeys), compile_conditions(by_event), compile_conditions(asked))


def _needed(
    conditions: Mapping[str, Condition], segments: Mapping[str, Condition]
) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    waiting = [key for each in conditions.values() for key in segments_read(each)]
    while waiting:
        key = waiting.pop()
        if key not in found and key in segments:
            found[key] = segments[key]
            waiting.extend(segments_read(segments[key]))
    return found


def advance(
    ahead: Plan, stays: Mapping[str, Stay], facts: Mapping[str, object], now: datetime
) -> Progress:
    """Move a visitor as far as what is known takes them. `stays`: one for each journey.

    A condition brings somebody into a stage at most once in a call, so that two conditions that
    both hold cannot send them round and round.
    """
    seen = _Seen(ahead, facts, now)
    standing, steps = dict(stays), list[Step]()
    entered = {(key, stay.stage) for key, stay in stays.items()}
    while len(steps) < MOST_STEPS:
        step = _first_step(ahead, standing, seen, entered)
        if step is None:
            return Progress(standing, tuple(steps), not seen.is_early)
        if step.by == BY_CONDITION:
            entered.add((step.journey, step.stage))
        standing[step.journey] = Stay(step.stage, step.at)
        steps.append(step)
    return Progress(standing, tuple(steps), False)


Standing = Mapping[str, Stay]
Entered = set[tuple[str, str | None]]
Door = tuple[str, Trigger, str | None]  # the trigger's name, the trigger, where it leads


@dataclass
class _Seen:
    """What is known of the visitor, worked out when it is first asked for."""

    ahead: Plan
    facts: Mapping[str, object]
    now: datetime
    held: dict[frozenset[str], frozenset[str]] = field(default_factory=dict)
    events: list[tuple[datetime, frozenset[str]]] = field(default_factory=list)
    is_early: bool = False  # an event lies ahead of now: its time will come

    def __post_init__(self) -> None:
        told: Any = self.facts.get("events") or ()  # as a catalogue's `events` are
        for event in sorted(told, key=lambda each: (each["at"], each["id"])):
            fits = self.ahead.fits({"events": (event,)}, self.now)
            if fits and event["at"] <= self.now:
                self.events.append((event["at"], fits))
            self.is_early |= bool(fits) and event["at"] > self.now

    def holds(self, standing: Standing) -> frozenset[str]:
        """Names of the conditions that are true of the visitor, were they in these stages."""
        told: Any = self.facts.get(STAGE) or ()  # of journeys that are not at work, too
        others = (each for each in told if each.partition(":")[0] not in standing)
        stages = frozenset((*names_of(standing), *others))
        if stages not in self.held:
            facts = {**self.facts, STAGE: tuple(sorted(stages))}
            self.held[stages] = self.ahead.holds(facts, self.now)
        return self.held[stages]


def names_of(standing: Standing) -> Iterator[str]:
    """The stages that somebody is in, as conditions name them."""
    return (named(key, stay.stage) for key, stay in standing.items() if stay.stage is not None)


def _first_step(ahead: Plan, standing: Standing, seen: _Seen, entered: Entered) -> Step | None:
    for journey in ahead.journeys:
        stay = standing[journey.key]
        if stay.stage is not None and journey.stage(stay.stage) is None:
            return Step(journey.key, stay.stage, None, seen.now, ENDED)
        found = (
            _by_event(journey, stay, seen)
            or _by_condition(journey, standing, seen, entered)
            or _by_time(journey, stay, seen)
        )
        if found is not None:
            return found
    return None


def _doors(journey: Journey, stay: Stay, by_event: bool) -> Iterator[Door]:
    """The ways on from where somebody stands, in order."""
    here = journey.stage(stay.stage)
    for stage in journey.stages:
        opens = stage.is_entrance if here is None else here.key in stage.origins
        if opens and stage.enter is not None and stage.enter.by_event is by_event:
            yield f"{named(journey.key, stage.key)}:enter", stage.enter, stage.key
    if here is not None and here.leave is not None and here.leave.by_event is by_event:
        yield f"{named(journey.key, here.key)}:leave", here.leave, None


def _by_event(journey: Journey, stay: Stay, seen: _Seen) -> Step | None:
    """The first event that moves them, if no time ran out before it."""
    doors = list(_doors(journey, stay, by_event=True))
    floor, deadline = _looks_from(journey, stay), _deadline(journey, stay)
    if not doors or floor is None:
        return None
    for at, fits in seen.events:
        if at <= floor or not _is_open(journey, stay, at):
            continue
        if deadline is not None and at > deadline:
            return None
        for name, _trigger, to in doors:
            if name in fits:
                return Step(journey.key, stay.stage, to, at, BY_EVENT)
    return None


def _by_condition(
    journey: Journey, standing: Standing, seen: _Seen, entered: Entered
) -> Step | None:
    stay = standing[journey.key]
    doors = list(_doors(journey, stay, by_event=False))
    floor = _looks_from(journey, stay)
    if not doors or floor is None or seen.now < floor or not _is_open(journey, stay, seen.now):
        return None
    for name, _trigger, to in doors:
        is_back = to is not None and (journey.key, to) in entered
        if not is_back and name in seen.holds(standing):
            return Step(journey.key, stay.stage, to, seen.now, BY_CONDITION)
    return None


def _by_time(journey: Journey, stay: Stay, seen: _Seen) -> Step | None:
    here, deadline = journey.stage(stay.stage), _deadline(journey, stay)
    if here is None or deadline is None or deadline > seen.now:
        return None
    return Step(journey.key, stay.stage, here.to, deadline, BY_TIME)


def _deadline(journey: Journey, stay: Stay) -> datetime | None:
    here = journey.stage(stay.stage)
    return None if here is None or here.after is None else stay.since + here.after


def _looks_from(journey: Journey, stay: Stay) -> datetime | None:
    """What lies before it says nothing any more; None: they never come in again."""
    if stay.stage is not None or stay.is_new:
        return stay.since
    return None if journey.again is None else stay.since + journey.again


def _is_open(journey: Journey, stay: Stay, at: datetime) -> bool:
    """Who is in goes on; from outside one comes while the journey takes in."""
    return stay.stage is not None or journey.takes_in(at)
