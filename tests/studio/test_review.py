"""The screen of a draft: who may decide, what they are told, what comes next."""

import re

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from personalization import clock
from personalization.drafts.guides import save_guide
from personalization.drafts.models import Draft
from personalization.drafts.policies import save_policy
from personalization.drafts.revisions import edit
from personalization.govern.models import Membership
from personalization.govern.roles import ROLES
from personalization.targeting import documents
from tests.drafts.conftest import (  # noqa: F401 - fixtures
    DRY,
    WARM,
    brief,
    germans,
    mara,
    order_of,
    people,
    receive,
    sha_of,
    written,
)
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures

FETCH = {"X-Requested-With": "fetch"}
SOFT = {"forbidden": [{"text": "boots", "why": "say what kind", "is_hard": False}]}


def page(draft):
    return reverse("admin:personalization_draft_change", args=(draft.pk,))


def do(client, draft, deed, query="", **sent):
    address = reverse(f"admin:personalization_draft_{deed}", args=(draft.pk,))
    return client.post(f"{address}{query}", {"sha256": sha_of(draft), **sent}, headers=FETCH)


def state(draft):
    return Draft.objects.get(pk=draft.pk).state


@pytest.mark.parametrize("role", [*ROLES, None])
def test_only_reviewers_decide(colleague, role, written):  # noqa: F811
    approved, refused = written(WARM), written(DRY)
    client = colleague(role)

    yes = do(client, approved, "decide", verdict="approve")
    no = do(client, refused, "decide", verdict="reject", reason="other")

    decides = "review" in ROLES.get(role, frozenset())
    assert (state(approved) == Draft.APPROVED) is decides
    assert (state(refused) == Draft.REJECTED) is decides
    assert (yes.status_code == 200, no.status_code == 200) == (decides, decides)


@pytest.mark.parametrize("role", ROLES)
def test_a_person_of_another_site_sees_no_draft(colleague, role, other_site, written):  # noqa: F811
    draft = written()
    client = colleague(role, other_site)

    assert client.get(page(draft)).status_code == 404
    assert do(client, draft, "decide", verdict="approve").status_code == 404
    assert state(draft) == Draft.WAITING


def test_a_yes_names_the_next_draft_of_the_queue_that_was_asked_for(colleague, written):  # noqa: F811
    english, german, later = written(WARM), written(DRY, locales=["de"]), written("Third one.")
    Draft.objects.filter(pk=german.pk).update(locale="de")

    answer = do(colleague("reviewer"), english, "decide", "?locale=en", verdict="approve").json()

    assert answer["next"] == later.pk
    assert german.pk != later.pk


def test_what_is_due_comes_first_and_the_last_one_has_no_next(colleague, written):  # noqa: F811
    usual, due = written(WARM), written(DRY)
    Draft.objects.filter(pk=due.pk).update(due_at=clock.now())
    client = colleague("reviewer")

    first = client.get(reverse("admin:personalization_draft_review"))
    assert f"/{due.pk}/change/" in first["Location"]
    assert do(client, due, "decide", verdict="approve").json()["next"] == usual.pk
    assert do(client, usual, "decide", verdict="approve").json()["next"] is None


def test_who_asked_is_told_beforehand_that_a_colleague_decides(site, written):  # noqa: F811
    draft = written()
    asker = get_user_model().objects.get(username="Mara")
    asker.is_staff = True
    asker.save()
    Membership.objects.filter(user=asker).update(role="admin")
    client = Client()
    client.force_login(asker)

    shown = client.get(page(draft)).content.decode()

    assert "a colleague has to approve it" in shown
    assert do(client, draft, "decide", verdict="approve").status_code == 403


def test_a_soft_finding_is_ticked_off_before_a_yes(site, colleague, written):  # noqa: F811
    save_guide(site, SOFT, by="test")
    draft = written()
    client = colleague("reviewer")
    shown = client.get(page(draft))
    assert '<mark class="pzd-soft"' in shown.content.decode()

    refused = do(client, draft, "decide", verdict="approve")
    ticked = [each.ticked for each in shown.context["findings"]]
    done = do(client, draft, "decide", verdict="approve", acknowledged=ticked)

    assert refused.status_code == 400
    assert "tick it off" in refused.json()["refusal"]
    assert done.status_code == 200
    assert state(draft) == Draft.APPROVED


