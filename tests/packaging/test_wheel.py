"""The wheel, installed into a stock Django project in an empty environment, fills a slot."""

import os
import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = """
from django.http import HttpResponse
from django.template import Context, Template
from django.urls import include, path


def home(request):
    page = Template('{% load personalization %}<main>{% slot "home.hero" %}</main>')
    return HttpResponse(page.render(Context({"request": request})))


urlpatterns = [path("", home), path("", include("personalization.urls"))]
"""
SETTINGS = """
INSTALLED_APPS += ["personalization"]
ALLOWED_HOSTS = ["testserver"]
REST_FRAMEWORK = {  # of an API of its own, which is none of ours
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.BrowsableAPIRenderer"],
    "DEFAULT_VERSIONING_CLASS": "rest_framework.versioning.AcceptHeaderVersioning",
}
"""
STORY = """
import json
from django.test import Client
from personalization.govern.sites import make_site
from personalization.publish.releases import publish
from personalization.targeting import documents

made = make_site(name="Shop", origins=["https://shop.example"], by="test")
hero = json.loads(open(BLOCKS / "hero_banner" / "example.json").read())
hero["headline"] = "From the wheel"
documents.save_content(
    made.site, {"key": "hello", "block": "hero_banner", "fields": {"en": hero}}, by="test"
)
documents.save_slot(made.site, {"key": "home.hero", "default": "hello"}, by="test")
publish(made.site, note="first", by="test")
page = Client().get("/").content.decode()
assert "From the wheel" in page, page
answer = Client().post(
    "/api/v1/render",
    json.dumps({"slots": ["home.hero"]}),
    content_type="application/json",
    headers={"Authorization": f"Bearer {made.secret}"},
)
assert "From the wheel" in answer.json()["slots"]["home.hero"]["html"], answer.content
kept = Client().get("/api/v1/slots", headers={"Authorization": f"Bearer {made.secret}"})
assert kept.json()["results"][0]["key"] == "home.hero", kept.content
assert Client().get("/embed.js").status_code == 200
described = Client().get("/api/v1/schema", headers={"Accept": "application/json"})
assert "/api/v1/slots" in json.loads(described.content)["paths"], described.content

from personalization.drafts.checks.language import lix  # its libraries come with the wheel

assert lix("Warm boots for wet days. " * 8) < 40
print("filled")
"""
STUDIO = """
from personalization.studio.frame import UNFOLD

INSTALLED_APPS = ["unfold", "unfold.contrib.filters", "unfold.contrib.forms", *INSTALLED_APPS]
"""
STUDIO_URLS = """
from django.contrib import admin

urlpatterns += [path("accounts/", include("personalization.studio.urls"))]
urlpatterns += [path("admin/", admin.site.urls)]
"""
OPEN_STUDIO = """
import django; django.setup()
from django.contrib.auth import get_user_model
from django.test import Client

client = Client()
client.force_login(get_user_model().objects.create_superuser("editor", password="x"))
for page in ("", "personalization/slot/", "personalization/site/publish/"):
    answer = client.get(f"/admin/{page}")
    assert answer.status_code == 200, (page, answer.content)
print("opened")
"""
COMMANDS = ROOT / "personalization" / "management" / "commands"


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    folder = tmp_path_factory.mktemp("wheel")
    run(sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "-w", folder, ROOT)
    return next(folder.glob("*.whl"))


def run(*command, cwd=None, **env):
    done = subprocess.run(
        [str(part) for part in command],
        cwd=cwd,
        env={**os.environ, **env},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


def test_the_wheel_carries_blocks_and_static_files(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())

    for wanted in (
        "personalization/templates/blocks/hero_banner/template.html",
        "personalization/templates/blocks/hero_banner/schema.json",
        "personalization/templates/studio/home.html",
        "personalization/static/personalization/studio.js",
        "personalization/static/personalization/blocks.css",
        "personalization/static/personalization/builder.js",
        "personalization/static/personalization/builder.css",
        "personalization/drafts/prompt_files/copy.txt",
        "personalization/drafts/checks/stopwords.json",
        "rules/engine.py",
        "workers/celery.py",
    ):
        assert wanted in names
    assert not [name for name in names if name.startswith(("tests/", "benchmarks/", "docs/"))]
    assert not [name for name in names if "/front/" in name]  # sources for those who change it


def test_a_stock_django_project_fills_a_slot_with_two_lines(wheel, tmp_path):
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / "bin" / "python"
    run(python, "-m", "pip", "install", "--quiet", wheel)
    run(python, "-m", "django", "startproject", "shop", tmp_path)
    add(tmp_path / "shop" / "settings.py", SETTINGS)
    (tmp_path / "shop" / "urls.py").write_text(PAGE)
    environment = {"DJANGO_SETTINGS_MODULE": "shop.settings", "DATA_DIR": str(tmp_path / "data")}

    checked = run(python, "manage.py", "check", cwd=tmp_path, **environment)
    assert "personalization.I001" in checked  # there is no studio, and it says so
    run(python, "manage.py", "migrate", cwd=tmp_path, **environment)
    (tmp_path / "story.py").write_text(
        "import django; django.setup()\n"
        "from personalization.paths import templates_dir\n"
        'BLOCKS = templates_dir() / "blocks"\n' + STORY
    )

    assert "filled" in run(python, "story.py", cwd=tmp_path, **environment)
    for command in COMMANDS.glob("[a-z]*.py"):  # each in a process that has loaded nothing else
        run(python, "manage.py", command.stem, "--help", cwd=tmp_path, **environment)

    add(tmp_path / "shop" / "settings.py", STUDIO)
    add(tmp_path / "shop" / "urls.py", STUDIO_URLS)
    checked = run(python, "manage.py", "check", cwd=tmp_path, **environment)
    assert "no issues" in checked
    assert "opened" in run(python, "-c", OPEN_STUDIO, cwd=tmp_path, **environment)


def add(file, lines):
    with file.open("a") as opened:
        opened.write(lines)
