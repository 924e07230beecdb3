"""The brand guide and the rules for generated copy are read strictly, and every change is noted."""

import pytest

from personalization.drafts.guides import guide_document, guide_of, guide_row, save_guide
from personalization.drafts.policies import policy_document, policy_of, policy_row, save_policy
from personalization.exceptions import Conflict, Malformed
from personalization.govern.models import AuditEntry

GUIDE = {
    "voice": "Like a friend.",
    "dos": ["Short sentences.", "Short sentences.", " "],
    "donts": ["No shouting."],
    "glossary": [{"term": "rucksack", "use": "backpack"}],
    "forbidden": [{"text": "guarantee*", "why": "Legal", "is_hard": False}],
    "allowed_hosts": ["Docs.Example"],
    "hardest_reading": 40,
}


def test_a_guide_is_read_as_the_checks_take_it(site):
    save_guide(site, GUIDE, by="Ada")

    guide = guide_of(site)
    assert guide.dos == ("Short sentences.",)
    assert guide.glossary == (("rucksack", "backpack"),)
    assert (guide.forbidden[0].text, guide.forbidden[0].is_hard) == ("guarantee*", False)
    assert guide.allowed_hosts == {"docs.example", "shop.example"}


def test_without_one_the_sites_own_pages_are_allowed(site):
    assert guide_of(site).allowed_hosts == {"shop.example"}


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"glossary": [{"term": "a"}]}, "glossary[0]"),
        ({"forbidden": [{"text": "*"}]}, "forbidden[0].text"),
        ({"forbidden": ["word"]}, "forbidden[0]"),
        ({"forbidden": [{"text": "a", "is_hard": "yes"}]}, "forbidden[0]"),
        ({"allowed_hosts": ["https://docs.example/x"]}, "allowed_hosts[0]"),
        ({"dos": [3]}, "dos[0]"),
        ({"hardest_reading": 3}, "hardest_reading"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_named(site, changes, path):
    with pytest.raises(Malformed) as refused:
        save_guide(site, {**GUIDE, **changes}, by="Ada")

    assert [error.path for error in refused.value.errors] == [path]


def test_what_is_read_can_be_saved_again_and_changes_nothing(site, germans):
    save_guide(site, GUIDE, by="Ada")
    save_policy(site, {"legal_segments": ["germans"], "two_approvals": True}, by="Ada")
    noted = AuditEntry.objects.count()

    save_guide(site, guide_document(guide_row(site)), by="Ada")
    save_policy(site, policy_document(policy_row(site)), by="Ada")

    assert AuditEntry.objects.count() == noted
    assert policy_of(site).two_approvals


def test_the_second_of_two_who_save_is_told(site):
    opened = save_guide(site, GUIDE, by="Ada").updated_at
    save_guide(site, {**GUIDE, "voice": "Louder."}, by="Bob", unchanged_since=opened)

    with pytest.raises(Conflict, match="meanwhile"):
        save_guide(site, {**GUIDE, "voice": "Calmer."}, by="Ada", unchanged_since=opened)


@pytest.mark.parametrize(
    ("changes", "path"),
    [
        ({"legal_segments": ["nope"]}, "legal_segments[0]"),
        ({"webhook": "nope"}, "webhook"),
        ({"monthly_budget": -1}, "monthly_budget"),
        ({"most_lessons": 21}, "most_lessons"),
        ({"writer": "nope"}, "writer"),
    ],
)
def test_a_policy_names_only_what_is_there(site, changes, path):
    with pytest.raises(Malformed) as refused:
        save_policy(site, changes, by="Ada")

    assert [error.path for error in refused.value.errors] == [path]
