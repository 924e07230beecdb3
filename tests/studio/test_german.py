"""The studio in German: every word has a translation, and pages are shown in it."""

import os
import re
import shutil
import subprocess
import sys
from gettext import GNUTranslations
from pathlib import Path

import pytest
import unfold
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext
from hypothesis import given, settings

from personalization.studio.frame_words import FRAME_WORDS
from rules import BUILT_IN, analyse, describe, explain, parse
from tests.rules.evaluators import parsed
from tests.rules.strategies import NOW, releases, visitors

ROOT = Path(__file__).resolve().parents[2]
FOLDER = Path("personalization/locale/de/LC_MESSAGES")
SOURCES = ("personalization", "rules", "templates", "workers", ".ci")
NOT_WORDS = shutil.ignore_patterns("node_modules", "static", "__pycache__")
FRAME = Path(unfold.__file__).parent
PLACEHOLDERS = re.compile(r"%%|%\(\w+\)[sdgr]|%[sdgr]|\{\w*\}|</?\w+>")


@pytest.fixture(autouse=True)
def _english_afterwards():
    """A request leaves its language to the thread; the next test is not about German."""
    yield
    translation.deactivate()


@pytest.fixture
def gathered(tmp_path):
    """The catalogue as `make words` would leave it, of a copy of the sources."""
    if shutil.which("msgfmt") is None:
        if os.environ.get("REQUIRE_SERVICES") == "1":
            pytest.fail("GNU gettext is not here")
        pytest.skip("GNU gettext is not here")
    for name in SOURCES:
        shutil.copytree(ROOT / name, tmp_path / name, ignore=NOT_WORDS)
    shutil.copy(ROOT / "manage.py", tmp_path)
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "data")}
    command = [sys.executable, ".ci/words.py"]
    subprocess.run(command, cwd=tmp_path, env=environment, check=True, capture_output=True)
    return tmp_path / FOLDER


def untranslated(folder):
    """What `msgattrib` finds without a translation, or with one that was only guessed."""
    command = ["msgattrib", "--no-wrap", str(folder / "django.po")]
    asked = ("--untranslated", "--only-fuzzy")
    said = "".join(subprocess.check_output([*command, how], text=True) for how in asked)
    return [line for line in said.splitlines() if re.match('msgid "."', line)]


def test_every_word_is_gathered_translated_and_compiled(gathered):
    assert untranslated(gathered) == []
    for name in ("django.po", "django.mo"):
        fresh, kept = ((each / name).read_bytes() for each in (gathered, ROOT / FOLDER))
        assert fresh == kept, "run “make words”, translate what is new, and commit it"


def test_what_is_filled_in_is_filled_in_in_german_too():
    with (ROOT / FOLDER / "django.mo").open("rb") as file:
        catalogue = GNUTranslations(file)._catalog

    said = {(key[0] if isinstance(key, tuple) else key): text for key, text in catalogue.items()}
    differing = {
        msgid: text
        for msgid, text in said.items()
        if msgid and sorted(PLACEHOLDERS.findall(msgid)) != sorted(PLACEHOLDERS.findall(text))
    }
    assert differing == {}


@pytest.mark.parametrize(
    ("page", "words"),
    [
        ("index", ["Alles ausschalten", "Zielgruppe und Botschaft", "Die letzten 14 Tage"]),
        ("personalization_publish", ["Was sich ändern würde", "Veröffentlichen"]),
        ("personalization_preview", ["Durch wessen Augen?"]),
        ("personalization_why", ["Warum hat eine Seite das gezeigt?"]),
        ("personalization_segment_add", ["Wer dazugehört", "Baukasten", "Zahl der Besuche"]),
        ("personalization_journey_add", ["Etappe hinzufügen"]),
    ],
)
def test_pages_are_shown_in_german_to_those_who_read_german(site, colleague, page, words):
    client = colleague("admin")

    html = client.get(reverse(f"admin:{page}"), headers={"Accept-Language": "de"}).content.decode()

    assert [word for word in words if word not in html] == []
    assert '<html lang="de"' in html


def test_somebody_switches_the_studio_to_german_and_it_stays(site, colleague):
    client = colleague("marketer")

    client.post(reverse("set_language"), {"language": "de", "next": "/admin/"})

    assert "Alles ausschalten" in client.get("/admin/").content.decode()


def test_the_words_of_the_frame_stand_in_the_frame_and_are_translated():
    pages = [*FRAME.rglob("*.html"), *FRAME.rglob("*.py")]
    standing = "".join(page.read_text("utf-8") for page in pages)

    assert [word for word in FRAME_WORDS if word not in standing] == []
    with translation.override("de"):
        assert [word for word in FRAME_WORDS if gettext(word) == word] == []


@pytest.mark.parametrize(
    ("rules", "said"),
    [
        (
            [{"field": "visits", "operator": ">=", "value": 3}],
            "Zahl der Besuche ist mindestens 3",
        ),
        (
            [{"field": "last_seen", "operator": "withinLast", "value": "7d"}],
            "zuletzt gesehen liegt in den letzten 7 Tagen",
        ),
        (
            [
                {"field": "device", "operator": "in", "value": ["mobile", "tablet"]},
                {"field": "segment", "operator": "notIn", "value": ["big_spenders"]},
            ],
            "Gerät ist eines von „mobile“ oder „tablet“ und ist nicht im Segment „big spenders“",
        ),
        (
            [
                {
                    "field": "events",
                    "operator": "=",
                    "match": {"mode": "atLeast", "threshold": 3},
                    "value": {
                        "combinator": "and",
                        "rules": [
                            {"field": "type", "operator": "=", "value": "view"},
                            {"field": "category", "operator": "=", "value": "shoes"},
                            {"field": "at", "operator": "withinLast", "value": "7d"},
                        ],
                    },
                }
            ],
            "hat mindestens 3 Ereignisse „view“ in den letzten 7 Tagen,"
            " wobei gilt: Kategorie ist „shoes“",
        ),
    ],
)
def test_conditions_are_read_out_in_german(rules, said):
    condition = parse({"combinator": "and", "rules": rules}, BUILT_IN)

    with translation.override("de"):
        assert describe(condition, say=gettext) == said


@settings(max_examples=200, deadline=None)
@given(releases(), visitors)
def test_every_condition_can_be_told_and_explained_in_german(trees, facts):
    conditions = parsed(trees)
    with translation.override("de"):
        for condition in conditions.values():
            said = describe(condition, say=gettext)
            assert said.strip()
            assert explain(condition, facts, NOW, conditions, say=gettext).text == said
            reasons = analyse(condition, conditions, say=gettext).reasons
            assert not [each for each in reasons if "true" in each.detail.split(":")[0]]
