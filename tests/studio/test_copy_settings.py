"""The brand guide, the rules, the prompts and the lessons: who changes them, and how."""

import re

import pytest
from django.urls import reverse

from personalization.drafts.brand_models import BrandGuide, PromptText, WritingPolicy
from personalization.drafts.guides import save_guide
from personalization.drafts.models import Lesson
from personalization.drafts.prompts import shipped
from personalization.govern.roles import ROLES

GUIDE = reverse("admin:personalization_guide")
POLICY = reverse("admin:personalization_policy")
PROMPT = reverse("admin:personalization_prompt", args=("copy",))
SAID = {
    "voice": "Dry",
    "dos": "Be short\n\nBe kind",
    "glossary": "trainers = runners",
    "never": "cheapest | no proof",
    "better_not": "unique",
    "hardest_reading": "45",
}
RULES = {"monthly_budget": "12.50", "two_approvals": "on", "most_lessons": "3"}


@pytest.mark.parametrize("role", [*ROLES, None])
def test_the_guide_is_written_by_those_who_edit(colleague, role, site):
    answer = colleague(role).post(GUIDE, SAID)

    may_edit = "edit" in ROLES.get(role, frozenset())
    assert answer.status_code == (302 if may_edit else 403)
    assert BrandGuide.objects.exists() is may_edit


@pytest.mark.parametrize("role", [*ROLES, None])
def test_the_rules_are_made_by_administrators(colleague, role, site):
    answer = colleague(role).post(POLICY, RULES)

    may_manage = "manage" in ROLES.get(role, frozenset())
    assert answer.status_code == (302 if may_manage else 403)
    assert WritingPolicy.objects.filter(two_approvals=True).exists() is may_manage


@pytest.mark.parametrize("role", [*ROLES, None])
def test_prompts_are_changed_by_those_who_edit(colleague, role, site):
    text = shipped("copy").text + "\nBe brief."

    answer = colleague(role).post(PROMPT, {"text": text, "note": "Shorter"})

    may_edit = "edit" in ROLES.get(role, frozenset())
    assert answer.status_code == (302 if may_edit else 403)
    assert PromptText.objects.exists() is may_edit


def test_lists_are_one_entry_a_line_and_come_back_as_they_were_typed(colleague, site):
    client = colleague("marketer")

    client.post(GUIDE, SAID)
    form = client.get(GUIDE).context["form"]

    guide = BrandGuide.objects.get()
    assert guide.dos == ["Be short", "Be kind"]
    assert guide.glossary == [{"term": "trainers", "use": "runners"}]
    assert guide.forbidden == [
        {"text": "cheapest", "why": "no proof", "is_hard": True},
        {"text": "unique", "why": "", "is_hard": False},
    ]
    assert form["never"].value() == "cheapest | no proof"
    assert form["glossary"].value() == "trainers = runners"


def test_two_who_write_the_guide_see_both_versions_and_lose_nothing(colleague, site):
    client = colleague("marketer")
    save_guide(site, {"voice": "Warm", "dos": ["Be kind"], "donts": ["Shout"]}, by="test")
    opened = client.get(GUIDE).context["opened"]
    brought = {"opened_at": opened.at.isoformat(), "opened_as": opened.as_text()}
    save_guide(site, {"voice": "Loud", "dos": ["Be kind"], "donts": ["Whisper"]}, by="Grace")
    mine = {"voice": "Dry", "dos": "Be kind\nBe short", "donts": "Shout", "hardest_reading": "50"}

    page = client.post(GUIDE, {**mine, **brought})

    assert BrandGuide.objects.get().voice == "Loud"
    asked = page.context["form"].standoff
    shown = page.content.decode()
    assert "Grace saved this while you were editing" in shown
    assert {choice["label"] for choice in page.context["form"].choices()} == {
        "Voice", "Do", "Don't",
    }  # fmt: skip
    assert page.context["form"]["voice"].value() == "Dry"

    chosen = {"take:voice": "mine", "take:dos": "mine", "take:donts": "theirs"}
    answer = client.post(GUIDE, {**mine, **brought, **chosen, "settles": asked.version})

    assert answer.status_code == 302
    guide = BrandGuide.objects.get()
    assert (guide.voice, guide.dos, guide.donts) == ("Dry", ["Be kind", "Be short"], ["Whisper"])


def test_the_first_guide_of_a_site_is_not_written_over_by_one_who_saw_none(colleague, site):
    client = colleague("marketer")
    opened = client.get(GUIDE).context["opened"]
    save_guide(site, {"voice": "Loud"}, by="Grace")

    page = client.post(GUIDE, {**SAID, "opened_at": "", "opened_as": opened.as_text()})

    assert page.context["form"].standoff
    assert BrandGuide.objects.get().voice == "Loud"


def test_two_who_make_the_rules_see_amounts_and_words_as_people_write_them(colleague, site):
    client = colleague("admin")
    client.post(POLICY, {**RULES, "legal_words": "warranty"})
    opened = client.get(POLICY).context["opened"]
    brought = {"opened_at": opened.at.isoformat(), "opened_as": opened.as_text()}
    client.post(POLICY, {**RULES, "monthly_budget": "99", "legal_words": "warranty\nsafe"})

    page = client.post(POLICY, {**RULES, "monthly_budget": "7.25", **brought})

    said = {
        each["label"]: (each["theirs"], each["mine"]) for each in page.context["form"].choices()
    }
    text = {label: [re.sub("<.*?>", "", side) for side in sides] for label, sides in said.items()}
    assert text["Monthly budget"] == ["99.00", "7.25"]
    assert text["Words that need a legal yes"] == ["warranty\nsafe", "(nothing)"]


def test_money_is_typed_in_whole_units(colleague, site):
    client = colleague("admin")

    client.post(POLICY, RULES)

    assert WritingPolicy.objects.get().monthly_budget == 12_500_000
    assert client.get(POLICY).context["form"]["monthly_budget"].value() == "12.50"


def test_every_version_of_a_prompt_is_kept_beside_the_one_before(colleague, site):
    client = colleague("marketer")
    client.post(PROMPT, {"text": shipped("copy").text + "\nBe brief.", "note": "Shorter"})
    client.post(PROMPT, {"back": "1"})

    page = client.get(PROMPT)

    assert [each.row.number for each in page.context["versions"]] == [2, 1]
    assert "<mark>" in page.content.decode()
    assert page.context["used"].version.startswith("shipped:")


def test_a_prompt_that_leaves_out_what_it_needs_is_refused_with_its_text_kept(colleague, site):
    page = colleague("marketer").post(PROMPT, {"text": "Write something."})

    assert "is missing" in page.content.decode()
    assert "Write something." in page.content.decode()
    assert not PromptText.objects.exists()


@pytest.mark.parametrize("role", [*ROLES, None])
def test_lessons_are_switched_off_and_removed_by_those_who_edit_or_review(colleague, role, site):
    one = Lesson.objects.create(site=site, kind="approved", locale="en", after="Good")
    other = Lesson.objects.create(site=site, kind="approved", locale="en", after="Old")
    address = reverse("admin:personalization_lesson_changelist")
    client = colleague(role)

    client.post(address, {"action": "switch_off", "_selected_action": [one.pk]})
    client.post(address, {"action": "take_away", "_selected_action": [other.pk]})

    may_teach = bool({"edit", "review"} & ROLES.get(role, frozenset()))
    assert list(Lesson.objects.values_list("is_on", flat=True)) == (
        [False] if may_teach else [True, True]
    )
