"""Page views over HTTP: our host under granian, beside a bare Django view under the same server.

In:  nothing; a site of 100 rules, 10 experiments and 3 slots and a visitor with 20 events, all made
     here through the product's own verbs, on SQLite.
Out: requests a second, as ratios to the bare view. One worker each, one connection,
     interleaved rounds, medians; answers are checked before anything is measured.

    python -m benchmarks.http
"""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from http.client import HTTPConnection
from pathlib import Path

from benchmarks.table import Figure, report

ROUNDS, CALLS = 9, 300
ROOT = Path(__file__).resolve().parents[1]
BARE = """
from django.conf import settings
settings.configure(
    ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="bench", MIDDLEWARE=[], USE_I18N=False
)
from django.core.wsgi import get_wsgi_application
from django.http import JsonResponse
from django.urls import path
from django.views.decorators.csrf import csrf_exempt


@csrf_exempt
def view(request):
    return JsonResponse({"length": len(request.body), "slots": {}})


urlpatterns = [path("view", view)]
application = get_wsgi_application()
"""
PLUGIN = """
from personalization.host.settings import *

INSTALLED_APPS = [app for app in INSTALLED_APPS if "host" not in app]
ROOT_URLCONF = "personalization.urls"
WSGI_APPLICATION = None
"""
PLUGIN_ENTRY = """
import os
os.environ["DJANGO_SETTINGS_MODULE"] = "plugin_settings"
from django.core.wsgi import get_wsgi_application
application = get_wsgi_application()
"""
Measure = Callable[[], float]


def main() -> None:
    with tempfile.TemporaryDirectory(prefix="bench-http-") as folder, ExitStack() as running:
        place = Path(folder)
        os.environ |= {
            "DATA_DIR": folder,
            "DJANGO_SETTINGS_MODULE": "personalization.host.settings",
            "RATE_PER_KEY": "0",
            "RATE_PER_VISITOR": "0",
            "PYTHONPATH": f"{ROOT}{os.pathsep}{folder}",
        }
        (place / "bare.py").write_text(BARE)
        (place / "plugin_settings.py").write_text(PLUGIN)
        (place / "plugin_entry.py").write_text(PLUGIN_ENTRY)
        key = prepare()
        bare = serve(running, "bare:application")
        host = serve(running, "personalization.host.wsgi:application")
        plugin = serve(running, "plugin_entry:application")
        decisions = body(["flags.a", "flags.b", "flags.c"])
        html = body(["home.top", "home.side", "home.shelf"])
        check(host, key, decisions, html)
        show(
            {
                "bare Django view": caller(bare, "/view", key, decisions),
                "host, JSON decisions": caller(host, "/api/v1/render", key, decisions),
                "host, three HTML slots": caller(host, "/api/v1/render", key, html),
                "plugin, JSON decisions": caller(plugin, "/api/v1/render", key, decisions),
                "plugin, three HTML slots": caller(plugin, "/api/v1/render", key, html),
            }
        )


def prepare() -> str:
    """A site with all that the measure asks for; returns its secret key."""
    import django

    django.setup()
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from personalization import clock
    from personalization.catalog.feed import upsert_items
    from personalization.collect.consent import choose
    from personalization.collect.ingest import ingest
    from personalization.govern.sites import make_site
    from personalization.learn.snapshots import refresh
    from personalization.publish.releases import publish
    from rules.purposes import ALL_PURPOSES

    made = make_site(name="Bench", origins=[], by="bench")
    upsert_items(
        made.site,
        [
            {"item": f"i{n}", "title": f"Item {n}", "price": 9.5 + n, "currency": "EUR"}
            | {"url": f"/i/{n}", "image": f"/i/{n}.svg", "category": "shoes"}
            for n in range(200)
        ],
        by="bench",
    )
    choose(made.site, "v1", purposes=ALL_PURPOSES, policy="bench", source="bench")
    at = clock.now()
    ingest(
        made.site,
        [
            {"id": f"e{n}", "type": "view", "visitor": "v1", "item": f"i{n}"}
            | {"at": (at - timedelta(hours=n)).isoformat()}
            for n in range(20)
        ],
        trusted=True,
    )
    write_documents(made.site)
    refresh(made.site)
    publish(made.site, note="bench", by="bench")
    from django.db import connections

    connections.close_all()
    return made.secret