def test_an_edit_is_a_new_revision_that_is_drawn_beside_the_old_one(colleague, written):  # noqa: F811
    draft = written(WARM)
    client = colleague("reviewer")
    typed = {"field__en__text": "Stay warm this winter, with socks that last."}

    saved = do(client, draft, "edit", **typed)
    shown = client.get(page(draft)).content.decode()

    assert "revision 2" in saved.json()["said"]
    assert "<mark>socks</mark>" in shown
    assert "pz_saved" in saved.cookies  # the copy in the browser is not needed any more
    assert "a colleague has to approve it" in shown


def test_an_edit_over_a_text_that_changed_meanwhile_is_refused(colleague, people, written):  # noqa: F811
    draft = written(WARM)
    seen = sha_of(draft)
    edit(draft, {"text": "Grace was here."}, by=people("Grace"), sha256=seen)

    address = reverse("admin:personalization_draft_edit", args=(draft.pk,))
    sent = {"sha256": seen, "field__en__text": "Mine"}
    answer = colleague("reviewer").post(address, sent, headers=FETCH)

    assert answer.status_code == 409
    assert "Mine" in answer.json()["html"]


def test_what_is_typed_is_drawn_and_not_stored(colleague, written):  # noqa: F811
    draft = written(WARM)

    answer = do(colleague("reviewer"), draft, "sights", field__en__text="Half a sent")

    assert "Half a sent" in answer.json()["html"]
    assert Draft.objects.get(pk=draft.pk).revision == 1


def test_a_decision_is_taken_back_with_one_key(colleague, written):  # noqa: F811
    draft = written()
    client = colleague("reviewer")
    undo = do(client, draft, "decide", verdict="reject", reason="other").json()["undo"]

    answer = client.post(undo, headers=FETCH)

    assert answer.json()["next"] == draft.pk
    assert state(draft) == Draft.WAITING


def test_the_second_of_two_reviewers_is_told_who_else_looks(colleague, written):  # noqa: F811
    draft = written()
    address = reverse("admin:personalization_draft_watch", args=(draft.pk,))
    first, second = colleague("reviewer"), colleague("legal_reviewer")

    assert first.get(address).json()["others"] == ""
    assert "reviewer@example.com" in second.get(address).json()["others"]


def test_who_went_on_to_another_draft_does_not_look_at_this_one(colleague, written):  # noqa: F811
    draft, other = written(WARM), written(DRY)
    watch = [reverse("admin:personalization_draft_watch", args=(d.pk,)) for d in (draft, other)]
    first, second = colleague("reviewer"), colleague("legal_reviewer")
    first.get(watch[0])
    first.get(watch[1])

    assert second.get(watch[0]).json()["others"] == ""


def test_who_still_looks_is_told_that_it_was_decided(colleague, written):  # noqa: F811
    draft = written()
    address = reverse("admin:personalization_draft_watch", args=(draft.pk,))
    do(colleague("reviewer"), draft, "decide", verdict="approve")

    heard = colleague("legal_reviewer").get(address, {"revision": "1", "state": "waiting"}).json()

    assert "reviewer@example.com decided meanwhile" in heard["changed"]


@pytest.mark.parametrize(
    "no", [{"verdict": "reject", "reason": "other"}, {"verdict": "changes", "remark": "Shorter"}]
)
def test_a_no_from_a_page_that_has_not_seen_the_yes_decides_nothing(colleague, written, no):  # noqa: F811
    draft = written()
    late = colleague("legal_reviewer")
    stale = re.findall(r'name="state" value="(\w+)"', late.get(page(draft)).content.decode())
    do(colleague("reviewer"), draft, "decide", verdict="approve")

    answer = do(late, draft, "decide", **no, state=stale[0])

    assert answer.status_code == 409
    assert "reviewer@example.com decided meanwhile" in answer.json()["refusal"]
    assert state(draft) == Draft.APPROVED


