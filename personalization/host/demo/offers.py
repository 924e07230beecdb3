"""What the demo's pages show to whom: contents, slots, rules, a journey and an experiment."""

from collections.abc import Iterator
from typing import Any

from personalization.host.demo.audiences import Document, into, three_times
from personalization.host.demo.copy import BARS, HEROES, SHELVES, WELCOME, Words
from personalization.host.demo.journey import COUPON, REMINDED, in_stage, journeys
from personalization.host.shop.assortment import DEPARTMENTS

CAMPAIGN = "late-autumn"
BAR_LINKS = {
    "delivery": "/c/garden",
    "gift": "/c/camp-kitchen",
    "members": "/c/lamps",
    "basket": "/cart",
}
STRATEGIES = {
    "popular": "popular",
    "for-you": "for_you",
    "recent": "recent",
    "similar": "similar",
    "together": "bought_together",
}
BANNERS_IN_WORDS = {
    "en": "A drawn landscape with three things from this department",
    "de": "Eine gezeichnete Landschaft mit drei Dingen aus dieser Abteilung",
}
DID_SOMETHING: Document = {
    "combinator": "and",
    "not": False,
    "rules": [
        {
            "field": "events",
            "operator": "=",
            "match": {"mode": "some"},
            "value": {"combinator": "and", "not": False, "rules": []},
        }
    ],
}


def documents() -> dict[str, list[Document]]:
    """By kind, as the targeting verbs read them."""
    return {
        "campaigns": [{"key": CAMPAIGN, "name": "Late autumn"}],
        "journeys": journeys(),
        "content": contents(),
        "slots": slots(),
        "rules": rules(),
        "experiments": experiments(),
    }


def contents() -> list[Document]:
    return [
        _hero("welcome", {locale: _opening(words) for locale, words in WELCOME.items()}),
        *(
            _hero(key, {locale: _department(key, locale, words) for locale, words in said.items()})
            for key, said in HEROES.items()
        ),
        *(_bar(key) for key in BARS),
        *(_shelf(key) for key in SHELVES),
        _coupon(),
    ]


def slots() -> list[Document]:
    return [
        _slot("home.hero", "Banner of the home page", "hero-welcome", height=380),
        _slot("home.carousel", "Shelf of the home page", "shelf-popular", height=380),
        _slot("home.promotion", "Line above everything", "promotion-delivery", height=48),
        _slot("category.top", "Above a department's products", None),
        _slot("product.related", "Below a product", "shelf-similar"),
        _slot("cart.together", "Below the basket", "shelf-together"),
    ]


def rules() -> list[Document]:
    return [
        *_heroes(),
        _rule("home.carousel", "shelf-for-you", 0, condition=DID_SOMETHING),
        _rule("home.promotion", "promotion-members", 0, segment="members"),
        _rule("home.promotion", "promotion-basket", 1, condition=in_stage(REMINDED)),
        {
            **_rule("category.top", "coupon-come-back", 0, condition=in_stage(COUPON)),
            "cap": {"times": 3, "within": "7d"},
            "campaign": CAMPAIGN,
        },
        _rule("category.top", "shelf-recent", 1, segment="returning-buyers"),
    ]


def _heroes() -> Iterator[Document]:
    """What somebody looks at right now goes before what they looked at all month."""
    for place, each in enumerate(DEPARTMENTS):
        hero = f"hero-{each.key}"
        now = _rule("home.hero", hero, place, condition=three_times(each.key, "1h"))
        yield {**now, "key": f"{now['key']}-now", "name": f"{each.title}, right now"}
        month = _rule("home.hero", hero, place + len(DEPARTMENTS), segment=into(each.key))
        yield {**month, "name": f"{each.title}, this month"}


def experiments() -> list[Document]:
    return [
        {
            "key": "delivery-or-mug",
            "name": "Free delivery, or a mug?",
            "slot": "home.promotion",
            "arms": [
                {"key": "delivery", "content": None},
                {"key": "mug", "content": "promotion-gift"},
            ],
            "weights": [0.5, 0.5],
            "coverage": 1.0,
            "campaign": CAMPAIGN,
        }
    ]


def _slot(key: str, name: str, default: str | None, height: int = 0) -> Document:
    return {"key": key, "name": name, "default": default, "min_height": height}


def _rule(slot: str, content: str, position: int, **audience: Any) -> Document:
    """`segment="members"`, or `condition={…}`."""
    page = slot.partition(".")[0]
    key = f"{page}-{content}"
    return {"key": key, "slot": slot, "content": content, "position": position, **audience}


def _hero(key: str, fields: dict[str, Document]) -> Document:
    return {
        "key": f"hero-{key}",
        "name": f"Banner: {key}",
        "block": "hero_banner",
        "fields": fields,
    }


def _opening(words: Words) -> Document:
    return {**_banner("welcome", words), "image_alt": "", "button_url": "#new-title"}


def _department(key: str, locale: str, words: Words) -> Document:
    return {
        **_banner(key, words),
        "image_alt": BANNERS_IN_WORDS[locale],
        "button_url": f"/c/{key}",
    }


def _banner(picture: str, words: Words) -> Document:
    return {
        "headline": words.headline,
        "text": words.text,
        "button_label": words.button,
        "image": f"/shop/banners/{picture}.svg",
        "level": "1",
        "layout": "beside",
    }


def _bar(key: str) -> Document:
    fields = {
        locale: {
            "message": message,
            "link_label": label,
            "link_url": BAR_LINKS[key],
            "tone": "quiet" if key == "delivery" else "accent",
        }
        for locale, (message, label) in BARS[key].items()
    }
    name = f"Line: {key}"
    return {"key": f"promotion-{key}", "name": name, "block": "promotion_bar", "fields": fields}


def _shelf(key: str) -> Document:
    fields = {
        locale: {"heading": heading, "strategy": STRATEGIES[key], "limit": 12}
        for locale, heading in SHELVES[key].items()
    }
    return {
        "key": f"shelf-{key}",
        "name": SHELVES[key]["en"],
        "block": "product_carousel",
        "fields": fields,
    }


def _coupon() -> Document:
    return {
        "key": "coupon-come-back",
        "name": "Ten per cent for a forgotten basket",
        "block": "coupon",
        "fields": {
            "en": {
                "heading": "Ten per cent, for taking it home",
                "text": "Something is still in your basket. This makes it lighter.",
                "code": "TIMBER10",
                "button_label": "To the basket",
                "button_url": "/cart",
            },
            "de": {
                "heading": "Zehn Prozent fürs Mitnehmen",
                "text": "In Ihrem Korb liegt noch etwas. Das macht ihn leichter.",
                "code": "TIMBER10",
                "code_label": "Code",
                "button_label": "Zum Korb",
                "button_url": "/cart",
            },
        },
    }
