"""Releases, visitors and requests: by hand for examples, at random for properties."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from rules import BUILT_IN
from rules.codec import from_document
from rules.provenance import Drawn, Provenance, binding, picture_binding
from rules.purposes import ALL_PURPOSES, Purpose
from rules.schedules import Schedule, write_schedule
from rules.types import Item, Learned, Request, Scored, Signal, Visitor

NOW = datetime(2026, 11, 23, 12, 30, tzinfo=UTC)
CATALOGUE = BUILT_IN.extended(
    {
        "plan": {"type": "string"},
        "first_name": {"type": "string", "personal": True},
        "loyalty": {"type": "number", "purpose": ["personalization", "analytics"]},
    }
)
LINE = {
    "name": "line",
    "template": "<p>{{ content.text }}</p>",
    "schema": {"type": "object", "properties": {"text": {"type": "string"}}},
    "kind": "html",
    "trusted": True,
}
SHELF = {
    "name": "shelf",
    "template": "<ul>{% for item in items %}<li>{{ item.title }}</li>{% endfor %}</ul>",
    "schema": {"type": "object", "properties": {}},
    "kind": "html",
    "trusted": True,
}
BROKEN = {**LINE, "name": "broken", "template": "<p>{{ 1 // 0 }}</p>"}
FLAGS = {
    "name": "flags",
    "template": "",
    "schema": {"type": "object", "properties": {"data": {"type": "object"}}},
    "kind": "json",
    "trusted": True,
}


def where(field, operator, value):
    return {
        "combinator": "and",
        "rules": [{"field": field, "operator": operator, "value": value}],
    }


PRO = where("plan", "=", "pro")


def rule(key, content, audience=None, **more):
    return {
        "key": key,
        "content": content,
        "audience": audience,
        "segment": audience,
        "start": None,
        "end": None,
        "cap": None,
        "when": None,
        "campaign": None,
        **more,
    }


def experiment(key, *contents, **more):
    return {
        "key": key,
        "seed": key,
        "arms": [{"key": f"arm{n}", "content": each} for n, each in enumerate(contents)],
        "weights": [1 / len(contents)] * len(contents),
        "coverage": 1.0,
        "hash_version": 2,
        "namespace": None,
        "phase": 1,
        "audience": None,
        "start": None,
        "end": None,
        "campaign": None,
        **more,
    }


def slot(key="home", default="plain", rules=(), experiments=(), **more):
    return {
        "key": key,
        "default": default,
        "min_height": 0,
        "rules": list(rules),
        "experiments": list(experiments),
        **more,
    }


FRAME = {
    "name": "frame",
    "template": '<img src="{{ content.image }}" alt="{{ content.image_alt }}">',
    "schema": {
        "type": "object",
        "properties": {
            "image": {"type": "string", "format": "image"},
            "image_alt": {"type": "string"},
        },
    },
    "kind": "html",
    "trusted": True,
}


def content(
    key, block="line", fields=None, reads=(), suggestions=None, provenance=None, pictures=None
):
    return {
        "key": key,
        "block": block,
        "fields": {"en": {"text": key}} if fields is None else fields,
        "reads": list(reads),
        "suggestions": suggestions,
        "provenance": provenance or {},
        "pictures": pictures or {},
    }


def written_by_a_model(key, text, block="line", locale="en", disclose=False):
    """A content whose text a person approved, for everybody."""
    fields = {"text": text}
    sha256 = binding(fields, block=block, segment="", locale=locale, prompt="site:1")
    provenance = came_from(sha256, disclose)
    return content(key, block, {locale: fields}, provenance={locale: provenance.to_document()})


def drawn_by_a_model(key, words="A tent at dawn", disclose=False):
    """A content whose picture a person approved with its words, for everybody."""
    fields = {"image": "/media/media/2026/05/tent.png", "image_alt": words}
    sha256 = picture_binding("d1", words, segment="", locale="en", prompt="site:1")
    drawn = Drawn(
        at=("image",),
        address=fields["image"],
        digest="d1",
        alternative=words,
        locale="en",
        words_at=("image_alt",),
        provenance=came_from(sha256, disclose),
    )
    return content(key, "frame", {"en": fields}, pictures={"en": [drawn.to_document()]})


def came_from(sha256, disclose=False):
    return Provenance(
        draft=12,
        revision=1,
        sha256=sha256,
        segment="",
        prompt="site:1",
        model="writer-1",
        author="Mara",
        reviewers=("Ruben",),
        asked_at="2026-05-01T08:00:00+00:00",
        approved_at="2026-05-02T08:00:00+00:00",
        disclose=disclose,
    )


def suggesting(strategy, limit=3, **shelf):
    return {"strategy": strategy, "limit": limit, "shelf": shelf}


CONTENTS = [
    content("plain"),
    content("gold"),
    content("silver"),
    content("broken", "broken"),
    content(
        "greeting",
        fields={"en": {"text": "Hi {{ visitor.first_name | default('you') }} {{ visitor.plan }}"}},
        reads=["first_name", "plan"],
    ),
    content("place", fields={"en": {"text": "In {{ context.country }}"}}, reads=["country"]),
    content("languages", fields={"en": {"text": "Hello"}, "de": {"text": "Hallo"}}),
    content("shelf", "shelf", {"en": {}}, ["events"], suggesting("for_you")),
    content("top", "shelf", {"en": {}}, (), suggesting("popular", diversity=0.5)),
    content(
        "flags",
        "flags",
        {"en": {"data": {"greeting": "Hi {{ visitor.plan }}", "on": True}}},
        ["plan"],
    ),
]


def document(*slots, conditions=None, contents=CONTENTS, **settings):
    return {
        "format": 5,
        "site": "shop",
        "number": 7,
        "catalogue": CATALOGUE.to_dict(),
        "settings": {
            "locale": "en",
            "zone": "Europe/Berlin",
            "currency": "EUR",
            "gpc_opts_out": ["profiling_ai", "training"],
            "holdout": None,
            **settings,
        },
        "slots": list(slots),
        "contents": list(contents),
        "blocks": [LINE, SHELF, BROKEN, FLAGS, FRAME],
        "conditions": {"pro": PRO} if conditions is None else conditions,
        "labels": {"pro": "Pro customers"},
    }


def release(*slots, **more):
    return from_document(document(*slots, **more))


def asking(*slots, **more):
    return Request(slots or ("home",), more.pop("now", NOW), **more)


def visitor(unit="u1", purposes=ALL_PURPOSES, **more):
    return Visitor(unit, frozenset(purposes), **more)


PRO_VISITOR = visitor(facts={"plan": "pro"})


class Alphabet:
    """A ranker that likes items in the order of the alphabet, after the last one seen."""

    def for_visitor(self, signals, now, limit, exclude):
        return [Scored(key, 1.0) for key in "efgab" if key not in exclude][:limit]

    def similar(self, item, limit, exclude):
        return [Scored(key, 1.0) for key in "gf" if key not in exclude][:limit]

    def bought_together(self, item, limit, exclude):
        return []


def learned(**more):
    items = {key: Item(key, key.upper(), available=key != "c") for key in "abcdefgh"}
    values = {
        "items": items,
        "popular": tuple(Scored(key, 8.0 - n) for n, key in enumerate("abcdefgh")),
        "trending": (Scored("h", 2.0), Scored("gone", 1.0)),
        "ranker": Alphabet(),
        **more,
    }
    return Learned(4, **values)


# ---------------------------------------------------------------- at random

instants = st.timedeltas(timedelta(days=-2), timedelta(days=2)).map(lambda gap: NOW + gap)
shares = st.sampled_from([0.0, 0.1, 0.5, 1.0])
content_keys = st.sampled_from([each["key"] for each in CONTENTS])
CONDITIONS = {
    "pro": PRO,
    "loyal": where("loyalty", ">", "3"),
    "german": where("country", "=", "DE"),
    "likely": where("propensity_buy", ">", "0.5"),
    "unseen": where("first_seen", "null", None),
    "not_pro": {**PRO, "not": True},
    "both": where("segment", "in", ["pro", "german"]),
    "everyone": {"combinator": "and", "rules": []},
    "viewer": {
        "combinator": "and",
        "rules": [
            {
                "field": "events",
                "operator": "=",
                "match": {"mode": "none"},
                "value": where("type", "=", "view"),
            }
        ],
    },
}
audiences = st.none() | st.sampled_from(sorted(CONDITIONS))
windows = {"start": st.none() | instants.map(datetime.isoformat), "end": st.none()}
caps = st.none() | st.fixed_dictionaries(
    {"times": st.integers(0, 3), "seconds": st.none() | st.integers(1, 90_000)}
)
minutes = st.integers(0, 1439)
schedules = st.builds(
    lambda days, start, length: Schedule(days, start, (start + length) % 1440 or 1440),
    st.frozensets(st.integers(1, 7), min_size=1),
    minutes,
    st.integers(1, 1439),
) | st.builds(Schedule, st.frozensets(st.integers(1, 7), min_size=1, max_size=6))
whens = st.none() | schedules.map(write_schedule)
random_rules = st.builds(
    lambda key, shown, audience, cap, window, when: rule(
        key, shown, audience, cap=cap, when=when, **window
    ),
    st.sampled_from(["r1", "r2", "r3"]),
    content_keys,
    audiences,
    caps,
    st.fixed_dictionaries(windows),
    whens,
)
random_experiments = st.builds(
    lambda key, shown, audience, coverage, part, version: experiment(
        key, *shown, audience=audience, coverage=coverage, namespace=part, hash_version=version
    ),
    st.sampled_from(["e1", "e2"]),
    st.lists(st.none() | content_keys, min_size=2, max_size=4),
    audiences,
    shares,
    st.none() | st.tuples(st.just("page"), shares, shares).map(list),
    st.sampled_from([1, 2]),
)
random_slots = st.lists(
    st.builds(
        slot,
        st.sampled_from(["home", "side", "foot"]),
        st.none() | content_keys,
        st.lists(random_rules, max_size=3),
        st.lists(random_experiments, max_size=2),
    ),
    min_size=1,
    max_size=3,
    unique_by=lambda each: each["key"],
)
documents = st.builds(
    lambda slots, locale, zone, gpc, holdout: document(
        *slots,
        conditions=CONDITIONS,
        locale=locale,
        zone=zone,
        gpc_opts_out=sorted(gpc),
        holdout=holdout,
    ),
    random_slots,
    st.sampled_from(["en", "de-CH"]),
    st.sampled_from(["UTC", "Asia/Kathmandu", "America/St_Johns"]),
    st.sets(st.sampled_from(Purpose)),
    st.none() | st.builds(lambda share: {"seed": "all", "share": share}, shares),
)
names = st.text(max_size=12) | st.sampled_from(["<b>", "\ud800", "\0", "{{ 7*7 }}", "𝕏"])
facts = st.fixed_dictionaries(
    {},
    optional={
        "plan": st.sampled_from(["pro", "free"]) | names,
        "loyalty": st.integers(0, 9),
        "country": st.sampled_from(["DE", "FR"]),
        "propensity_buy": st.floats(0, 1),
        "first_seen": instants,
        "segment": st.just(["pro"]),
        "events": st.lists(
            st.fixed_dictionaries(
                {"id": names, "at": instants, "type": st.sampled_from(["view", "buy"])}
            ),
            max_size=3,
        ),
    },
)
visitors = st.builds(
    Visitor,
    unit=st.text(min_size=1, max_size=12),
    purposes=st.frozensets(st.sampled_from(Purpose)),
    facts=facts,
    personal=st.fixed_dictionaries({}, optional={"first_name": names}),
    signals=st.lists(
        st.builds(Signal, st.sampled_from("abcdz"), st.just("view"), instants), max_size=3
    ).map(tuple),
    bought=st.frozensets(st.sampled_from("abcdz"), max_size=3),
    shown=st.dictionaries(
        st.sampled_from(["r1", "r2"]), st.lists(instants, max_size=4).map(tuple), max_size=2
    ),
    reference=st.just("hash"),
)
requests = st.builds(
    Request,
    slots=st.just(("home", "side", "foot", "nowhere")),
    now=instants,
    context=st.fixed_dictionaries(
        {}, optional={"country": st.sampled_from(["DE", "US"]), "url": names, "plan": names}
    ),
    locale=st.none() | st.sampled_from(["de", "de-AT", "en", "x"]) | names,
    item=st.none() | st.sampled_from(["a", "zz"]),
    gpc=st.booleans(),
    crawler=st.booleans(),
)