def test_who_has_seen_the_yes_may_still_reject(colleague, written):  # noqa: F811
    draft = written()
    do(colleague("reviewer"), draft, "decide", verdict="approve")
    late = colleague("legal_reviewer")
    fresh = re.findall(r'name="state" value="(\w+)"', late.get(page(draft)).content.decode())

    do(late, draft, "decide", verdict="reject", reason="other", state=fresh[0])

    assert state(draft) == Draft.REJECTED


def test_two_yeses_are_asked_for_where_the_site_wants_two(site, colleague, written):  # noqa: F811
    save_policy(site, {"two_approvals": True}, by="test")
    draft = written()
    client = colleague("reviewer")
    assert "2 people have to approve it" in client.get(page(draft)).content.decode()

    said = do(client, draft, "decide", verdict="approve").json()["said"]

    assert "another one is still missing" in said
    assert state(draft) == Draft.WAITING


def test_those_without_findings_are_approved_together_after_their_texts_were_seen(
    site,
    colleague,
    written,  # noqa: F811
):
    clear, found = written(DRY), written("Boots for everybody.")
    save_guide(site, SOFT, by="test")
    third = written("Our best boots.")
    client = colleague("reviewer")
    address = reverse("admin:personalization_draft_changelist")
    chosen = {"action": "approve_chosen", "_selected_action": [clear.pk, found.pk, third.pk]}

    seen = client.post(address, chosen)
    shown = seen.content.decode()
    pairs = [f"{row.pk}:{newest.sha256}" for row, newest, _texts in seen.context["rows"]]
    client.post(address, {**chosen, "confirmed": "1", "seen": pairs})

    assert DRY in shown
    assert "1 draft is left out" in shown
    assert {state(clear), state(found)} == {Draft.APPROVED}
    assert state(third) == Draft.WAITING


def test_approving_together_leaves_out_what_one_edited_before_it_is_sent(
    colleague,
    written,  # noqa: F811
):
    clear, mine = written(DRY), written("Boots for everybody.")
    client = colleague("reviewer")
    do(client, mine, "edit", field__en__text="Boots for everyone.")
    address = reverse("admin:personalization_draft_changelist")

    seen = client.post(
        address, {"action": "approve_chosen", "_selected_action": [clear.pk, mine.pk]}
    )

    assert [row for row, _newest, _texts in seen.context["rows"]] == [clear]
    assert "you asked for it or edited it" in seen.content.decode()
    assert "something was found in it" not in seen.content.decode()


def test_the_screen_alone_is_light_and_holds_the_next_one(
    colleague,
    written,  # noqa: F811
    django_assert_max_num_queries,
):
    drafts = [written(f"A text of its own, number {n}.") for n in range(4)]
    client = colleague("reviewer")
    address = reverse("admin:personalization_draft_screen", args=(drafts[0].pk,))
    client.get(address)

    with django_assert_max_num_queries(30):
        shown = client.get(address).content.decode()

    assert f'data-after="{drafts[1].pk}"' in shown
    assert "<html" not in shown.split("srcdoc")[0]


def test_an_approved_text_becomes_a_rule_in_one_click(site, colleague, hero, written):  # noqa: F811
    draft = written()
    do(colleague("reviewer"), draft, "decide", verdict="approve")
    client = colleague("marketer")
    assert "Use in a rule" in client.get(page(draft)).content.decode()

    answer = do(client, draft, "use", how="rule", slot="home.hero")

    assert "#rule-" in answer["Location"]
    assert hero.rules.get().content.fields["en"]["text"] == WARM


def test_the_content_says_where_its_text_came_from(site, colleague, hero, written):  # noqa: F811
    draft = written()
    do(colleague("reviewer"), draft, "decide", verdict="approve")
    client = colleague("marketer")
    do(client, draft, "use", how="rule", slot="home.hero")
    content = hero.rules.get().content
    address = reverse("admin:personalization_content_change", args=(content.pk,))

    shown = client.get(address).content.decode()

    assert "written by writer-1, asked by Mara, approved by reviewer@example.com" in shown
    assert "cannot be published like this" not in shown
    content.fields["en"]["text"] = "Something else."
    content.save()
    assert "cannot be published like this" in client.get(address).content.decode()


