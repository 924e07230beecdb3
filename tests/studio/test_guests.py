"""An outside approver's link: one draft, no login, a sentence where it is closed."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from personalization import clock
from personalization.drafts import guests
from personalization.drafts.models import Draft
from personalization.drafts.reviewing import approve
from personalization.drafts.revisions import edit
from tests.drafts.conftest import (  # noqa: F401 - fixtures
    WARM,
    brief,
    germans,
    mara,
    people,
    sha_of,
    written,
)
from tests.targeting.conftest import hero, note  # noqa: F401 - fixtures


@pytest.fixture
def link(colleague, written):  # noqa: F811
    """Invite Gil to a draft; the draft and the path of the link."""

    def invite(draft=None):
        draft = draft or written(WARM)
        address = reverse("admin:personalization_draft_invite", args=(draft.pk,))
        sent = {"name": "Gil Guest", "sha256": sha_of(draft)}
        answer = colleague("reviewer").post(address, sent, headers={"X-Requested-With": "fetch"})
        return draft, "/" + answer.json()["link"].split("/", 3)[3]

    return invite


def test_a_guest_sees_the_text_and_approves_it_without_a_login(link):
    draft, path = link()

    shown = Client().get(path)
    answer = Client().post(path, {"verdict": "approve"})

    assert WARM in shown.content.decode()
    assert "Gil Guest" in shown.content.decode()
    assert "Thank you" in answer.content.decode()
    draft.refresh_from_db()
    assert draft.state == Draft.APPROVED
    assert draft.reviews.get().by == "Gil Guest"


def test_a_guest_rejects_with_a_reason(link):
    draft, path = link()

    Client().post(path, {"verdict": "reject", "reason": "claim", "remark": "Not proven"})

    draft.refresh_from_db()
    assert (draft.state, draft.reviews.get().reason) == (Draft.REJECTED, "claim")


def test_a_guest_s_no_from_a_page_before_the_yes_decides_nothing(link, people):  # noqa: F811
    draft, path = link()
    approve(draft, by=people("Grace"), sha256=sha_of(draft))

    answer = Client().post(path, {"verdict": "reject", "reason": "claim"})

    draft.refresh_from_db()
    assert draft.state == Draft.APPROVED
    assert "Grace decided meanwhile" in answer.content.decode()


def test_changes_without_a_word_are_refused_in_a_sentence(link):
    _draft, path = link()

    answer = Client().post(path, {"verdict": "changes", "remark": " "})

    assert answer.status_code == 400
    assert "Say what should change" in answer.content.decode()


def test_a_refusal_leaves_what_the_guest_typed(link):
    _draft, path = link()

    answer = Client().post(path, {"verdict": "yes", "remark": "Not proven", "reason": "claim"})

    page = answer.content.decode()
    assert answer.status_code == 400
    assert ">Not proven</textarea>" in page
    assert '<option value="claim" selected>' in page


def test_a_remark_on_a_text_that_changed_is_given_back(link, people):  # noqa: F811
    draft, path = link()
    edit(draft, {"text": "Another text."}, by=people("Grace"), sha256=sha_of(draft))

    answer = Client().post(path, {"verdict": "changes", "remark": "Too long by half"})

    page = answer.content.decode()
    assert "Nothing was passed on" in page
    assert "Too long by half" in page
    assert draft.reviews.count() == 0


def test_a_guest_reads_until_when_the_page_opens(link, monkeypatch):
    now = datetime(2030, 3, 1, 12, tzinfo=UTC)
    monkeypatch.setattr(clock, "now", lambda: now)
    _draft, path = link()

    assert "opens until March 8, 2030" in Client().get(path).content.decode()


def test_a_link_to_a_text_that_changed_says_so(link, people):  # noqa: F811
    draft, path = link()
    edit(draft, {"text": "Another text."}, by=people("Grace"), sha256=sha_of(draft))

    answer = Client().get(path)

    assert answer.status_code == 409
    assert "The text has changed since you were invited" in answer.content.decode()
    assert "Another text." not in answer.content.decode()


def test_a_link_that_somebody_altered_opens_nothing(link):
    _draft, path = link()

    answer = Client().get(path[:-3] + "xx/")

    assert answer.status_code == 404
    assert WARM not in answer.content.decode()


def test_an_expired_link_says_so_in_the_reader_s_language(link, monkeypatch):
    monkeypatch.setattr(guests, "LASTS", timedelta(seconds=-1))
    _draft, path = link()

    answer = Client().get(path, headers={"Accept-Language": "de"})

    assert answer.status_code == 404
    assert "Dieser Link gilt nicht mehr" in answer.content.decode()
    assert WARM not in answer.content.decode()


def test_the_address_is_told_to_nobody_and_kept_nowhere(link):
    _draft, path = link()

    answer = Client().get(path)

    assert answer["Referrer-Policy"] == "same-origin"
    assert "no-store" in answer["Cache-Control"]
