"""A site whose live release has a journey, visitors who do things, and a server that is told."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count

import pytest

from personalization import clock
from personalization.clock import to_us
from personalization.collect.ingest import ingest
from personalization.govern.pseudonyms import visitor_key
from personalization.journeys import moving
from personalization.profiles.models import Profile, Stay
from personalization.profiles.reading import read_visitor
from personalization.publish import live, releases
from personalization.targeting import documents
from personalization.targeting.webhooks import make_webhook
from tests.collect.conftest import tried  # noqa: F401 - fixtures
from tests.targeting.conftest import hero, note  # noqa: F401


def tree(field, operator, value):
    return {"combinator": "and", "rules": [{"field": field, "operator": operator, "value": value}]}


def did(kind):
    return {"event": tree("type", "=", kind)}


WAITING = {
    "key": "waiting",
    "name": "Waiting",
    "enter": did("add_to_cart"),
    "leave": did("purchase"),
    "after": "2d",
    "to": "reminder",
}
REMINDER = {"key": "reminder", "name": "Reminder", "leave": did("purchase"), "after": "7d"}
CART = {"key": "cart", "name": "Cart", "again": "1h", "stages": [WAITING, REMINDER]}


class Shop:
    """What a site and its visitors do, in words."""

    def __init__(self, site):
        self.site = site
        self._numbers = count()

    def publish(self, *journeys):
        for document in journeys:
            documents.save_journey(self.site, document, by="test")
        releases.publish(self.site, by="test")
        self.look()

    def does(self, visitor, kind, **more):
        """It happens now."""
        row = {"id": f"e{next(self._numbers)}", "type": kind, "visitor": visitor, **more}
        live.expire(self.site.pk)
        current = live.current(self.site.pk)
        return ingest(current, [{"at": clock.now().isoformat(), **row}], trusted=True)

    def move(self):
        return moving.move(self.site)

    def look(self):
        return moving.look(self.site)

    def stages(self, visitor):
        """As the rows say it; the text that page views read says the same."""
        rows = Stay.objects.filter(profile=self.profile(visitor)).exclude(stage="")
        stages = sorted(rows.values_list("named", flat=True))
        told = read_visitor(self.site, visitor, now=clock.now()).facts.get("stage", ())
        assert list(told) == stages
        return stages

    def profile(self, visitor):
        return Profile.objects.filter(key=visitor_key(self.site.pk, visitor)).first()

    def pass_time(self, visitor, **gap):
        """As if everything about them lay further back."""
        profile, ago = (
            self.profile(visitor),
            to_us(clock.now()) - to_us(clock.now() - timedelta(**gap)),
        )
        for stay in profile.stays.all():
            Stay.objects.filter(pk=stay.pk).update(since=stay.since - ago)


@pytest.fixture
def shop(site):
    return Shop(site)


@pytest.fixture
def cart(shop):
    shop.publish(CART)
    return shop


class Listener:
    """A server of the site's own: what it was sent, and what it answers."""

    def __init__(self):
        self.received = []
        self.answers = []  # statuses, first to last; then 204
        listener = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                listener.received.append((dict(self.headers), body))
                status = listener.answers.pop(0) if listener.answers else 204
                self.send_response(status)
                if 300 <= status < 400:
                    self.send_header("Location", listener.url)
                self.end_headers()

            def log_message(self, *said):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_address[1]}/hook"

    @property
    def bodies(self):
        return [json.loads(body) for _headers, body in self.received]

    def close(self):
        self.server.shutdown()
        self.server.server_close()


@pytest.fixture
def listener(settings):
    settings.PERSONALIZATION = {**settings.PERSONALIZATION, "WEBHOOK_HOSTS_INSIDE": "127.0.0.1"}
    opened = Listener()
    yield opened
    opened.close()


@pytest.fixture
def webhook(site, listener):
    """The row and its secret."""
    return make_webhook(site, {"key": "crm", "url": listener.url}, by="test")


@pytest.fixture
def told(shop, webhook):
    """The cart's journey, whose first stage tells the webhook."""
    stages = [{**WAITING, "webhook": "crm"}, REMINDER]
    shop.publish({**CART, "stages": stages})
    return shop
