"""An exposure remembers which generated text was shown, and can say where it came from."""

import json
from io import StringIO

import pytest
from django.core.management import call_command
from django.test import Client

from personalization import clock
from personalization.collect import exposures
from personalization.collect.ingest import ingest
from personalization.collect.models import Exposure
from personalization.drafts.policies import save_policy
from personalization.drafts.reviewing import approve
from personalization.drafts.using import use_as_rule
from personalization.govern.tokens import sign_exposure
from personalization.publish import live, releases
from personalization.publish.explaining import explain
from personalization.report.why import why
from personalization.targeting.models import Content
from tests.drafts.conftest import WARM, sha_of, soft_of
from tests.drafts.pictures import TENT, drawn_draft, save_gallery_block, show


@pytest.fixture
def published(site, written, hero, ruben, mara):
    draft = written()
    approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))
    use_as_rule(draft, slot=hero, by=mara)

    def publish():
        releases.publish(site, by="Mara")
        live.expire(site.pk)
        return draft

    return publish


def render(keys, visitor):
    answer = Client().post(
        "/api/v1/render",
        json.dumps({"visitor": visitor, "slots": ["home.hero"], "context": {"locale": "en"}}),
        content_type="application/json",
        headers={"authorization": f"Bearer {keys.secret}"},
    )
    assert answer.status_code == 200, answer.content
    return answer.json()["slots"]["home.hero"]


def seen(site, visitor, slot):
    event = {
        "id": "e1",
        "type": "exposure",
        "visitor": visitor,
        "at": clock.now().isoformat(),
        "exposure": slot["exposure"],
    }
    ingest(live.current(site.pk), [event], trusted=True)
    return Exposure.objects.get()


def test_it_names_the_draft_and_explaining_says_who_and_what(site, keys, published, visitor):
    draft = published()
    exposure = seen(site, visitor("ada"), render(keys, "ada"))

    assert exposure.draft == draft.pk
    said = explain(site, exposure.token)["written"]
    assert (said["model"], said["prompt"]) == ("writer-1", "shipped:1a2b3c4d")
    assert (said["asked_by"], said["approved_by"]) == ("Mara", ["Ruben"])
    out = StringIO()
    call_command("explain", exposure.token, stdout=out)
    assert "written by writer-1" in out.getvalue()


def test_what_people_wrote_says_nothing_of_a_model(site, keys, hero, visitor):
    releases.publish(site, by="Mara")
    live.expire(site.pk)
    exposure = seen(site, visitor("ada"), render(keys, "ada"))

    assert exposure.draft is None
    assert explain(site, exposure.token)["written"] is None


def test_visitors_learn_that_a_model_wrote_it_and_no_colleagues_name(
    site, keys, published, visitor
):
    published()
    seen(site, visitor("ada"), render(keys, "ada"))

    said = why(site, "ada")
    assert said["shown"][0]["generated"] is True
    assert "Ruben" not in json.dumps(said)


def test_the_answer_keeps_the_contracts_shape_and_tells_in_the_html(site, keys, published, visitor):
    save_policy(site, {"must_disclose": True}, by="Ada")
    published()
    slot = render(keys, visitor("ada"))

    assert set(slot) == {
        *("html", "data", "content", "reason", "experiment", "items", "exposure", "cache"),
    }
    assert slot["html"].startswith(f"<p>{WARM}</p>")
    assert "Written with AI" in slot["html"]
    assert "Ruben" not in json.dumps(slot)


def test_a_token_from_before_models_wrote_is_still_read(site):
    claims = exposures.Claims(token="t", visitor="v", at=1, release=1, slot="home.hero")
    values = [getattr(claims, name) for name in exposures.FIELDS]
    older = sign_exposure({"site": site.pk, "shown": values[:-1]})

    assert exposures.read(site.pk, older) == claims


def test_a_put_that_changes_the_text_leaves_it_unapproved(site, keys, published):
    published()
    content = Content.objects.exclude(generated={}).get()
    document = {"block": "note", "fields": {"en": {"text": "Changed by a script, nobody looked."}}}
    answer = Client().put(
        f"/api/v1/content/{content.key}",
        json.dumps(document),
        content_type="application/json",
        headers={"authorization": f"Bearer {keys.secret}"},
    )

    assert answer.status_code == 200
    assert answer.json()["generated"] == content.generated
    refused = Client().post(
        "/api/v1/releases",
        json.dumps({"note": "x"}),
        content_type="application/json",
        headers={"authorization": f"Bearer {keys.secret}"},
    )
    assert refused.status_code == 400
    assert refused.json()["errors"][0]["code"] == "not_approved"


def test_of_a_picture_too_it_says_who_and_what(
    site, keys, brief, hero, ruben, visitor, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    save_gallery_block(site)
    draft = drawn_draft(brief(kind="image", block="gallery"))
    approve(draft, by=ruben, sha256=sha_of(draft), acknowledged=soft_of(draft))
    show(site, {"en": {"image": draft.picture.file.url, "image_alt": TENT}})
    releases.publish(site, by="Mara")
    live.expire(site.pk)
    exposure = seen(site, visitor("ada"), render(keys, "ada"))

    assert exposure.draft == draft.pk
    said = explain(site, exposure.token)
    assert said["written"] is None
    (drawn,) = said["drawn"]
    assert (drawn["model"], drawn["approved_by"]) == ("painter-1", ["Ruben"])
    out = StringIO()
    call_command("explain", exposure.token, stdout=out)
    assert "picture drawn by painter-1" in out.getvalue()
    assert why(site, "ada")["shown"][0]["generated"] is True
