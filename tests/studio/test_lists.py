"""What the studio's lists and forms call their rows, counted, in English and in German."""

import re
from html import unescape

import pytest
from django.apps import apps
from django.contrib import admin
from django.urls import reverse
from django.utils import translation
from django.utils.text import capfirst

from personalization.govern import audit
from personalization.studio import empty_lists
from personalization.studio.scoped import SiteScopedAdmin

# Under each list stands how many there are: "1 audit entry", "87 audit entries".
COUNTED = {
    "apikey": ("API key", "API keys", "API-Schlüssel", "API-Schlüssel"),
    "auditentry": ("audit entry", "audit entries", "Protokolleintrag", "Protokolleinträge"),
    "brief": ("brief", "briefs", "Briefing", "Briefings"),
    "campaign": ("campaign", "campaigns", "Kampagne", "Kampagnen"),
    "consentrecord": (
        *("consent record", "consent records"),
        *("Einwilligungseintrag", "Einwilligungseinträge"),
    ),
    "content": ("content", "contents", "Inhalt", "Inhalte"),
    "customblock": (
        *("own block", "own blocks"),
        *("Block aus eigener Feder", "Blöcke aus eigener Feder"),
    ),
    "delivery": (
        *("message to a webhook", "messages to webhooks"),
        *("Nachricht an einen Webhook", "Nachrichten an Webhooks"),
    ),
    "draft": ("draft", "drafts", "Entwurf", "Entwürfe"),
    "erasurereceipt": ("erasure", "erasures", "Löschung", "Löschungen"),
    "event": ("event", "events", "Ereignis", "Ereignisse"),
    "experiment": ("experiment", "experiments", "Experiment", "Experimente"),
    "exposure": ("exposure", "exposures", "Einblendung", "Einblendungen"),
    "item": ("item", "items", "Artikel", "Artikel"),
    "job": ("job", "jobs", "Auftrag", "Aufträge"),
    "journey": ("journey", "journeys", "Reise", "Reisen"),
    "learnedsnapshot": (
        *("suggestion snapshot", "suggestion snapshots"),
        *("Stand der Vorschläge", "Stände der Vorschläge"),
    ),
    "lesson": ("lesson", "lessons", "Lehre", "Lehren"),
    "media": ("picture", "pictures", "Bild", "Bilder"),
    "membership": ("member", "members", "Mitglied", "Mitglieder"),
    "modelversion": ("model", "models", "Modell", "Modelle"),
    "profile": ("visitor", "visitors", "Besucher", "Besucher"),
    "publishedrelease": ("release", "releases", "Release", "Releases"),
    "rule": ("rule", "rules", "Regel", "Regeln"),
    "segment": ("segment", "segments", "Segment", "Segmente"),
    "site": ("site", "sites", "Site", "Sites"),
    "slot": ("slot", "slots", "Slot", "Slots"),
    "undeclaredslot": (
        *("undeclared slot", "undeclared slots"),
        *("nicht angelegter Slot", "nicht angelegte Slots"),
    ),
    "webhook": ("webhook", "webhooks", "Webhook", "Webhooks"),
}
LISTS = {
    model._meta.model_name: model
    for model, page in admin.site._registry.items()
    if isinstance(page, SiteScopedAdmin)
}
# "hinzufügen" takes the accusative: an adjective before a masculine noun would have to bend.
NOMINATIVE = re.compile(r"\w+er [A-ZÄÖÜ]")


@pytest.fixture(autouse=True)
def _english_afterwards():
    yield
    translation.deactivate()


@pytest.fixture
def root(client, django_user_model, site):
    client.force_login(django_user_model.objects.create_superuser("root", "root@example.com", "x"))
    return client


def shown(client, name, language, more=""):
    """The list of these rows, or what of it stands under `more`."""
    address = reverse(f"admin:personalization_{name}_changelist") + more
    return unescape(client.get(address, headers={"Accept-Language": language}).content.decode())


