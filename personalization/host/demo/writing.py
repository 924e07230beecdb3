"""The demo's brand guide, its briefs, and who writes for it.

Without a model of one's own, a demonstration writer is started beside the other programs: a few
templates that speak a model's protocol. Its drafts go the whole way: brief, order, worker, checks.
"""

import os
from typing import Final

from django.contrib.auth import get_user_model

from personalization.drafts.asking import ask as ask_for
from personalization.drafts.briefs import save_brief, save_template
from personalization.drafts.guides import save_guide
from personalization.drafts.models import Brief
from personalization.drafts.people import Person, person
from personalization.drafts.policies import save_policy
from personalization.drafts.writers import DEMONSTRATION
from personalization.govern.models import Site
from personalization.host.demo.audiences import Document
from personalization.host.demo.port import HOST, free_port
from personalization.host.shop.shelf import of_department

BY: Final = "demo"
MARKETER: Final = "marketer"
GUIDE: Final[Document] = {
    "voice": "We talk like a friend who has been outside today: calm, dry, kind, never loud.",
    "dos": ["Say what a thing is for.", "Short sentences.", "Speak to one person."],
    "donts": ["No exclamation marks.", "No superlatives.", "No pressure to buy now."],
    "glossary": [{"term": "rucksack", "use": "backpack"}, {"term": "Handy", "use": "Telefon"}],
    "forbidden": [
        {"text": "best in the world", "why": "Nobody can prove that."},
        {"text": "best gear in the world", "why": "Nobody can prove that."},
        {"text": "beste Ausrüstung der Welt", "why": "Das kann niemand beweisen."},
        {"text": "guarantee*", "why": "Only what the warranty says, in its words."},
        {"text": "garantiert*", "why": "Nur, was die Garantie sagt, in ihren Worten."},
        {"text": "unbeatable", "why": "Too loud for us.", "is_hard": False},
        {"text": "unschlagbar*", "why": "Zu laut für uns.", "is_hard": False},
    ],
    "hardest_reading": 45,
}
POLICY: Final[Document] = {"legal_words": ["warranty", "Garantie"], "mails_reviewers": False}
TEMPLATE: Final[Document] = {
    "block": "hero_banner",
    "slot": "home.hero",
    "goal": "Greet this audience and show it one thing that is new since it was last here.",
    "tone": "calm, a little dry",
    "locales": ["en", "de"],
    "variants": 3,
}


def prepare(site: Site) -> None:
    """How the shop speaks, what it asks of drafts, a template to start from."""
    save_guide(site, GUIDE, by=BY)
    save_policy(site, POLICY, by=BY)
    editor = Person(BY, frozenset({"edit"}))
    save_template(site, "A greeting for an audience", TEMPLATE, by=editor)


def connect() -> int | None:
    """A loopback port for the demonstration writer, in the environment of all that is started.

    None where a model is connected already.
    """
    if os.environ.get("OPENAI_API_KEY") or os.environ.get("OPENAI_BASE_URL"):
        return None
    pen = free_port()
    os.environ |= {
        "OPENAI_BASE_URL": f"http://{HOST}:{pen}/v1",
        "LLM_MODEL": DEMONSTRATION,
        "LLM_PRICE_IN": "0",
        "LLM_PRICE_OUT": "0",
    }
    return pen


def ask(site: Site) -> None:
    """The demo's own briefs, asked for once; the worker has them written while people look.

    Of a model that somebody pays for, nothing is asked unasked.
    """
    account = get_user_model().objects.get(username=MARKETER)
    if Brief.objects.filter(site=site).exists():
        return
    mara = person(account, site)
    for document in briefs():
        ask_for(save_brief(site, document, by=mara), by=mara)


def briefs() -> list[Document]:
    """Twelve drafts: a greeting for an audience, two things from the shelf, a line for members."""
    tents = [each.key for each in of_department("tents")[:2]]
    return [
        {**TEMPLATE, "name": "Welcome back", "segment": "returning-buyers"},
        {
            "name": "Two tents",
            "block": "text_image",
            "goal": "Say what this tent is for, so that somebody who sleeps outside looks at it.",
            "items": tents,
            "facts": ["title", "price", "material", "text"],
            "locales": ["en", "de"],
            "variants": 1,
        },
        {
            "name": "A line for members",
            "block": "promotion_bar",
            "slot": "home.promotion",
            "segment": "members",
            "goal": "Tell members of the club that there is something new on the shelf.",
            "locales": ["en"],
            "variants": 2,
        },
    ]
