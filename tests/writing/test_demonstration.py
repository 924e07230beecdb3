"""The demonstration writer: no model, and still the whole line from brief to draft."""

import threading
from http.server import ThreadingHTTPServer

import pytest

from personalization.drafts.guides import save_guide
from personalization.drafts.models import Order
from personalization.drafts.writers import DEMONSTRATION, writer_state
from personalization.host.demo.writing import GUIDE, briefs, connect
from personalization.targeting.documents import save_traits_schema
from tests.writing.orders import calls, ended, findings
from workers.writing.demonstration.server import NAME, Handler

pytestmark = pytest.mark.django_db


@pytest.fixture
def stand_in(connected):
    """The demonstration writer, at its own door."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True).start()
    address = f"http://127.0.0.1:{server.server_address[1]}/v1"
    connected(model=DEMONSTRATION, base_url=address, image_model=DEMONSTRATION)
    yield
    server.shutdown()
    server.server_close()


@pytest.mark.parametrize("locale", ["en", "de"])
@pytest.mark.parametrize("block", ["hero_banner", "promotion_bar", "newsletter", "product_grid"])
def test_its_first_draft_of_each_block_needs_no_mending(stand_in, asked, block, locale):
    order = ended(asked(block=block, locales=[locale], items=[], facts=[], variants=1))

    assert order.state == Order.WRITTEN
    assert findings(order.drafts.get()) <= {"does_not_fit"}  # what only people can fill in
    assert calls(order)[0].is_settled


def test_it_keeps_to_lengths_and_to_the_number_of_variants(stand_in, asked):
    order = ended(asked(variants=4, limits={"headline": 30}))

    headlines = [draft.revisions.get().fields["headline"] for draft in order.drafts.all()]
    assert len(set(headlines)) == 4
    assert all(0 < len(headline) <= 30 for headline in headlines)


def test_it_greets_by_a_placeholder_where_the_site_knows_names(stand_in, asked, site):
    traits = {"first_name": {"type": "string", "label": "first name", "personal": True}}
    save_traits_schema(site, traits, by="test")

    order = ended(asked(items=[], facts=[], variants=1))

    assert (
        "{{ visitor.first_name | default(" in order.drafts.get().revisions.get().fields["headline"]
    )


def test_it_boasts_once_so_that_the_checks_are_seen(stand_in, asked, site):
    save_guide(site, GUIDE, by="test")
    order = ended(asked(items=[], facts=[], variants=3))
    assert ["forbidden" in findings(draft) for draft in order.drafts.all()] == [False, False, True]


def test_the_same_request_is_answered_alike(stand_in, asked):
    one, other = (ended(asked(name=name)) for name in ("one", "other"))
    assert [draft.revisions.get().fields for draft in one.drafts.all()] == [
        draft.revisions.get().fields for draft in other.drafts.all()
    ]


def test_it_draws_pictures(stand_in, asked, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    order = ended(asked(kind="image", variants=2))
    assert [draft.picture.width for draft in order.drafts.all()] == [768, 768]


def test_the_studio_can_tell_that_it_is_a_demonstration(stand_in, site):
    assert NAME == DEMONSTRATION
    assert writer_state(site).is_demonstration


def test_the_demo_connects_it_only_where_no_model_is_connected(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "a real one")
    assert connect() is None


def test_the_briefs_of_the_demo_make_twelve_drafts():
    drafts = sum(
        len(each.get("items", [""])) * len(each["locales"]) * each["variants"] for each in briefs()
    )
    assert drafts == 12
