"""Which model writes: from the settings, strictly read, with a remedy where there is none."""

import pytest
from django.core.exceptions import ImproperlyConfigured

from personalization.drafts.brand_models import WritingPolicy
from personalization.drafts.writers import writer_of, writer_state, writers

pytestmark = pytest.mark.django_db
NAMES = ("OPENAI_API_KEY", "OPENAI_BASE_URL", "LLM_MODEL", "LLM_PRICE_IN", "LLM_PRICE_OUT")


@pytest.fixture
def settled(settings, monkeypatch):
    for name in NAMES:
        monkeypatch.delenv(name, raising=False)

    def settle(**values):
        settings.PERSONALIZATION = {**settings.PERSONALIZATION, **values}

    settle()
    return settle


def test_without_a_key_nobody_writes_and_the_studio_says_what_to_do(settled, site):
    state = writer_state(site)

    assert writer_of(site) is None
    assert not state.is_ready
    assert "OPENAI_API_KEY" in state.remedy


@pytest.mark.parametrize(
    "values", [{"OPENAI_API_KEY": "sk-1"}, {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}]
)
def test_a_key_or_a_server_of_ones_own_is_enough(settled, site, values):
    settled(**values)
    state = writer_state(site)
    assert state.is_ready and state.remedy == ""
    assert state.model == "gpt-4.1-mini"


def test_a_site_chooses_among_several_and_takes_the_first_until_it_does(settled, site):
    settled(
        WRITERS={
            "quick": {"model": "small-1", "api_key": "a"},
            "good": {"model": "large-1", "api_key": "b", "price_in": 2, "price_out": 8},
        }
    )
    assert writer_of(site).model == "small-1"

    WritingPolicy.objects.create(site=site, writer="good")

    assert (writer_of(site).model, writer_of(site).price_out) == ("large-1", 8)
    assert list(writers()) == ["quick", "good"]


def test_a_key_may_stand_in_the_environment_and_is_never_shown(settled, site, monkeypatch):
    monkeypatch.setenv("OTHER_KEY", "sk-very-secret")
    settled(WRITERS={"one": {"model": "m", "key_env": "OTHER_KEY"}})

    assert writer_of(site).key == "sk-very-secret"
    assert "sk-very-secret" not in repr(writer_of(site))


@pytest.mark.parametrize("document", [{"modle": "m"}, {"model": "m", "prices": 3}, {}])
def test_a_misspelt_setting_is_told_at_once(settled, document):
    settled(WRITERS={"one": document})
    with pytest.raises(ImproperlyConfigured, match="model"):
        writers()


def test_a_price_that_is_no_number_is_told_at_once(settled):
    settled(OPENAI_API_KEY="a", LLM_PRICE_IN="cheap")
    with pytest.raises(ImproperlyConfigured, match="LLM_PRICE_IN"):
        writers()