def title_of(html):
    """Without the name of the studio behind it."""
    return " ".join(re.search(r"<title>([^<]*)\|[^<]*<", html).group(1).split())


def footer_of(html):
    return " ".join(re.search(r'<div class="py-4">(.*?)</div>', html, re.S).group(1).split())


def test_each_list_says_of_what_it_counts_one_and_several():
    said = {}
    for name, model in LISTS.items():
        said[name] = []
        for language in ("en", "de"):
            with translation.override(language):
                meta = model._meta
                said[name] += [str(meta.verbose_name), str(meta.verbose_name_plural)]

    assert {name: tuple(words) for name, words in said.items()} == COUNTED


def test_what_goes_with_a_deletion_is_counted_too():
    ours = [model._meta for model in apps.get_app_config("personalization").get_models()]

    assert [str(meta) for meta in ours if meta.verbose_name == meta.verbose_name_plural] == []


@pytest.mark.parametrize("language", ["en", "de"])
@pytest.mark.parametrize("name", sorted(COUNTED))
def test_a_list_is_called_by_what_it_lists(root, name, language):
    one, several = COUNTED[name][:2] if language == "en" else COUNTED[name][2:]

    html = shown(root, name, language)

    found = LISTS[name].objects.count()
    assert title_of(html) == capfirst(several)
    assert footer_of(html) == f"{found} {one if found == 1 else several}"


def test_the_footer_counts_one_and_several(root, site):
    searched = "?q=lists.walked"
    audit.record(site=site, actor="somebody", action="lists.walked")
    assert footer_of(shown(root, "auditentry", "en", searched)) == "1 audit entry"

    audit.record(site=site, actor="somebody", action="lists.walked")
    assert footer_of(shown(root, "auditentry", "en", searched)) == "2 audit entries"
    assert footer_of(shown(root, "auditentry", "de", searched)) == "2 Protokolleinträge"


def test_what_can_be_added_is_named_so_that_german_needs_no_bending():
    addable = [
        name for name, model in LISTS.items() if admin.site._registry[model].abilities["add"]
    ]

    assert [COUNTED[name][2] for name in addable if NOMINATIVE.match(COUNTED[name][2])] == []


def test_a_row_is_called_by_its_name_and_what_it_is(root, site):
    html = shown(root, "site", "de", f"{site.pk}/change/")

    assert title_of(html) == f"{site.name} | Site"


def test_an_empty_list_says_what_one_may_do_about_it(root):
    addable, only_seen, filtered = (
        shown(root, "customblock", "de"),
        shown(root, "exposure", "de"),
        shown(root, "exposure", "de", "?q=nowhere"),
    )

    assert "Noch ist hier nichts" in addable
    assert "schreiben Sie weitere, in HTML" in addable
    assert "Block aus eigener Feder hinzufügen</a>" in addable
    assert "Noch ist hier nichts" in only_seen
    assert "hinzufügen" not in only_seen
    assert "Nichts passt dazu" in filtered
    assert "Filter zurücksetzen" in filtered


def test_each_list_says_what_belongs_there_while_it_is_empty():
    # of these there is always a row, or a sentence of their own stands above the list
    assert LISTS.keys() - empty_lists.WORDS.keys() == {"auditentry", "lesson", "site"}


def test_results_are_counted_beside_the_title_only_where_somebody_sought(root):
    said = [" results (" in shown(root, "membership", "en", more) for more in ("", "?q=nobody")]

    assert said == [False, True]


FORMS = ("segment", "customblock", "membership", "site")


@pytest.mark.parametrize("name", FORMS)
def test_labels_of_a_form_begin_with_a_capital_letter(root, site, name):
    page = admin.site._registry[LISTS[name]]
    row = site if name == "site" else None
    of_form = page.get_form(root.get("/admin/").wsgi_request, row, change=row is not None)
    labels = [str(field.label) for field in of_form.base_fields.values() if field.label]

    assert labels
    assert [label for label in labels if label != capfirst(label)] == []