def test_a_yes_with_a_garbled_tick_is_refused_in_a_sentence(colleague, written):  # noqa: F811
    draft = written()

    answer = do(colleague("reviewer"), draft, "decide", verdict="approve", acknowledged="nonsense")

    assert answer.status_code == 400
    assert answer.json()["refusal"]


def test_the_first_page_tells_reviewers_what_waits_and_nobody_else(colleague, written):  # noqa: F811
    draft = written()
    Draft.objects.filter(pk=draft.pk).update(due_at=clock.now())
    home = reverse("admin:index")

    seen = colleague("reviewer").get(home).content.decode()

    assert "1 draft waits" in seen
    assert "1 due today or late" in seen
    assert "1 draft waits" not in colleague("marketer").get(home).content.decode()


def test_search_finds_briefs_by_name_and_drafts_by_their_words(colleague, written):  # noqa: F811
    cache.clear()  # unfold keeps what a person searched for
    draft = written(WARM, name="Winter campaign")
    client = colleague("reviewer")

    by_name = client.get(reverse("admin:search"), {"s": "Winter campaign", "extended": "1"})
    by_words = client.get(reverse("admin:search"), {"s": "Stay warm", "extended": "1"})

    brief_page = reverse("admin:personalization_brief_change", args=(draft.brief_id,))
    assert brief_page in by_name.content.decode()
    assert page(draft) in by_words.content.decode()


def test_words_that_ask_for_changes_stand_with_the_draft_until_somebody_edits_it(
    colleague,
    written,  # noqa: F811
):
    draft = written()
    client = colleague("reviewer")

    do(client, draft, "decide", verdict="changes", remark="Shorter, please")
    shown = client.get(page(draft)).content.decode()

    assert "Shorter, please" in shown
    assert "Whoever edits it puts it up for review again" in shown


STEPS = {
    "key": "steps",
    "template": "<ol>{% for each in content.steps %}<li>{{ each.title }}</li>{% endfor %}</ol>",
    "schema": {
        "type": "object",
        "title": "Steps",
        "properties": {
            "text": {"type": "string"},
            "steps": {
                "type": "array",
                "minItems": 1,
                "maxItems": 3,
                "items": {"type": "object", "properties": {"title": {"type": "string"}}},
            },
        },
        "required": ["steps"],
    },
}


class TestListsAreEditedInPlace:
    @pytest.fixture
    def listed(self, site, brief):  # noqa: F811
        documents.save_block(site, STEPS, by="Eve")
        steps = [{"title": "Pack the tent"}, {"title": "Walk"}]
        return receive(order_of(brief(block="steps")), {"steps": steps})

    def rows(self, *titles):
        ids = [f"n{place}" for place in range(len(titles))]
        named = {f"field__en__steps__{row}__title": t for row, t in zip(ids, titles, strict=True)}
        return {"field__en__steps": ids, **named}

    def steps(self, draft):
        newest = draft.revisions.order_by("number").last()
        return [each["title"] for each in newest.fields["steps"]]

    @pytest.mark.parametrize(
        "titles",
        [("Pack the tent",), ("Walk", "Pack the tent"), ("Pack the tent", "Walk", "Rest")],
    )
    def test_rows_are_added_removed_and_moved(self, colleague, listed, titles):
        answer = do(colleague("reviewer"), listed, "edit", **self.rows(*titles))

        assert answer.status_code == 200
        assert self.steps(listed) == list(titles)

    @pytest.mark.parametrize(
        ("titles", "sentence"),
        [((), "Add at least one entry"), (("a", "b", "c", "d"), "At most 3 entries")],
    )
    def test_within_what_the_block_takes(self, colleague, listed, titles, sentence):
        answer = do(colleague("reviewer"), listed, "edit", **self.rows(*titles))

        assert answer.status_code == 400
        assert sentence in answer.json()["html"]
        assert self.steps(listed) == ["Pack the tent", "Walk"]

    def test_the_page_says_how_many_there_may_be(self, colleague, listed):
        shown = colleague("reviewer").get(page(listed)).content.decode()

        assert 'data-least="1" data-most="3"' in shown
        assert "data-pzc-add" in shown
        assert "Entry %(number)s" in shown