def write_documents(site: object) -> None:
    """Three JSON slots with 100 rules and 10 experiments, and three HTML slots with a carousel."""
    from personalization.blocks.files import shipped_blocks
    from personalization.targeting import documents as write

    flag = dict(shipped_blocks()["json"].example)
    hero = dict(shipped_blocks()["hero_banner"].example)
    shelf = {**shipped_blocks()["product_carousel"].example, "strategy": "popular", "limit": 12}
    for key, block, fields in (
        ("flag", "json", flag),
        ("hero", "hero_banner", hero),
        ("shelf", "product_carousel", shelf),
    ):
        document = {"key": key, "block": block, "fields": {"en": fields}}
        write.save_content(site, document, by="bench")
    for key in ("flags.a", "flags.b", "flags.c"):
        write.save_slot(site, {"key": key, "default": "flag"}, by="bench")
    for key, content in (("home.top", "hero"), ("home.side", "hero"), ("home.shelf", "shelf")):
        write.save_slot(site, {"key": key, "default": content}, by="bench")
    for number in range(100):
        write.save_rule(site, rule(number), by="bench")
    for number in range(10):
        arms = [{"key": "x", "content": "flag"}, {"key": "y", "content": "flag"}]
        document = {"key": f"t{number}", "slot": f"flags.{'abc'[number % 3]}", "arms": arms}
        write.save_experiment(site, {**document, "coverage": 0.1}, by="bench")


def rule(number: int) -> dict[str, object]:
    """Four conditions that look at the page and at the visitor, and seldom hold."""
    return {
        "key": f"r{number}",
        "slot": f"flags.{'abc'[number % 3]}",
        "content": "flag",
        "position": number,
        "condition": {
            "combinator": "and",
            "rules": [
                {"field": "country", "operator": "in", "value": ["DE", "AT", "FR"]},
                {"field": "visits", "operator": ">", "value": number},
                {"field": "monetary", "operator": "<", "value": 1000 + number},
                {"field": "path", "operator": "beginsWith", "value": f"/nowhere/{number}"},
            ],
        },
    }


def body(slots: list[str]) -> bytes:
    context = {"url": "https://shop.example/shoes?utm_source=mail", "country": "DE", "locale": "en"}
    return json.dumps({"visitor": "v1", "slots": slots, "context": context}).encode()


def serve(running: ExitStack, target: str) -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--host", "127.0.0.1"]
    options = ["--port", str(port), "--workers", "1", "--blocking-threads", "1", "--log-level"]
    process = subprocess.Popen([*command, *options, "error", target])
    running.callback(process.wait)
    running.callback(process.terminate)
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
        except OSError:
            time.sleep(0.1)
        else:
            return port
    raise SystemExit(f"{target} did not start")


def check(port: int, key: str, decisions: bytes, html: bytes) -> None:
    for sent in (decisions, html):
        answer = json.loads(ask(HTTPConnection("127.0.0.1", port), "/api/v1/render", key, sent))
        assert answer["personalized"] and len(answer["slots"]) == 3, answer
    assert answer["slots"]["home.shelf"]["html"].count("data-pz-item") >= 12, answer


def caller(port: int, path: str, key: str, sent: bytes) -> Measure:
    connection = HTTPConnection("127.0.0.1", port)

    def measure() -> float:
        """Seconds a request, over one round."""
        start = time.perf_counter()
        for _ in range(CALLS):
            ask(connection, path, key, sent)
        return (time.perf_counter() - start) / CALLS

    measure()  # warm
    return measure


def ask(connection: HTTPConnection, path: str, key: str, sent: bytes) -> bytes:
    connection.request("POST", path, sent, {"Authorization": f"Bearer {key}"})
    answer = connection.getresponse()
    content = answer.read()
    if answer.status != 200:
        raise SystemExit(f"{path}: {answer.status} {content[:300]!r}")
    return content


def show(measures: dict[str, Measure]) -> None:
    taken: dict[str, list[float]] = {name: [] for name in measures}
    for _ in range(ROUNDS):
        for name, measure in measures.items():
            taken[name].append(measure())
    floor = statistics.median(taken["bare Django view"])
    print(f"a bare Django view, one worker, one connection: {1 / floor:.0f} requests a second")
    least = {"host, JSON decisions": 0.5, "host, three HTML slots": 0.25}
    report(
        Figure("http", name, floor / statistics.median(seconds), least=least.get(name))
        for name, seconds in taken.items()
    )


if __name__ == "__main__":
    main()
